import type { TrialFacts } from '@neurodata/sdk';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Money, When } from '../Amounts.tsx';

/** Of a trial run: what it gives, and where its fee is. */
export function TrialFee({ trial }: { trial: TrialFacts }): JSX.Element {
  return (
    <div className="panel grid gap-3 p-5" data-testid="trial-fee" data-state={trial.state}>
      <h2 className="text-lg">Trial run</h2>
      <p className="text-muted">It gives metrics and counts of rows rounded to two digits, and no model. Validators repeat it like any other run.</p>
      <p><Money amount={trial.fee} strong /> <Whereabouts trial={trial} /></p>
    </div>
  );
}

function Whereabouts({ trial: { state, assetId, heldUntil, order } }: { trial: TrialFacts }): JSX.Element {
  if (state === 'returned') return <>back with the buyer.</>;
  if (state === 'paid') return <>paid to the dataset’s owner: no purchase followed in time.</>;
  if (order && order.state !== 'refunded') return <>held until <Link className="link" to={`/orders/${order.orderId}`}>the order</Link> is completed; then it goes back to the buyer.</>;
  if (heldUntil === undefined) return <>held. It goes back to the buyer if the run fails, or if this wallet buys the data.</>;
  return <>held until <When at={heldUntil} />. If this wallet <Link className="link" to={`/datasets/${assetId}`}>buys the data</Link> before, it goes back to the buyer.</>;
}
