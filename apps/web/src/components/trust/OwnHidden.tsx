import type { Hidden } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { t } from '../../language/t.ts';
import { ownHiddenQuery, useAppealHiddenMutation } from '../../queries/trust.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Section } from '../Layout.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';

/** What this node does not show of what somebody owns, and the way to ask for another look. */
export function OwnHidden(): JSX.Element | null {
  const { data } = useQuery(ownHiddenQuery(true));
  if (!data || data.length === 0) return null;
  return <Section title="Hidden by this node"><ul className="grid gap-4">{data.map((item) => <Item key={item.subject} item={item} />)}</ul></Section>;
}

const states = { none: undefined, open: t`An admin will look at your appeal.`, refused: t`An admin has refused your appeal` } as const;

function Item({ item }: { item: Hidden }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const appeal = useMutation(useAppealHiddenMutation());
  return (
    <li className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <p className="font-medium break-words">{item.subject.startsWith('review:') ? 'Your review of ' : ''}{item.title}</p>
        <p className="text-sm break-words text-muted">“{item.reason}” <When at={item.hiddenAt} />. {states[item.appeal]}{item.answer !== undefined && `: “${item.answer}”`}</p>
      </div>
      {item.appeal === 'none' && <Button size="small" onClick={() => setAsking(true)}>Appeal</Button>}
      {asking && <ReasonDialog title="Ask for another look" label="Why it should be shown" button="Send to the admins" most={4_000} busy={appeal.isPending} error={appeal.error} onClose={() => setAsking(false)} onDone={(text) => appeal.mutate({ subject: item.subject, text }, { onSuccess: () => setAsking(false) })} />}
    </li>
  );
}
