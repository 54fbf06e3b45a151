import type { JurorFacts } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import type { Wallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { coinQuery } from '../../queries/coin.ts';
import { jurorQuery, useExitJuryMutation, useJoinJuryMutation, useLeaveJuryMutation } from '../../queries/jury.ts';
import { Money, count, ncr, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Facts } from '../Layout.tsx';
import { useKept } from '../useKept.ts';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { Credits } from './Credits.tsx';

const MOST_TICKETS = 10;
const GAS = { stake: 260_000, join: 150_000, ticket: 60_000, leave: 160_000, exit: 200_000 };

/** The chosen wallet as a juror: its tickets, the way in and out, and what disputes have credited to it. */
export function JuryMembership({ wallet }: { wallet: Wallet }): JSX.Element {
  const { data: juror, error, refetch } = useQuery(jurorQuery(wallet.address));
  const [asked, setAsked] = useState<Ask>();
  if (error && !juror) return <Failure error={error} safe="Stake is in the contract; this page only reads it." retry={() => void refetch()} />;
  if (!juror) return <Skeleton className="h-40" />;
  return (
    <div className="grid gap-5">
      <Facts facts={[
        ['Tickets', <span key="tickets">{juror.leftAt > 0 ? 'none in the draw: you have left' : `${count(juror.tickets)} of ${count(juror.activeTickets)} in the draw`}</span>],
        ['Locked for them', juror.bond > 0n && <Money key="bond" amount={juror.bond} />],
        ['Seats to vote on', juror.openSeats > 0 && count(juror.openSeats)],
        ['A seat earns', <Money key="fee" amount={juror.jurorFee} />],
        ['Silence costs', <span key="penalty"><Money amount={juror.penalty} /> a seat</span>],
      ]} />
      {juror.leftAt === 0 ? <Join juror={juror} ask={setAsked} /> : <Exit juror={juror} ask={setAsked} />}
      <Credits account={wallet.address} ask={setAsked} />
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

type PartProps = { juror: JurorFacts & { block: number }; ask: (ask: Ask) => void };

function Join({ juror, ask }: PartProps): JSX.Element {
  const id = useId();
  const [text, setText] = useKept('jury-tickets');
  const { data: coin } = useQuery(coinQuery(juror.account));
  const join = useMutation(useJoinJuryMutation());
  const leave = useMutation(useLeaveJuryMutation());
  const left = MOST_TICKETS - juror.tickets;
  const tickets = /^[1-9]\d?$/.test(text.trim()) ? Number(text) : undefined;
  const lock = juror.ticketStake * BigInt(tickets ?? 0);
  const missing = lock > juror.freeStake ? lock - juror.freeStake : 0n;
  const wrong = text.trim() === '' ? undefined
    : tickets === undefined || tickets > left ? t`Write a whole number from 1 to ${left}.`
      : coin && missing > coin.balance ? t`You would have to put ${ncr(missing)} at stake, and hold ${ncr(coin.balance)}.` : undefined;
  const askJoin = (): void => {
    if (tickets === undefined || wrong || !coin) return;
    ask({
      title: t`Join the jury with ${plural(tickets, 'ticket')}`, button: t`Sign and join`, gas: GAS.join + GAS.ticket * tickets + (missing > 0n ? GAS.stake : 0),
      text: t`From the next block on you can be drawn. Whoever is drawn and stays silent loses ${ncr(juror.penalty)} for each seat.${missing > 0n ? t` First the missing stake is put up, in one or two transactions of its own.` : ''}`,
      lines: [[t`Locked`, <Money key="lock" amount={lock} strong />], [t`Of it from your free stake`, <Money key="free" amount={lock - missing} />], [t`Put at stake anew`, <Money key="new" amount={missing} />]],
      act: async () => {
        const sent = await join.mutateAsync({ account: juror.account, tickets });
        setText('');
        return sent;
      },
    });
  };
  const askLeave = (): void => ask({
    title: t`Leave the jury`, text: t`You are not drawn any more. Votes that you owe stay owed; your stake can be freed here about 300 blocks later.`, gas: GAS.leave, button: t`Sign and leave`, danger: true,
    lines: [[t`Stays locked until then`, <Money key="bond" amount={juror.bond} />]], act: () => leave.mutateAsync(),
  });
  return (
    <div className="grid gap-4">
      {left > 0 && (
        <form noValidate onSubmit={(event) => { event.preventDefault(); askJoin(); }}>
          <label htmlFor={id} className="label">{juror.tickets > 0 ? 'More tickets' : 'Tickets'}</label>
          <div className="flex gap-2">
            <input id={id} className="field w-24 tabular-nums" inputMode="numeric" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-hint`} />
            <Button type="submit" look="primary" disabled={tickets === undefined || wrong !== undefined || !coin}>Join</Button>
          </div>
          <p id={`${id}-hint`} className="mt-1 min-h-5 text-sm text-muted">{wrong ? <span role="alert" className="text-bad">{wrong}</span> : <>Each locks <Money amount={juror.ticketStake} /> of your stake and is drawn with the same chance; {MOST_TICKETS} at most.</>}</p>
        </form>
      )}
      {juror.tickets > 0 && <div><Button look="danger" onClick={askLeave}>Leave the jury</Button></div>}
    </div>
  );
}

function Exit({ juror, ask }: PartProps): JSX.Element {
  const exit = useMutation(useExitJuryMutation());
  const exitBlock = juror.exitBlock ?? 0;
  const waits = juror.block + 1 < exitBlock;
  const askExit = (): void => ask({ title: t`Free your stake`, lines: [[t`Free again`, <Money key="bond" amount={juror.bond} strong />]], gas: GAS.exit, button: t`Sign and free`, act: () => exit.mutateAsync() });
  return (
    <div className="grid gap-2">
      <p className="text-muted">{juror.openSeats > 0 ? 'Your stake can be freed once you have voted on your open seats.' : waits ? `Your stake can be freed from block ${count(exitBlock)} on; the chain is at ${count(juror.block)}.` : 'Your stake can be freed now.'}</p>
      <div><Button disabled={waits || juror.openSeats > 0} onClick={askExit}>Free the stake</Button></div>
    </div>
  );
}
