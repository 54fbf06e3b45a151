import { type DisputeDto, NeuroError } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, Suspense } from 'react';
import { useParams } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { Money, When, plural } from '../components/Amounts.tsx';
import { DisputeTimeline } from '../components/dispute/DisputeTimeline.tsx';
import { DisputeSubject } from '../components/DisputeSubject.tsx';
import { PhaseBadge, rulingText } from '../components/economyStates.tsx';
import { ActivityList } from '../components/Activity.tsx';
import { Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { Facts, Section, Table } from '../components/Layout.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { t } from '../language/t.ts';
import { disputeQuery } from '../queries/economy.ts';
import { NotFound } from './NotFound.tsx';

const CloseSeat = lazyPart(() => import('../components/dispute/CloseSeat.tsx'), 'CloseSeat');
const Evidence = lazyPart(() => import('../components/dispute/DisputeEvidence.tsx'), 'DisputeEvidence');
const NextAction = lazyPart(() => import('../components/dispute/NextAction.tsx'), 'NextAction');
const JurorDuty = lazyPart(() => import('../components/jury/JurorDuty.tsx'), 'JurorDuty');

/** One case: its rounds, its jurors, what was said. */
export function DisputePage(): JSX.Element {
  const disputeId = Number(useParams()['disputeId']);
  const known = Number.isSafeInteger(disputeId) && disputeId > 0;
  const { data, error, refetch } = useQuery({ ...disputeQuery(disputeId), enabled: known, refetchInterval: 15_000 });
  if (!known || (error instanceof NeuroError && error.code === 'NOT_FOUND')) return <NotFound />;
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <DisputeView dispute={data} />;
}

function DisputeView({ dispute }: { dispute: DisputeDto }): JSX.Element {
  const { deadline, phase, ruling } = dispute;
  const wallet = useWallet();
  const isJuror = wallet !== undefined && dispute.rounds.some(({ seats }) => seats.some(({ juror }) => juror.toLowerCase() === wallet.address.toLowerCase()));
  const isSeated = wallet !== undefined && dispute.rounds.at(-1)?.seats.some(({ juror }) => juror.toLowerCase() === wallet.address.toLowerCase()) === true;
  return (
    <>
      <title>{`Dispute ${dispute.disputeId} · NeuroData`}</title>
      <div className="mb-6 flex flex-wrap items-center gap-3"><h1 className="text-2xl">Dispute {dispute.disputeId}</h1><PhaseBadge phase={phase} /></div>
      <div className="grid gap-6">
        <Section title="Where it stands">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
            <DisputeTimeline dispute={dispute} />
            <Facts facts={[
              ['About', <DisputeSubject key="about" dispute={dispute} />],
              phase === 'final' ? ['Ruling', `${rulingText(dispute, ruling)}${dispute.byGovernance ? t`, by governance` : ''}`] : ['Ruling so far', dispute.rounds.some(({ votes }) => votes.length > 0) ? rulingText(dispute, ruling) : 'none: nobody has revealed a vote'],
              ['Phase ends', deadline === undefined ? undefined : <When key="until" at={deadline} />],
              ['Carried out', phase === 'final' ? (dispute.executed ? 'yes' : 'not yet') : undefined],
              ['Burnt of lost bonds', dispute.burnt > 0n ? <Money key="burnt" amount={dispute.burnt} /> : undefined],
              ['Opened', <When key="at" at={dispute.openedAt} />],
            ]} />
            <Suspense fallback={<Skeleton className="h-24" />}><NextAction dispute={dispute} isSeated={isSeated} /></Suspense>
          </div>
        </Section>
        {isJuror && <Suspense fallback={<Skeleton className="h-56 rounded-lg" />}><JurorDuty key={wallet.address} dispute={dispute} wallet={wallet} /></Suspense>}
        {dispute.rounds.toReversed().map((round) => <Jury key={round.number} dispute={dispute} round={round} />)}
        <Suspense fallback={<Skeleton className="h-56 rounded-lg" />}><Evidence dispute={dispute} wallet={wallet} /></Suspense>
        <Section title="Activity"><ActivityList activity={dispute.activity} /></Section>
      </div>
    </>
  );
}

const seatWords = { silent: t`has not committed`, committed: t`has committed`, revealed: t`has voted`, closed: t`stayed silent, put out` } as const;

function Jury({ dispute, round }: { dispute: DisputeDto; round: DisputeDto['rounds'][number] }): JSX.Element {
  const title = round.size === 0 ? t`Governance` : round.number === 0 ? t`Jury` : t`Appeal ${round.number}`;
  const drawn = round.seats.reduce((sum, { count: seats }) => sum + seats, 0);
  return (
    <Section title={title} aside={<span className="text-sm text-muted">{round.size > 0 && `${drawn} of ${plural(round.size, 'seat')} drawn, `}fee <Money amount={round.fee} />{round.bond > 0n && <>, bond <Money amount={round.bond} /></>}</span>}>
      {round.seats.length === 0 ? <p className="text-muted">{round.size === 0 ? 'The owner of the contracts, that is a vote, decides.' : 'Jurors are drawn by the hash of a block after the opening.'}</p> : (
        <Table label={title} head={['Juror', 'Seats', 'State', 'Vote', 'Lost by silence', '']} numeric={[1, 4]}>
          {round.seats.map((seat) => (
            <tr key={seat.juror}>
              <td><Account address={seat.juror} /></td>
              <td className="num text-right">{seat.count}</td>
              <td>{seatWords[seat.state]}</td>
              <td>{seat.vote === undefined ? '' : rulingText(dispute, seat.vote)}</td>
              <td className="text-right">{seat.penalty > 0n && <Money amount={seat.penalty} />}</td>
              <td className="text-right"><Suspense fallback={null}><CloseSeat dispute={dispute} round={round} seat={seat} /></Suspense></td>
            </tr>
          ))}
        </Table>
      )}
      {round.votes.length > 0 && <p className="mt-3 text-sm text-muted">{round.votes.map(({ ruling, seats }) => `${plural(seats, 'seat')} ${rulingText(dispute, ruling)}`).join(', ')}; alone it would be {rulingText(dispute, round.ruling)}.</p>}
    </Section>
  );
}
