import type { DisputeState, OrderDto, OrderState } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { t } from '../../language/t.ts';
import { When } from '../Amounts.tsx';
import { type Step, Stepper } from '../Stepper.tsx';

const reached: Record<OrderState, number> = { none: 0, open: 1, granted: 2, disputed: 2, released: 3, claimed: 4, refunded: 1 };

/** The way of the money: paid, key granted, confirmed, seller paid, each with its moment or deadline. */
export function Timeline({ order }: { order: OrderDto }): JSX.Element {
  const at = (event: string): number | undefined => order.activity.find((line) => line.event === event)?.at;
  const when = (moment: number | undefined, otherwise: ReactNode): ReactNode => (moment === undefined ? otherwise : <When at={moment} />);
  const due = order.deadline === undefined ? '' : <>due <When at={order.deadline} /></>;
  const shares = t`${Math.min(order.grants.length, order.threshold)} of ${order.threshold} shares`;
  if (order.state === 'refunded') {
    const disputed = at('OrderDisputed');
    const dispute = disputed === undefined ? [] : [{ name: t`Disputed`, note: <When at={disputed} /> }];
    return <Stepper done={2 + dispute.length} steps={[{ name: t`Paid into escrow`, note: <When at={order.openedAt} /> }, ...dispute, { name: t`Refunded`, note: when(at('OrderRefunded'), <When at={order.changedAt} />) }]} />;
  }
  return (
    <Stepper
      done={reached[order.state]}
      steps={[
        { name: t`Paid into escrow`, note: <When at={order.openedAt} /> },
        { name: t`Key granted`, note: order.state === 'open' ? <>{shares}, {due}</> : when(at('OrderGranted'), shares) },
        release(order, at, due),
        { name: t`Seller paid`, note: when(at('OrderClaimed'), order.state === 'released' ? t`can be collected` : '') },
      ]}
    />
  );
}

const tiers: Partial<Record<DisputeState, string>> = { round: t`Disputed: validators check`, accepted: t`Disputed: validators accept`, undecided: t`Disputed: no verdict`, jury: t`Disputed: before jurors` };

/** How the money became the seller's: by the buyer's word, by silence, or by a dispute's verdict. */
function release(order: OrderDto, at: (event: string) => number | undefined, due: ReactNode): Step {
  const [confirmed, released] = [at('OrderConfirmed'), at('OrderReleased')];
  if (order.state === 'disputed') return { name: tiers[order.dispute?.state ?? 'round'] ?? t`Disputed`, note: due };
  if (at('OrderDisputed') !== undefined) return { name: t`Dispute decided for the seller`, note: released === undefined ? '' : <When at={released} /> };
  if (confirmed !== undefined) return { name: t`Confirmed`, note: <When at={confirmed} /> };
  return { name: t`Confirmed`, note: order.state === 'claimed' ? t`by silence` : order.state === 'granted' ? due : '' };
}
