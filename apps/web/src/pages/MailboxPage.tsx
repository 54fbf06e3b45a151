import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { When } from '../components/Amounts.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { mailboxQuery } from '../queries/user.ts';

/** The mails of a node without a mail server. */
export function MailboxPage(): JSX.Element {
  const mails = useQuery(mailboxQuery());
  return (
    <>
      <PageTitle title="Mailbox">Demo only: this node has no mail server, so what it would send is kept here. Everybody who opens this page can read it.</PageTitle>
      {mails.isPending && <Skeleton className="h-40 rounded-lg" />}
      {mails.isError && <Failure error={mails.error} retry={() => void mails.refetch()} />}
      {mails.data?.length === 0 && <Empty title="No mail yet">A mail comes here when somebody makes an account or asks for a new password.</Empty>}
      <div className="grid gap-4">
        {mails.data?.map(({ mailId, to, subject, text, sentAt }) => (
          <Section key={mailId} title={subject} aside={<span className="hint">to {to}, <When at={sentAt} /></span>}>
            <p className="max-w-[72ch] break-words whitespace-pre-line">{text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 === 1 ? <a key={part} className="link" href={part}>{part}</a> : part))}</p>
          </Section>
        ))}
      </div>
    </>
  );
}
