import type { DisputeDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useWallet, useWalletPending } from '../../client/wallet.ts';
import { pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { appealTermsQuery, useAppealDisputeMutation, useConcludeMutation, useDrawMutation, useExecuteRulingMutation } from '../../queries/disputes.ts';
import { Money, When, ncr, plural } from '../Amounts.tsx';
import { BottomBar } from '../BottomBar.tsx';
import { Button } from '../Button.tsx';
import { rulingText } from '../economyStates.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Credits } from '../jury/Credits.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useShell } from '../useShell.ts';

/** Upper bounds: a draw finds five seats, and the chain is asked again before anything is signed. */
const GAS = { draw: 600_000, appeal: 350_000, conclude: 400_000, execute: 350_000 };
const SEATS_PER_DRAW = 5;

type StepProps = { dispute: DisputeDto; /** Undefined where no wallet is chosen: nobody is asked then. */ ask: ((ask: Ask) => void) | undefined };

/** What a dispute waits for, and the one thing that whoever looks can do about it. */
export function NextAction({ dispute, isSeated }: { dispute: DisputeDto; isSeated: boolean }): JSX.Element {
  const wallet = useWallet();
  const isPending = useWalletPending();
  const { show } = useShell();
  const [asked, setAsked] = useState<Ask>();
  const isOpenToAll = ['drawing', 'appeal', 'over'].includes(dispute.phase) || (dispute.phase === 'final' && !dispute.executed);
  return (
    <div className="grid gap-3 border-t border-line pt-4" data-testid="next-action">
      <Step dispute={dispute} isSeated={isSeated} ask={wallet ? setAsked : undefined} />
      {!wallet && !isPending && isOpenToAll && <p className="flex flex-wrap items-center gap-3 text-muted">Whoever does it signs with a wallet. <Button size="small" onClick={() => show('wallet')}>Choose a wallet</Button></p>}
      {wallet && dispute.phase === 'final' && <Credits key={wallet.address} account={wallet.address} ask={setAsked} />}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

function Step({ isSeated, ...props }: StepProps & { isSeated: boolean }): ReactNode {
  const { dispute } = props;
  switch (dispute.phase) {
    case 'drawing': return <Draw {...props} />;
    case 'commit': return <Waits>{isSeated ? 'You hold a seat: your vote is asked for below.' : 'Drawn jurors commit their votes in secret.'} Evidence that they shall read is to be added now.</Waits>;
    case 'reveal': return <Waits>{isSeated ? 'You hold a seat: reveal your vote below.' : 'All votes are committed, and their jurors reveal them.'} Then whoever disagrees can appeal.</Waits>;
    case 'appeal': return <Appeal {...props} />;
    case 'over': return <Conclude {...props} />;
    case 'governance': return <Waits>Every jury was asked. The owner of the contracts decides, that is a <Link to="/governance" className="link">vote</Link>; if it does not, the ruling so far stands.</Waits>;
    case 'final': return dispute.executed ? <Waits>It is ruled, and the ruling was handed over: {rulingText(dispute, dispute.ruling)}. What it pays is credited to those who get it, on their <Link to="/account" className="link">account page</Link>.</Waits> : <Execute {...props} />;
    default: return null;
  }
}

function Waits({ children }: { children: ReactNode }): JSX.Element {
  return <p className="max-w-[72ch] text-muted">{children}</p>;
}

/** The button, which stays in view on a phone, under what it is about. */
function Act({ text, onClick, children }: { text: string; onClick: (() => void) | undefined; children: ReactNode }): JSX.Element {
  return <><p className="max-w-[72ch]">{children}</p>{onClick && <BottomBar><div className="grid sm:flex"><Button look="primary" onClick={onClick}>{text}</Button></div></BottomBar>}</>;
}

function Draw({ dispute, ask }: StepProps): JSX.Element {
  const draw = useMutation(useDrawMutation());
  const round = dispute.rounds.at(-1);
  const left = (round?.size ?? 0) - (round?.seats.reduce((sum, { count }) => sum + count, 0) ?? 0);
  const calls = Math.max(1, Math.ceil(left / SEATS_PER_DRAW));
  const submit = (): void => ask?.({
    title: t`Draw the jury`, text: t`${plural(left, 'seat')} are drawn by chance among the jurors’ tickets; nobody can choose. The hash of a block decides, which is waited for.`, gas: GAS.draw * calls, button: t`Sign and draw`,
    lines: [[t`Seats to draw`, left], [t`Transactions, at least`, calls], [t`Afterwards`, t`jurors commit their votes`]], act: () => draw.mutateAsync(dispute.disputeId),
  });
  return <Act text={t`Draw the jury`} onClick={ask && submit}>The jury is to be drawn, and anybody can do it{round?.drawUntil !== undefined && <>; the time for that ends <When at={round.drawUntil} /></>}. It costs nothing but gas. If nobody does, the dispute ends without these jurors.</Act>;
}

function Appeal({ dispute, ask }: StepProps): JSX.Element {
  const { data: terms, error, refetch } = useQuery(appealTermsQuery(dispute.disputeId));
  const appeal = useMutation(useAppealDisputeMutation());
  const ruling = rulingText(dispute, dispute.ruling);
  if (error && !terms) return <Failure error={error} safe="Nothing was signed." retry={() => void refetch()} />;
  if (!terms) return <Skeleton className="h-20" />;
  const { cost, size, fee, bond, burnBps } = terms;
  const burnt = (bond * BigInt(burnBps)) / 10_000n;
  const seats = dispute.rounds.at(-1)?.size ?? 0;
  const next = size > 0 ? t`a jury of ${size} instead of ${seats}` : t`governance, by a vote`;
  const submit = (): void => ask?.({
    title: t`Appeal the ruling`, button: t`Sign and appeal`, gas: GAS.appeal, danger: true,
    text: t`The ruling so far is “${ruling}”. You pay, whichever side you are on: ${next} decides anew. First the amount is allowed, then it is paid; up to two transactions.`,
    lines: [
      [t`You pay`, <Money key="cost" amount={cost} strong />], ...(size > 0 ? [[t`Of it the fee of the jurors`, <Money key="fee" amount={fee} />]] satisfies [string, ReactNode][] : []), [t`Of it a bond`, <Money key="bond" amount={bond} />],
      [t`If another ruling comes of it`, t`the bond comes back whole`], [t`If the ruling stands`, <span key="burnt">{ncr(burnt)} of it are burnt ({pointed(String(burnBps / 100))} %)</span>],
      [t`Decides next`, next],
    ],
    act: () => appeal.mutateAsync(dispute.disputeId),
  });
  return (
    <Act text={t`Appeal for ${ncr(cost)}`} onClick={ask && submit}>
      So far the ruling is: {ruling}. Whoever disagrees can appeal{dispute.deadline !== undefined && <>; the time for that ends <When at={dispute.deadline} /></>}. {size > 0 ? <>The jury then grows from {seats} to {plural(size, 'seat')}, twice as many and one, and its fee with it.</> : <>No larger jury is there, so that governance would decide.</>} If nobody appeals, anybody can conclude the dispute then.
    </Act>
  );
}

function Conclude({ dispute, ask }: StepProps): JSX.Element {
  const conclude = useMutation(useConcludeMutation());
  const ruling = rulingText(dispute, dispute.ruling);
  const submit = (): void => ask?.({
    title: t`Conclude the dispute`, text: t`The ruling becomes final: nobody can appeal it any more. Bonds go back or are burnt, and jurors who voted for it can collect their fee.`, gas: GAS.conclude, button: t`Sign and conclude`,
    lines: [[t`Final ruling`, ruling], [t`Afterwards`, t`the ruling can be handed over`]], act: () => conclude.mutateAsync(dispute.disputeId),
  });
  return <Act text={t`Conclude the dispute`} onClick={ask && submit}>It can no longer be appealed. Anybody can fix the ruling now: {ruling}. It costs nothing but gas.</Act>;
}

function Execute({ dispute, ask }: StepProps): JSX.Element {
  const execute = useMutation(useExecuteRulingMutation());
  const ruling = rulingText(dispute, dispute.ruling);
  const submit = (): void => ask?.({
    title: t`Hand the ruling over`, text: t`The contract that asked takes the ruling and does what it says: money that waits goes where it belongs.`, gas: GAS.execute, button: t`Sign and hand over`,
    lines: [[t`Ruling`, ruling], [t`Afterwards`, t`the dispute is closed`]], act: () => execute.mutateAsync(dispute.disputeId),
  });
  return <Act text={t`Hand the ruling over`} onClick={ask && submit}>The ruling is final: {ruling}. The contract that asked does not know it yet; anybody can hand it over, for nothing but gas.</Act>;
}
