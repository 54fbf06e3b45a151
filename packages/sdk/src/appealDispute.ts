import { disputesAbi } from '@neurodata/protocol';
import { approveCoin } from './approveCoin.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { Sent } from './send.ts';

/** What an appeal costs now, in base units of NCR: the next jury's fee and a bond. Throws `REVERTED` where it cannot be appealed. */
export async function readAppealCost(parameters: { client: NeuroClient; disputeId: bigint }): Promise<bigint> {
  const { client, disputeId } = parameters;
  try {
    return await client.publicClient.readContract({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'appealCost', args: [disputeId, '0x'] });
  } catch (error) {
    throw toNeuroError(error);
  }
}

/**
 * Takes a ruling to a jury of twice the size and one, or to governance after the largest; anybody may, within the appeal
 * window. Approves and pays {@link readAppealCost}. A part of the bond is burnt if the ruling stands. Throws `REVERTED`,
 * `NO_FUNDS`.
 */
export async function appealDispute(parameters: { client: NeuroClient; disputeId: bigint }): Promise<Sent & { cost: bigint }> {
  const { client, disputeId } = parameters;
  const { disputes } = client.config.deployment.addresses;
  const cost = await readAppealCost({ client, disputeId });
  await approveCoin({ client, spender: disputes, amount: cost });
  const sent = await client.send({ address: disputes, abi: disputesAbi, functionName: 'appeal', args: [disputeId, '0x'], sentence: `Appeal dispute ${disputeId}` });
  return { ...sent, cost };
}
