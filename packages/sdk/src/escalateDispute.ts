import { NeuroError, disputesAbi, orderDisputesAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { signPermit } from './signPermit.ts';

/** What a jury about an order costs now, in base units of NCR. */
export async function readJuryCost(client: NeuroClient): Promise<bigint> {
  const { disputes: address } = client.config.deployment.addresses;
  return client.publicClient.readContract({ address, abi: disputesAbi, functionName: 'arbitrationCost', args: ['0x'] }).catch((error: unknown) => { throw toNeuroError(error); });
}

/**
 * Takes the dispute of an order to jurors and pays them: the buyer after validators accepted the content, either party
 * after they came to no verdict, in time. Throws `REVERTED`, also where there are too few jurors, and `NO_FUNDS`.
 *
 * @example const { disputeId } = await escalateDispute({ client, orderId });
 */
export async function escalateDispute(parameters: { client: NeuroClient; orderId: Hex }): Promise<{ disputeId: bigint; cost: bigint; hash: Hex; gasUsed: bigint }> {
  const { client, orderId } = parameters;
  const { orderDisputes: address } = client.config.deployment.addresses;
  const permit = await signPermit({ client, spender: address, value: await readJuryCost(client) });
  const sent = await client.send({ address, abi: orderDisputesAbi, functionName: 'escalate', args: [orderId, permit], sentence: `Take order ${orderId} to the jurors` });
  const [escalated] = parseEventLogs({ abi: orderDisputesAbi, eventName: 'DisputeEscalated', logs: sent.receipt.logs });
  if (!escalated) throw new NeuroError('No jury was asked.', { code: 'INTERNAL', details: sent.hash });
  const { disputeId, cost } = escalated.args;
  return { disputeId, cost, hash: sent.hash, gasUsed: sent.gasUsed };
}
