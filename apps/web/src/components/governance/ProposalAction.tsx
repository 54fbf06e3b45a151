import type { ProposalDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import type { Address } from 'viem';
import { useWallet, useWalletPending } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { type ProposalStep, blockTimeQuery, governanceQuery, useProposalStepMutation, votingPowerQuery } from '../../queries/governance.ts';
import { duration, Money, plural, useNow, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useShell } from '../useShell.ts';
import { CastVote } from './CastVote.tsx';
import { NoVotes } from './NoVotes.tsx';
import { proposalTitle } from './proposalTitle.ts';
import { supportName } from './supportName.ts';

type ActionProps = { proposal: ProposalDto; account: Address; ask: (ask: Ask, clear?: () => void) => void };

const open: ReadonlySet<ProposalDto['state']> = new Set(['pending', 'active', 'succeeded', 'queued']);

/** What the chosen wallet can do about a proposal now: vote, queue it, carry it out, or take it back. */
export function ProposalAction({ proposal }: { proposal: ProposalDto }): JSX.Element | null {
  const wallet = useWallet();
  const isPending = useWalletPending();
  const { show } = useShell();
  const [asked, setAsked] = useState<{ ask: Ask; clear: (() => void) | undefined }>();
  const ask: ActionProps['ask'] = (next, clear) => setAsked({ ask: next, clear });
  // What was signed may have been the last thing to do; its dialog still says that it is done.
  if (!open.has(proposal.state) && !asked) return null;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      {wallet ? <Action key={wallet.address} proposal={proposal} account={wallet.address} ask={ask} /> : isPending ? <Skeleton className="h-9" /> : (
        <p className="flex flex-wrap items-center gap-3 text-muted">Whoever takes part signs with a wallet. <Button size="small" onClick={() => show('wallet')}>Choose a wallet</Button></p>
      )}
      {asked && <SignDialog ask={asked.ask} onClose={() => setAsked(undefined)} onDone={() => asked.clear?.()} />}
    </div>
  );
}

function Action(props: ActionProps): JSX.Element | null {
  const { state } = props.proposal;
  if (state === 'pending') return <BeforeVote {...props} />;
  if (state === 'active') return <Vote {...props} />;
  if (state === 'succeeded') return <Queue {...props} />;
  return state === 'queued' ? <Execute {...props} /> : null;
}

/** An upper bound for any of the three, by how many calls it has to store or make. */
const gasOf: Record<ProposalStep, (calls: number) => number> = { queue: (calls) => 200_000 + 30_000 * calls, execute: (calls) => 150_000 + 250_000 * calls, cancel: (calls) => 90_000 + 20_000 * calls };

function BeforeVote({ proposal, account, ask }: ActionProps): JSX.Element {
  const { data: power } = useQuery(votingPowerQuery(proposal, account));
  const cancel = useMutation(useProposalStepMutation());
  const isProposer = proposal.proposer.toLowerCase() === account.toLowerCase();
  const askCancel = (): void => ask({
    title: t`Take this proposal back`, text: t`“${proposalTitle(proposal)}” will not be voted on. The same calls can be proposed again with another title.`, gas: gasOf.cancel(proposal.calls.length), button: t`Sign and take back`, danger: true,
    lines: [], act: () => cancel.mutateAsync({ step: 'cancel', proposalId: proposal.proposalId }),
  });
  return (
    <>
      <p className="text-muted">Voting begins <When at={proposal.voteStart} />. The votes that you have by then count{power && <>; now you have <Money amount={power.votes} /></>}.</p>
      {power?.votes === 0n && <NoVotes account={account} begun={false} />}
      {isProposer && <div className="flex flex-wrap items-center gap-3"><Button look="danger" onClick={askCancel}>Take back</Button><span className="text-sm text-muted">You proposed it, and can take it back until voting begins.</span></div>}
    </>
  );
}

function Vote({ proposal, account, ask }: ActionProps): JSX.Element {
  const power = useQuery(votingPowerQuery(proposal, account));
  const ballot = proposal.ballots.find(({ voter }) => voter.toLowerCase() === account.toLowerCase());
  if (ballot) return <p data-testid="own-vote">You voted “{supportName[ballot.support]}” with <Money amount={ballot.weight} />. A vote cannot be changed.</p>;
  if (power.isError && !power.data) return <Failure error={power.error} safe="Nothing was signed." retry={() => void power.refetch()} />;
  if (!power.data) return <Skeleton className="h-24" />;
  if (power.data.voted) return <p>You voted. A vote cannot be changed.</p>;
  if (power.data.votes === 0n) return <NoVotes account={account} begun />;
  return <CastVote proposal={proposal} votes={power.data.votes} ask={ask} />;
}

function Queue({ proposal, ask }: ActionProps): JSX.Element {
  const { data: { executionDelay: delay } = {} } = useQuery(governanceQuery());
  const queue = useMutation(useProposalStepMutation());
  const askQueue = (): void => ask({
    title: t`Queue this proposal`, text: t`You hand “${proposalTitle(proposal)}” to the timelock. Once its delay is over, anybody can carry it out.`, gas: gasOf.queue(proposal.calls.length), button: t`Sign and queue`,
    lines: delay === undefined ? [] : [[t`Delay`, duration(delay)]], act: () => queue.mutateAsync({ step: 'queue', proposalId: proposal.proposalId }),
  });
  return <div className="flex flex-wrap items-center gap-3"><Button look="primary" onClick={askQueue}>Queue</Button><span className="text-sm text-muted">It won. Anybody can hand it to the timelock{delay !== undefined && <>, which holds it for {duration(delay)}</>}.</span></div>;
}

function Execute({ proposal, ask }: ActionProps): JSX.Element {
  const { data: time = 0 } = useQuery(blockTimeQuery());
  const execute = useMutation(useProposalStepMutation());
  const { eta = 0, calls } = proposal;
  const isReady = Math.max(useNow(), time) >= eta;
  const askExecute = (): void => ask({
    title: t`Carry this proposal out`, text: t`The timelock does what “${proposalTitle(proposal)}” says, in one transaction: if a call is refused, none is made. Only another vote undoes it.`, gas: gasOf.execute(calls.length), button: t`Sign and carry out`,
    lines: [[t`Would do`, plural(calls.length, 'call')]], act: () => execute.mutateAsync({ step: 'execute', proposalId: proposal.proposalId }),
  });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button look="primary" disabled={!isReady} onClick={askExecute}>Carry out</Button>
      <span className="text-sm text-muted">{isReady ? 'Its delay is over. Anybody can carry it out.' : <>Anybody can carry it out, <When at={eta} seconds />.</>}</span>
    </div>
  );
}
