import { orderDisputesAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Applies the default ruling to a dispute whose window passed without a verdict. Anybody may. */
export function resolveDispute(parameters: { client: NeuroClient; orderId: Hex }): Promise<Sent> {
  const { client, orderId } = parameters;
  return client.send({ address: client.config.deployment.addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'resolve', args: [orderId], sentence: `Resolve the dispute of order ${orderId}` });
}
