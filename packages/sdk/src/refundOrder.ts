import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { refundCall } from './marketCalls.ts';
import type { Sent } from './send.ts';

/** Returns the money of an order that was not granted in time, or whose version was proved wrong. Anybody may. */
export function refundOrder(parameters: { client: NeuroClient; orderId: Hex }): Promise<Sent> {
  const { client, orderId } = parameters;
  return client.send(refundCall({ config: client.config, orderId }));
}
