import type { DisputeDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import type { Wallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { type JurorDuty as Duty, jurorDutyQuery, useCollectFeesMutation, useCommitVoteMutation, useRevealVoteMutation } from '../../queries/jury.ts';
import { Money, When, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { rulingText } from '../economyStates.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { Choices } from './Choices.tsx';
import { KeptVote } from './KeptVote.tsx';
import { Reason } from './Reason.tsx';

const GAS = { commit: 90_000, reveal: 110_000, collect: 160_000 };

type DutyProps = { dispute: DisputeDto; wallet: Wallet };

/** What a dispute asks of the chosen wallet, which holds or held a seat in it: commit, reveal, collect the fee. */
export function JurorDuty({ dispute, wallet }: DutyProps): JSX.Element {
  const { data, error, refetch } = useQuery(jurorDutyQuery(dispute.disputeId, wallet));
  const [asked, setAsked] = useState<Ask>();
  return (
    <Section title="Your seat" aside={data && <Seats duty={data} wallet={wallet} />}>
      {error && !data && <Failure error={error} safe="Votes that this browser keeps are unchanged." retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-40" />}
      {data && <div className="grid grid-cols-[minmax(0,1fr)] gap-4"><Present about={dispute} duty={data} wallet={wallet} ask={setAsked} /></div>}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </Section>
  );
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

type Round = Duty['dispute']['rounds'][number];
type Seat = Round['seats'][number];

const seatIn = (round: Round | undefined, wallet: Wallet): Seat | undefined => round?.seats.find(({ juror }) => isSame(juror, wallet.address));

function Seats({ duty, wallet }: { duty: Duty; wallet: Wallet }): JSX.Element | undefined {
  const seat = seatIn(duty.dispute.rounds.at(-1), wallet);
  return seat && <span className="text-sm text-muted">{plural(seat.count, 'seat')}</span>;
}

type PresentProps = { about: DisputeDto; duty: Duty; wallet: Wallet; ask: (ask: Ask) => void };

/** The one thing that is to be done now, or what was done. */
function Present(props: PresentProps): JSX.Element {
  const { about, duty: { dispute, juror }, wallet } = props;
  const round = dispute.rounds.at(-1);
  const seat = seatIn(round, wallet);
  if (dispute.phase === 'final') return <Fee {...props} />;
  if (!round || !seat) return <p className="text-muted">You voted in an earlier round. A larger jury without you decides now; a fee for your vote is paid if it comes to the same ruling.</p>;
  const cost = <Money amount={juror.penalty * BigInt(seat.count)} />;
  if (seat.state === 'revealed') return <Revealed about={about} vote={seat.vote} />;
  if (seat.state === 'closed') return <p>You stayed silent, and somebody had your seat closed: {cost} of your stake is burnt, and you are drawn no more.</p>;
  if (seat.state === 'committed' && dispute.phase === 'commit') {
    return (
      <>
        <p>Your vote is committed. Reveal it here once all others have committed too; the time to commit ends <When at={round.commitUntil} />, the time to reveal <When at={round.revealUntil} />. A vote that is not revealed counts for nothing and costs {cost}.</p>
        <KeptVote about={about} vote={props.duty.vote} place={{ wallet, disputeId: about.disputeId, round: round.number }} />
      </>
    );
  }
  if (seat.state === 'committed' && dispute.phase === 'reveal') return <Reveal {...props} round={round} seat={seat} />;
  if (seat.state === 'silent' && dispute.phase === 'commit') return <Commit {...props} round={round} seat={seat} />;
  if (dispute.phase === 'drawing') return <p className="text-muted">You are drawn. You vote once all seats are filled.</p>;
  return <p>{seat.state === 'silent' ? 'The time to commit is over, and you committed no vote.' : 'The time to reveal is over, and you did not reveal your vote.'} Once the time to reveal is over, anybody can have your seat closed, and {cost} of your stake is burnt.</p>;
}

type SeatProps = PresentProps & { round: Round; seat: Seat };

function Commit({ about, duty: { dispute, juror }, round, seat, ask }: SeatProps): JSX.Element {
  const [choice, setChoice] = useState<number>();
  const [tried, setTried] = useState(false);
  const commit = useMutation(useCommitVoteMutation());
  const cost = <Money amount={juror.penalty * BigInt(seat.count)} />;
  const submit = (): void => {
    setTried(true);
    if (choice === undefined) return;
    ask({
      title: t`Commit your vote`, gas: GAS.commit, button: t`Sign and commit`,
      text: t`What goes on chain is a hash of your vote: nobody can read it before you reveal it, and it cannot be changed afterwards. The vote with its secret number is kept in this browser before anything is sent.`,
      lines: [[t`Your vote`, rulingText(about, choice)], [t`Seats`, seat.count], [t`The time to reveal ends`, <When key="until" at={round.revealUntil} />], [t`Not revealed, it costs`, <span key="cost">{cost}</span>]],
      act: () => commit.mutateAsync({ disputeId: dispute.disputeId, ruling: choice }),
    });
  };
  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <p>You were drawn as a juror. Read the evidence, then commit your vote; the time for that ends <When at={round.commitUntil} />. Without a vote {cost} of your stake is burnt.</p>
      <Choices about={about} choices={dispute.choices} chosen={choice} onChoose={setChoice} wrong={tried && choice === undefined} />
      <div><Button type="submit" look="primary">Commit the vote</Button></div>
    </form>
  );
}

function Reveal({ about, duty: { dispute, juror, vote }, wallet, round, seat, ask }: SeatProps): JSX.Element {
  const reveal = useMutation(useRevealVoteMutation());
  const cost = <Money amount={juror.penalty * BigInt(seat.count)} />;
  const submit = (ruling: number): void => ask({
    title: t`Reveal your vote`, text: t`Everybody sees from then on how you voted.`, gas: GAS.reveal, button: t`Sign and reveal`,
    lines: [[t`Your vote`, rulingText(about, ruling)], [t`Counts for`, plural(seat.count, 'seat')]], act: () => reveal.mutateAsync(dispute.disputeId),
  });
  return (
    <>
      <p>Now your vote is to be revealed; the time for that ends <When at={round.revealUntil} />. Not revealed, it counts for nothing, and {cost} of your stake is burnt.</p>
      {vote && <div><Button look="primary" onClick={() => submit(vote.ruling)}>Reveal</Button></div>}
      <KeptVote about={about} vote={vote} place={{ wallet, disputeId: about.disputeId, round: round.number }} />
    </>
  );
}

function Revealed({ about, vote }: { about: DisputeDto; vote: number }): JSX.Element {
  return (
    <>
      <p>You voted: <strong className="font-medium">{rulingText(about, vote)}</strong>. If that is the final ruling, your fee can be collected here.</p>
      <Reason disputeId={about.disputeId} />
    </>
  );
}

/** Fees of all rounds in which the wallet voted for what was ruled in the end. */
function Fee({ about, duty: { dispute }, wallet, ask }: PresentProps): JSX.Element {
  const collect = useMutation(useCollectFeesMutation());
  const voted = dispute.rounds.flatMap((round) => {
    const seat = seatIn(round, wallet);
    return seat?.state === 'revealed' ? [{ round, seat }] : [];
  });
  const right = voted.filter(({ seat }) => seat.vote === dispute.ruling);
  const due = right.filter(({ seat }) => !seat.paid);
  const sum = due.reduce((total, { round, seat }) => total + (round.fee / BigInt(round.votes[dispute.ruling] ?? 1)) * BigInt(seat.count), 0n);
  const submit = (): void => ask({
    title: t`Collect your fee`, text: t`It is credited to you and then paid out with whatever else disputes have credited to you, each in a transaction of its own.`, gas: GAS.collect + GAS.collect * due.length, button: t`Sign and collect`,
    lines: [[t`Fee`, <Money key="fee" amount={sum} strong />], [t`Transactions`, due.length + 1]],
    act: () => collect.mutateAsync({ disputeId: dispute.disputeId, rounds: due.map(({ round }) => round.number) }),
  });
  if (due.length > 0) {
    return (
      <>
        <p>The final ruling is yours: {rulingText(about, dispute.ruling)}. Your fee is <Money amount={sum} strong />.</p>
        <div><Button look="primary" onClick={submit}>Collect the fee</Button></div>
      </>
    );
  }
  if (right.length > 0) return <p className="text-muted">You voted for the final ruling, and your fee is credited. What is credited and not paid yet stands on the page of all disputes.</p>;
  return <p className="text-muted">{voted.length > 0 ? 'The final ruling is another one than you voted for: there is no fee.' : 'You revealed no vote: there is no fee.'}</p>;
}
