import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { confirmCall } from './marketCalls.ts';
import type { Sent } from './send.ts';

/** The buyer says that the goods are right: the money is the seller's to claim. */
export function confirmOrder(parameters: { client: NeuroClient; orderId: Hex }): Promise<Sent> {
  const { client, orderId } = parameters;
  return client.send(confirmCall({ config: client.config, orderId }));
}
