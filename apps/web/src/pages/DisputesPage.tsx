import type { DisputeDto } from '@neurodata/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type JSX, Suspense } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { When, count } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { CodeBlock } from '../components/Copy.tsx';
import { DisputeSubject } from '../components/DisputeSubject.tsx';
import { PhaseBadge, rulingText } from '../components/economyStates.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { Explain, PageTitle, Section, Table } from '../components/Layout.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { Badge } from '../components/State.tsx';
import { useShell } from '../components/useShell.ts';
import { t } from '../language/t.ts';
import { disputesQuery } from '../queries/disputes.ts';
import { jurorsQuery } from '../queries/economy.ts';

const JuryMembership = lazyPart(() => import('../components/jury/JuryMembership.tsx'), 'JuryMembership');

/** Cases before jurors, and who can be drawn. */
export function DisputesPage(): JSX.Element {
  return (
    <>
      <PageTitle title="Disputes">What no machine can decide is put to jurors. They are drawn by stake, vote in secret and then reveal; each appeal doubles the jury, and after the last one governance rules. Silence costs stake.</PageTitle>
      <div className="grid gap-6"><Disputes /><Jurors /><JuryDuty /></div>
    </>
  );
}

/** "1st jury, 3 seats", "governance". */
export function tierText({ rounds }: Pick<DisputeDto, 'rounds'>): string {
  const last = rounds.at(-1);
  if (!last) return '';
  if (last.size === 0) return t`governance`;
  return rounds.length === 1 ? t`jury of ${last.size}` : t`appeal ${rounds.length - 1}, jury of ${last.size}`;
}

function Disputes(): JSX.Element {
  const { data: pages, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(disputesQuery());
  const data = pages?.pages.flatMap(({ items }) => items);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40 rounded-lg" />;
  if (data.length === 0) return <Empty title="No disputes yet">A dispute begins when a party takes a contested milestone or an order to the jurors, or the owner of a suspended asset appeals. It will stand here with its jury, its deadline and its ruling.</Empty>;
  return (
    <Section title="Disputes">
      <Table label="Disputes" head={['Dispute', 'About', 'Phase', 'Next', 'Before', 'Until', 'Ruling']}>
        {data.map((dispute) => (
          <tr key={dispute.disputeId}>
            <td><Link to={`/disputes/${dispute.disputeId}`} className="link num">{dispute.disputeId}</Link></td>
            <td className="whitespace-nowrap"><DisputeSubject dispute={dispute} /></td>
            <td><PhaseBadge phase={dispute.phase} /></td>
            <td className="whitespace-nowrap text-muted">{nextText(dispute)}</td>
            <td className="whitespace-nowrap">{tierText(dispute)}</td>
            <td className="text-muted">{dispute.deadline !== undefined && <When at={dispute.deadline} />}</td>
            <td className="whitespace-nowrap">{dispute.phase === 'final' ? rulingText(dispute, dispute.ruling) : <span className="text-muted">{dispute.rounds.some(({ votes }) => votes.length > 0) ? `so far ${rulingText(dispute, dispute.ruling)}` : 'none yet'}</span>}</td>
          </tr>
        ))}
      </Table>
      {hasNextPage && <Button size="small" className="mt-3" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Older disputes</Button>}
    </Section>
  );
}

/** What a dispute waits for, in a few words. */
function nextText({ phase, executed }: DisputeDto): string {
  if (phase === 'final') return executed ? '' : t`anybody hands the ruling over`;
  return { none: '', drawing: t`anybody draws the jury`, commit: t`jurors vote`, reveal: t`jurors reveal`, appeal: t`who disagrees appeals`, over: t`anybody concludes it`, governance: t`governance decides` }[phase];
}

function Jurors(): JSX.Element | null {
  const { data } = useQuery(jurorsQuery());
  if (!data || data.length === 0) return null;
  return (
    <Section title="Jurors">
      <Table label="Jurors" numeric={[2, 3, 4, 5]} head={['Juror', 'State', <Explain key="tickets" text="Each locks the same stake and is drawn with the same chance">Tickets</Explain>, 'Rounds', 'Voted in time', 'Silent']}>
        {data.map((juror) => (
          <tr key={juror.account}>
            <td><Account address={juror.account} /></td>
            <td><Badge tone={juror.active ? 'accent' : 'plain'}>{juror.active ? 'Can be drawn' : 'Left'}</Badge></td>
            {[juror.tickets, juror.rounds, juror.revealed, juror.silent].map((value, index) => <td key={index} className="num text-right">{count(value)}</td>)}
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function JuryDuty(): JSX.Element {
  const wallet = useWallet();
  const { show } = useShell();
  return (
    <Section title="Jury duty">
      <p className="mb-4 max-w-[72ch] text-muted">Whoever has stake can join and be drawn. Who holds a seat commits a vote on the page of the dispute, reveals it there, and is paid for the final ruling.</p>
      {wallet ? <Suspense fallback={<Skeleton className="h-40" />}><JuryMembership key={wallet.address} wallet={wallet} /></Suspense> : <Button onClick={() => show('wallet')}>Choose a wallet to join</Button>}
      <details className="mt-5">
        <summary>From the command line</summary>
        <p className="my-3 text-muted">A vote is kept on your disk before it is committed: reveal it from the same folder.</p>
        <CodeBlock label="Commands for jurors" code={'npx neurodata stake add 1000\nnpx neurodata jury join 1\nnpx neurodata disputes commit 1 2\nnpx neurodata disputes reveal 1'} />
      </details>
    </Section>
  );
}
