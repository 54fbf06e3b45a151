import type { Hidden, QueueItem, Report } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, Navigate } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { When } from '../components/Amounts.tsx';
import { assetPath } from '../components/AssetCard.tsx';
import { Disputes } from '../components/admin/Disputes.tsx';
import { Featured } from '../components/admin/Featured.tsx';
import { SupportDesk } from '../components/admin/SupportDesk.tsx';
import { Users } from '../components/admin/Users.tsx';
import { Button } from '../components/Button.tsx';
import { Empty, Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { CurationBadge } from '../components/State.tsx';
import { ReasonDialog } from '../components/trust/ReasonDialog.tsx';
import { t } from '../language/t.ts';
import { auditQuery, deadJobsQuery, hiddenQuery, queueQuery, useDecideMutation, useDismissMutation, useHideMutation, useRetryJobMutation, useShowMutation } from '../queries/trust.ts';
import { userQuery } from '../queries/user.ts';

/** What curators, support and admins of this node do. Each sees what their role allows, and nobody sees plaintext. */
export function AdminPage(): JSX.Element {
  const signedIn = useSignedIn();
  const user = useQuery(userQuery(signedIn));
  if (!signedIn) return <Navigate to="/sign-in" replace />;
  if (user.isError) return <Failure error={user.error} retry={() => void user.refetch()} />;
  if (!user.data) return <PageSkeleton />;
  const [curator, support, admin] = (['curator', 'support', 'admin'] as const).map((role) => user.data.roles.includes(role));
  return (
    <>
      <PageTitle title="Administration">Whatever is done here stands in the audit log, with its reason. What is sealed stays sealed: no role opens it.</PageTitle>
      {!curator && !support && !admin && <Empty title="You have no role here">An admin of this node gives roles.</Empty>}
      <div className="grid gap-6">
        {curator && <Queue />}
        {(curator || admin) && <Featured />}
        {curator && <HiddenList admin={admin === true} />}
        {support && <Disputes />}
        {support && <SupportDesk />}
        {admin && <Users self={user.data.userId} />}
        {admin && <DeadJobs />}
        {admin && <Audit />}
      </div>
    </>
  );
}

type Doing = { what: 'hide' | 'show' | 'dismiss' | 'grant' | 'refuse'; subject: string; reportId?: string };
const words = {
  hide: { title: t`Hide it on this node`, description: t`It leaves lists and search. The owner is told, and may appeal.`, button: t`Hide` },
  show: { title: t`Show it again`, description: t`It comes back into lists and search.`, button: t`Show` },
  dismiss: { title: t`Dismiss the report`, description: t`Nothing is done about it. Whoever reported reads your reason.`, button: t`Dismiss` },
  grant: { title: t`Grant the appeal`, description: t`It is shown again.`, button: t`Grant` },
  refuse: { title: t`Refuse the appeal`, description: t`It stays hidden on this node.`, button: t`Refuse` },
} as const;

/** The dialog of a deed; every deed has a reason. */
function Deed({ doing, onClose }: { doing: Doing; onClose: () => void }): JSX.Element {
  const [hide, show, dismiss, decide] = [useMutation(useHideMutation()), useMutation(useShowMutation()), useMutation(useDismissMutation()), useMutation(useDecideMutation())];
  const { what, subject, reportId = '' } = doing;
  const mutation = { hide, show, dismiss, grant: decide, refuse: decide }[what];
  const act = (reason: string): void => {
    const then = { onSuccess: onClose };
    if (what === 'hide') hide.mutate({ subject, reason }, then);
    else if (what === 'show') show.mutate({ subject, reason }, then);
    else if (what === 'dismiss') dismiss.mutate({ reportId, reason }, then);
    else decide.mutate({ subject, granted: what === 'grant', reason }, then);
  };
  return <ReasonDialog {...words[what]} danger={what === 'hide' || what === 'refuse'} busy={mutation.isPending} error={mutation.error} onDone={act} onClose={onClose} />;
}

function Queue(): JSX.Element {
  const { data, error, refetch } = useQuery(queueQuery(true));
  const [doing, setDoing] = useState<Doing>();
  return (
    <Section title="Curation queue" aside={data && <span className="text-sm text-muted">{data.length === 100 ? 'the first 100' : `${data.length} waiting`}</span>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-40 rounded-lg" />}
      {data?.length === 0 && <p className="text-muted">Nothing waits.</p>}
      <ul className="grid gap-5">{data?.map((item) => <Waiting key={item.asset.assetId} item={item} onDo={setDoing} />)}</ul>
      {doing && <Deed doing={doing} onClose={() => setDoing(undefined)} />}
    </Section>
  );
}

function Waiting({ item: { asset, reports, hidden }, onDo }: { item: QueueItem; onDo: (doing: Doing) => void }): JSX.Element {
  const subject = `asset:${asset.assetId}`;
  return (
    <li className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link className="link font-medium" to={assetPath(asset)}>{asset.title}</Link>
        <CurationBadge curation={asset.curation} />
        <span className="text-sm text-muted">asset {asset.assetId}, <When at={asset.publishedAt} /></span>
        <span className="ml-auto flex gap-2">
          {hidden ? <span className="text-sm text-bad">hidden here</span> : <Button size="small" look="danger" aria-label={`Hide ${asset.title}`} onClick={() => onDo({ what: 'hide', subject })}>Hide here</Button>}
        </span>
      </div>
      {reports.length === 0 ? <p className="text-sm text-muted">Not reviewed yet. Approving and suspending is on its page, for a wallet that is curator on chain.</p> : reports.map((report) => <Reported key={report.reportId} report={report} onDo={onDo} />)}
    </li>
  );
}

function Reported({ report, onDo }: { report: Report; onDo: (doing: Doing) => void }): JSX.Element {
  const { reportId, subject, reason, evidence, createdAt } = report;
  const review = subject.startsWith('review:');
  return (
    <div className="flex flex-wrap items-start justify-between gap-3 rounded-md bg-bg px-3 py-2">
      <p className="min-w-0 flex-1 basis-80 text-sm break-words whitespace-pre-wrap"><span className="font-medium">{review ? 'Of a review: ' : ''}{reason}</span>, <When at={createdAt} />: {evidence}</p>
      <span className="flex gap-2">
        {review && <Button size="small" look="danger" onClick={() => onDo({ what: 'hide', subject })}>Hide its text</Button>}
        <Button size="small" onClick={() => onDo({ what: 'dismiss', subject, reportId })}>Dismiss</Button>
      </span>
    </div>
  );
}

function HiddenList({ admin }: { admin: boolean }): JSX.Element {
  const { data, error, refetch } = useQuery(hiddenQuery(true));
  const [doing, setDoing] = useState<Doing>();
  return (
    <Section title="Hidden on this node">
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-24 rounded-lg" />}
      {data?.length === 0 && <p className="text-muted">Nothing is hidden.</p>}
      <ul className="grid gap-4">{data?.map((item) => <Gone key={item.subject} item={item} admin={admin} onDo={setDoing} />)}</ul>
      {doing && <Deed doing={doing} onClose={() => setDoing(undefined)} />}
    </Section>
  );
}

function Gone({ item, admin, onDo }: { item: Hidden; admin: boolean; onDo: (doing: Doing) => void }): JSX.Element {
  const { subject, title, reason, hiddenAt, appeal, appealText } = item;
  return (
    <li className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0 flex-1 basis-80 text-sm">
        <p className="font-medium break-words">{subject.startsWith('review:') ? 'A review of ' : ''}{title ?? subject}</p>
        <p className="break-words text-muted">“{reason}” <When at={hiddenAt} />{appeal === 'refused' && '. An appeal was refused.'}</p>
        {appeal === 'open' && <p className="mt-1 break-words whitespace-pre-wrap">Appeal: {appealText}</p>}
      </div>
      <span className="flex gap-2">
        {appeal === 'open' && admin && <><Button size="small" look="primary" onClick={() => onDo({ what: 'grant', subject })}>Grant</Button><Button size="small" look="danger" onClick={() => onDo({ what: 'refuse', subject })}>Refuse</Button></>}
        {appeal !== 'open' && <Button size="small" onClick={() => onDo({ what: 'show', subject })}>Show again</Button>}
      </span>
    </li>
  );
}

function DeadJobs(): JSX.Element {
  const { data, error, refetch } = useQuery(deadJobsQuery(true));
  const retry = useMutation(useRetryJobMutation());
  return (
    <Section title="Background jobs that failed">
      {(error ?? retry.error) && <Failure error={error ?? retry.error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="text-muted">None waits for somebody.</p>}
      <ul className="grid gap-3">
        {data?.map(({ jobId, name, error: why }) => (
          <li key={jobId} className="flex flex-wrap items-center justify-between gap-3"><span className="min-w-0 text-sm break-words"><span className="font-medium">{name}</span> <span className="text-muted">{why}</span></span><Button size="small" aria-label={`Retry ${name}`} onClick={() => retry.mutate(jobId)}>Retry</Button></li>
        ))}
      </ul>
    </Section>
  );
}

function Audit(): JSX.Element {
  const { data, error, refetch } = useQuery(auditQuery(true));
  return (
    <Section title="Audit log" aside={<span className="text-sm text-muted">the last 50; all of it: <code className="num">neurodata admin audit --csv</code></span>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {data?.length === 0 ? <p className="text-muted">Nothing was done in the name of a role yet.</p> : <Table label="Audit log" head={['When', 'Who', 'What', 'About', 'Why']}>
        {data?.map(({ id, at, actor, action, subject, reason }) => <tr key={id}><td className="whitespace-nowrap"><When at={at} /></td><td className="num" title={actor}>{actor.slice(0, 8)}</td><td className="whitespace-nowrap">{action}</td><td className="num max-w-56 truncate" title={subject}>{subject}</td><td className="max-w-80 truncate text-muted" title={reason}>{reason}</td></tr>)}
      </Table>}
    </Section>
  );
}
