import { NeuroError, type OrderState, orderDisputesAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { concludeDispute } from './concludeDispute.ts';
import type { NeuroClient } from './createClient.ts';
import { executeRuling } from './executeRuling.ts';
import { readDispute } from './readDispute.ts';
import { readOrderState } from './readOrder.ts';
import { readOrderDispute } from './readOrderDispute.ts';
import type { Sent } from './send.ts';

/**
 * Ends the dispute of an order whose time is over, so that its price goes where it belongs; anybody may. Before a jury was
 * asked that is the default ruling, after it the jurors', which takes two transactions. Throws `NOT_FOUND`, `REVERTED`
 * where it is too early, and `CONFLICT` while jurors still sit.
 *
 * @example const { state } = await resolveDispute({ client, orderId });
 */
export async function resolveDispute(parameters: { client: NeuroClient; orderId: Hex }): Promise<Sent & { state: OrderState }> {
  const { client, orderId } = parameters;
  const { state, disputeId } = await readOrderDispute({ client, orderId });
  const sent = state === 'jury' && disputeId !== undefined ? await endJury(client, disputeId) : await applyDefault(client, orderId);
  return { ...sent, state: await readOrderState({ client, orderId }) };
}

function applyDefault(client: NeuroClient, orderId: Hex): Promise<Sent> {
  return client.send({ address: client.config.deployment.addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'resolve', args: [orderId], sentence: `Resolve the dispute of order ${orderId}` });
}

async function endJury(client: NeuroClient, disputeId: bigint): Promise<Sent> {
  const { phase } = await readDispute({ client, disputeId });
  if (phase !== 'over' && phase !== 'final') throw new NeuroError(`The jurors of dispute ${disputeId} are not done: it is in phase "${phase}".`, { code: 'CONFLICT', remedy: 'Wait until it can no longer be appealed.' });
  if (phase === 'over') await concludeDispute({ client, disputeId });
  return executeRuling({ client, disputeId });
}
