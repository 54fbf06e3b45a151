import type { DisputeDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { useCloseSeatMutation } from '../../queries/disputes.ts';
import { blockTimeQuery } from '../../queries/governance.ts';
import { jurorQuery } from '../../queries/jury.ts';
import { Money, useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';

const GAS = 260_000;

type Round = DisputeDto['rounds'][number];
type CloseSeatProps = { dispute: DisputeDto; round: Round; seat: Round['seats'][number] };

/** For anybody with a wallet: puts out a juror who stayed silent, once its time is over. */
export function CloseSeat({ dispute, round, seat }: CloseSeatProps): JSX.Element | null {
  const wallet = useWallet();
  const wasDrawn = round.commitUntil !== undefined;
  const until = wasDrawn ? round.revealUntil : round.drawUntil;
  const mayBe = wallet !== undefined && (seat.state === 'silent' || seat.state === 'committed');
  const { data: time = 0 } = useQuery({ ...blockTimeQuery(), enabled: mayBe });
  const now = useNow();
  const close = useMutation(useCloseSeatMutation());
  const { data: juror } = useQuery({ ...jurorQuery(seat.juror), enabled: mayBe });
  const [asked, setAsked] = useState<Ask>();
  const isDue = mayBe && until !== undefined && Math.max(now, time) > until;
  // Once it is closed, its dialog still says so.
  if (!isDue && !asked) return null;
  const submit = (): void => {
    if (!juror) return;
    const penalty = wasDrawn ? juror.penalty * BigInt(seat.count) : 0n;
    setAsked({
      title: t`Close the seat of a silent juror`, gas: GAS, button: t`Sign and close`, danger: true,
      text: wasDrawn ? t`The juror did not vote in time: a part of its stake is burnt, and it is drawn no more.` : t`The jury was never complete: the juror is freed from this seat and loses nothing.`,
      lines: [[t`Seats`, seat.count], [t`Burnt of its stake, at most`, <Money key="penalty" amount={penalty > juror.bond ? juror.bond : penalty} strong />]],
      act: () => close.mutateAsync({ disputeId: dispute.disputeId, round: round.number, juror: seat.juror }),
    });
  };
  return (
    <>
      {isDue && <Button size="small" onClick={submit}>Close the seat</Button>}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
