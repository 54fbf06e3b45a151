import type { OrderDto } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { api } from '../client/api.ts';

export const orderQuery = (orderId: Hex) => queryOptions<OrderDto>({ queryKey: ['order', orderId], queryFn: ({ signal }) => api.getOrder({ orderId }, { signal }) });

export const ordersQuery = (filter: { buyer?: Address | undefined; seller?: Address | undefined; assetId?: number }) =>
  queryOptions<OrderDto[]>({
    queryKey: ['orders', filter],
    queryFn: async ({ signal }) => {
      const known = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as { buyer?: Address; seller?: Address; assetId?: number };
      return (await api.listOrders({ ...known, limit: 100 }, { signal })).items;
    },
  });

/** States in which the buyer holds the key for good. */
const held: OrderDto['state'][] = ['granted', 'disputed', 'released', 'claimed'];

/** Whether the buyer may open what was bought. */
export const isHeld = ({ state }: OrderDto): boolean => held.includes(state);

/** The newest order that lets an account open an asset, of one version if given. */
export function findHeldOrder(orders: OrderDto[] | undefined, version?: number): OrderDto | undefined {
  return orders?.find((order) => held.includes(order.state) && (version === undefined || order.version === version));
}
