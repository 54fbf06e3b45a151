import type { ProposalDto } from '@neurodata/protocol';
import type { Support } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { t } from '../../language/t.ts';
import { useVoteMutation } from '../../queries/governance.ts';
import { Money, ncr } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import type { Ask } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { proposalTitle } from './proposalTitle.ts';
import { supportName } from './supportName.ts';

/** The longest reason stays within this too: at most three bytes a letter, stored as an event. */
const GAS = 180_000;
const MAX_REASON = 500;
const choices: Support[] = ['for', 'against', 'abstain'];

/** One vote with all that the wallet had when voting began, and a word about it. */
export function CastVote({ proposal, votes, ask }: { proposal: ProposalDto; votes: bigint; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const id = useId();
  const { proposalId } = proposal;
  const [reason, setReason] = useKept(`vote-reason-${proposalId}`);
  const vote = useMutation(useVoteMutation());
  const askVote = (support: Support): void => {
    const title = { for: t`Vote for this proposal`, against: t`Vote against this proposal`, abstain: t`Abstain from this proposal` }[support];
    const text = {
      for: t`All ${ncr(votes)} of your votes say yes to “${proposalTitle(proposal)}”.`,
      against: t`All ${ncr(votes)} of your votes say no to “${proposalTitle(proposal)}”.`,
      abstain: t`All ${ncr(votes)} of your votes on “${proposalTitle(proposal)}” count towards the quorum only.`,
    }[support];
    const said = reason.trim();
    ask({
      title, text: t`${text} A vote cannot be changed, and everybody can read it.`, gas: GAS, button: t`Sign and vote`,
      lines: [[t`${supportName[support]}, with yours`, <Money key="then" amount={proposal.votes[support] + votes} strong />], ...(said ? [[t`Reason`, <span key="reason" className="wrap-anywhere">{said}</span>] satisfies [string, JSX.Element]] : [])],
      act: () => vote.mutateAsync({ proposalId, support, reason: said }),
    }, () => setReason(''));
  };
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()} className="grid gap-3">
      <p className="text-muted">You vote with <Money amount={votes} strong />: what was wrapped and delegated to you, by yourself too, when voting began.</p>
      <div>
        <label htmlFor={id} className="label">Reason, if you like</label>
        <input id={id} className="field w-full" autoComplete="off" maxLength={MAX_REASON} value={reason} onChange={(event) => setReason(event.target.value)} aria-describedby={`${id}-hint`} />
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">It is public for ever.</p>
      </div>
      <div className="flex flex-wrap gap-2">{choices.map((support) => <Button key={support} look={support === 'for' ? 'primary' : 'secondary'} onClick={() => askVote(support)}>{voteName[support]}</Button>)}</div>
    </form>
  );
}

const voteName: Record<Support, string> = { for: t`Vote for`, against: t`Vote against`, abstain: t`Abstain` };
