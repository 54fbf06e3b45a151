import type { OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { configQuery } from '../../queries/chain.ts';
import { feeOf } from '../asset/offers.ts';
import { When } from '../Amounts.tsx';
import { TokenAmount } from '../TokenAmount.tsx';

/** Where the money is, in one sentence, whatever the state. */
export function MoneyState({ order }: { order: OrderDto }): JSX.Element {
  const amount = <TokenAmount amount={order.price} token={order.token} strong />;
  return <p className="mb-5 text-lg" aria-live="polite">{sentence(order, amount)}</p>;
}

const judges: Partial<Record<OrderDto['turn'], string>> = { validators: t`validators check the dispute`, buyer: t`the buyer may ask jurors`, parties: t`buyer or seller may ask jurors`, jurors: t`jurors decide` };

function sentence(order: OrderDto, amount: JSX.Element): JSX.Element {
  const { state, deadline } = order;
  const late = deadline !== undefined && deadline * 1000 < Date.now();
  const at = deadline === undefined ? null : <When at={deadline} />;
  if (state === 'open') return late ? <>{amount} in escrow. The key was not granted in time, so it can be refunded now.</> : <>{amount} in escrow. If the key is not granted {at}, it goes back to the buyer.</>;
  if (state === 'granted') return late ? <>{amount} in escrow. The time to confirm is over; the seller can be paid now.</> : <>{amount} in escrow. It goes to the seller when the buyer confirms, or {at}.</>;
  if (state === 'disputed') return <>{amount} in escrow while {(!late && judges[order.turn]) || 'the dispute waits to be resolved'}{at && !late && <>, until {at}</>}.</>;
  if (state === 'released') return <>{amount} released. The seller can collect it.<Split order={order} /></>;
  if (state === 'claimed') return <>{amount} paid out.<Split order={order} /></>;
  if (state === 'refunded') return <>{amount} refunded to the buyer.</>;
  return <>No money has moved.</>;
}

function Split({ order }: { order: OrderDto }): JSX.Element | null {
  const { data: config } = useQuery(configQuery());
  if (!config) return null;
  return <span className="text-muted"> Of it <TokenAmount amount={feeOf(order.price, config.feeBps)} token={order.token} /> are the fee.</span>;
}
