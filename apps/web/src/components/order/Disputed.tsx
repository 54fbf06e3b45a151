import type { DisputeState, OrderDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, Suspense } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { useEscalateMutation, useResolveMutation } from '../../queries/mutations.ts';
import { Skeleton } from '../Feedback.tsx';
import { lazyPart } from '../lazyPart.ts';
import { Act } from './Act.tsx';

const AskJurors = lazyPart(() => import('../dispute/AskJurors.tsx'), 'AskJurors');

type DisputedProps = { order: OrderDto; late: boolean; isBuyer: boolean; isSeller: boolean };

/** Who decides a disputed order now, and the one thing that the reader can do about it. */
export function Disputed({ order, late, isBuyer, isSeller }: DisputedProps): ReactNode {
  const resolve = useMutation(useResolveMutation());
  const escalate = useMutation(useEscalateMutation());
  const state = order.dispute?.state ?? 'round';
  const mayEscalate = !late && ((state === 'accepted' && isBuyer) || (state === 'undecided' && (isBuyer || isSeller)));
  const mayResolve = late || (state === 'jury' && (isBuyer || isSeller));
  return (
    <>
      <p className="text-muted">{sentenceOf(state, late)}{order.dispute?.disputeId !== undefined && <> <Link to={`/disputes/${order.dispute.disputeId}`} className="link">See the case</Link></>}</p>
      <Suspense fallback={mayEscalate && <Skeleton className="h-9" />}><AskJurors about={t`the order of ${order.assetTitle}`} may={mayEscalate} act={() => escalate.mutateAsync(order.orderId)} /></Suspense>
      {mayResolve && <Act text={state === 'jury' ? 'Apply the ruling' : 'Apply the default ruling'} look={late ? 'primary' : 'secondary'} isNext mutation={resolve} run={() => resolve.mutate(order.orderId)} />}
    </>
  );
}

function sentenceOf(state: DisputeState, late: boolean): string {
  if (state === 'jury') return t`Jurors drawn by stake decide whose the price is. Once their ruling can no longer be appealed, anybody may apply it.`;
  if (state === 'accepted') {
    return late ? t`Validators found that the file is what was committed to, and no jurors were asked. Anybody may release the money to the seller.`
      : t`Validators found that the file is what was committed to. The buyer may still ask jurors and pay them; who wins gets back what the other side has put up.`;
  }
  if (late) return t`No verdict came in time. The default ruling can be applied by anybody.`;
  if (state === 'undecided') return t`Validators came to no verdict. Buyer or seller may ask jurors and pay them; else the default ruling decides.`;
  return t`A committee reads the file and compares it with the commitments. The bond comes back if the dispute is upheld.`;
}
