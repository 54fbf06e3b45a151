import type { Escrow, EscrowState, OrderDto, OrderState } from '@neurodata/protocol';

/** Where an order's money is, by the order's state in the market. */
export const orderStatesOf: Record<EscrowState, OrderState[]> = { held: ['open', 'granted', 'disputed'], released: ['released'], paid: ['claimed'], returned: ['refunded'] };

/** The money's side of an order. */
export function toEscrow(order: OrderDto): Escrow {
  const { orderId, assetId, assetTitle, buyer, seller, price, token, state: orderState, openedAt, changedAt, deadline, turn } = order;
  const state = (Object.keys(orderStatesOf) as EscrowState[]).find((name) => orderStatesOf[name].includes(orderState)) ?? 'held';
  return { orderId, assetId, assetTitle, buyer, seller, amount: price, token, state, orderState, openedAt, changedAt, ...(deadline === undefined ? {} : { deadline }), turn, actions: actionsOf(order) };
}

function actionsOf({ state, turn }: OrderDto): Escrow['actions'] {
  if (state === 'released') return ['release'];
  if (state === 'open') return turn === 'anybody' ? ['refund'] : [];
  if (state !== 'granted') return [];
  if (turn === 'anybody') return ['refund'];
  return turn === 'buyer' ? ['confirm', 'dispute'] : ['release'];
}
