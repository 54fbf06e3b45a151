import type { ProposalDto } from '@neurodata/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { Account } from '../components/Account.tsx';
import { Money, When, plural } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { CodeBlock, Hash } from '../components/Copy.tsx';
import { Sentence } from '../components/explorer/Sentence.tsx';
import { Values, isStruct } from '../components/explorer/Value.tsx';
import { ProposalBadge } from '../components/economyStates.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { ProposalAction } from '../components/governance/ProposalAction.tsx';
import { proposalTitle } from '../components/governance/proposalTitle.ts';
import { ProposeChange } from '../components/governance/ProposeChange.tsx';
import { supportName } from '../components/governance/supportName.ts';
import { Explain, Facts, PageTitle, Section, Table } from '../components/Layout.tsx';
import { t } from '../language/t.ts';
import { tFrom } from '../language/tFrom.ts';
import { proposalsQuery } from '../queries/economy.ts';
import { callQuery } from '../queries/explorer.ts';

/** What may be changed by vote, what has been, and how to take part. */
export function GovernancePage(): JSX.Element {
  const { data: pages, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(proposalsQuery());
  const data = pages?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageTitle title="Governance">Votes are wrapped NCR. What wins goes to a timelock, which owns every contract, and can be carried out by anybody once its delay is over.</PageTitle>
      <div className="grid gap-6">
        {error && !data && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton className="h-48 rounded-lg" />}
        {data?.length === 0 && <Empty title="No proposals yet">Every proposal will stand here with its calls, its votes and its deadline.</Empty>}
        {data?.map((proposal) => <Proposal key={proposal.proposalId} proposal={proposal} />)}
        {hasNextPage && <div className="text-center"><Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Older proposals</Button></div>}
        <ProposeChange />
        <HowToVote example={data?.find(({ state }) => state === 'active')} />
      </div>
    </>
  );
}

function Proposal({ proposal }: { proposal: ProposalDto }): JSX.Element {
  const { state, voteStart, voteEnd, eta, votes, quorum, calls, ballots } = proposal;
  const times: [string, ReactNode][] = [
    // What was taken back was never voted on.
    [t`Voting`, state === 'canceled' ? undefined : state === 'pending' ? <>begins <When at={voteStart} /></> : state === 'active' ? <>ends <When at={voteEnd} /></> : <>ended <When at={voteEnd} /></>],
    [t`Can be carried out`, state === 'queued' && eta !== undefined ? <>from <When at={eta} /> on</> : undefined],
  ];
  return (
    <Section title={proposalTitle(proposal)} aside={<ProposalBadge state={state} />}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Facts facts={[
          ['Proposal', <Hash key="id" value={proposal.proposalId} label="proposal id" keep={8} />],
          ['Proposed by', <Account key="by" address={proposal.proposer} />],
          ...times,
          ['Would do', <ul key="calls" className="grid gap-3">{calls.map((call, index) => <li key={index}><Call call={call} /></li>)}</ul>],
        ]} />
        <Tally votes={votes} quorum={quorum} />
        <ProposalAction proposal={proposal} />
        {ballots.length > 0 && (
          <details>
            <summary className="text-sm text-muted">{plural(ballots.length, 'vote')}</summary>
            <div className="mt-3">
              <Table label="Votes" head={['Voter', 'Vote', 'Weight', 'Reason', 'When']} numeric={[2]}>
                {ballots.map((ballot) => (
                  <tr key={ballot.voter}>
                    <td><Account address={ballot.voter} /></td>
                    <td>{supportName[ballot.support]}</td>
                    <td className="text-right"><Money amount={ballot.weight} /></td>
                    <td className="max-w-80 truncate" title={ballot.reason}>{ballot.reason}</td>
                    <td className="text-muted"><When at={ballot.at} /></td>
                  </tr>
                ))}
              </Table>
            </div>
          </details>
        )}
      </div>
    </Section>
  );
}

/** What one call of a proposal does, in a sentence; structs, which no sentence holds, field by field. */
function Call({ call }: { call: ProposalDto['calls'][number] }): JSX.Element {
  const { data, isError } = useQuery(callQuery(call));
  if (isError) return <span className="num text-sm break-all">{call.text ?? `${call.target} ${call.data}`}</span>;
  if (!data) return <Skeleton className="h-6" />;
  const { contract, args } = data.call ?? { contract: '', args: {} };
  return (
    <>
      <p className="break-words"><Sentence text={tFrom(data.sentence)} /></p>
      {Object.entries(args).filter(([, value]) => isStruct(value)).map(([name, value]) => <Values key={name} contract={contract} args={value as Record<string, unknown>} />)}
    </>
  );
}

/** Votes as bars with their numbers beside them; the quorum is what for and abstain need together. */
function Tally({ votes, quorum }: Pick<ProposalDto, 'votes' | 'quorum'>): JSX.Element {
  const most = [votes.for, votes.against, votes.abstain, 1n].reduce((high, value) => (value > high ? value : high));
  const rows: [string, bigint, string][] = [[supportName.for, votes.for, 'bg-accent'], [supportName.against, votes.against, 'bg-muted'], [supportName.abstain, votes.abstain, 'bg-line-strong']];
  return (
    <div className="grid gap-2">
      {rows.map(([name, amount, colour]) => (
        <div key={name} className="grid grid-cols-[72px_1fr_112px] items-center gap-3">
          <span className="text-muted">{name}</span>
          <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line"><span className={`block h-full rounded-full ${colour}`} style={{ width: `${Number((amount * 1000n) / most) / 10}%` }} /></span>
          <span className="text-right"><Money amount={amount} /></span>
        </div>
      ))}
      {quorum !== undefined && (
        <p className="text-sm text-muted">
          <Explain text="For and abstain together must reach it, or the proposal is defeated">Quorum</Explain> <Money amount={quorum} />: {votes.for + votes.abstain >= quorum ? 'reached' : 'not reached'}
        </p>
      )}
    </div>
  );
}

function HowToVote({ example }: { example: ProposalDto | undefined }): JSX.Element {
  const id = example?.proposalId.slice(0, 10) ?? 'PROPOSAL';
  return (
    <Section title="The same from the command line">
      <p className="mb-3 text-muted">Wrapped coins count for proposals whose voting begins later, and unwrap at any time.</p>
      <CodeBlock label="Commands to vote" code={`npx neurodata governance wrap 5000\nnpx neurodata governance vote ${id} for --reason "..."\nnpx neurodata governance propose market.setParams '{"feeBps": 30}' --title "A fee of 0.3 %"`} />
    </Section>
  );
}
