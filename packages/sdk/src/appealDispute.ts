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
 * What an appeal buys: a jury of `size` (0: governance decides) for `fee`, against a `bond` of which `burnBps` is burnt if the
 * ruling stands. Amounts in base units of NCR.
 */
export type AppealTerms = { cost: bigint; size: number; fee: bigint; bond: bigint; burnBps: number };

/** Reads them; mirrors `Disputes._nextRound`. Throws `REVERTED` where it cannot be appealed. */
export async function readAppealTerms(parameters: { client: NeuroClient; disputeId: bigint }): Promise<AppealTerms> {
  const { client, disputeId } = parameters;
  const { publicClient } = client;
  const contract = { address: client.config.deployment.addresses.disputes, abi: disputesAbi } as const;
  try {
    const [cost, { rounds }, { jurorFee, burnBps }, active, most] = await Promise.all([
      readAppealCost(parameters), publicClient.readContract({ ...contract, functionName: 'dispute', args: [disputeId] }), publicClient.readContract({ ...contract, functionName: 'params' }),
      publicClient.readContract({ ...contract, functionName: 'activeTickets' }), publicClient.readContract({ ...contract, functionName: 'MAX_JURY' }),
    ]);
    const last = await publicClient.readContract({ ...contract, functionName: 'round', args: [disputeId, rounds - 1] });
    const next = last.size * 2 + 1;
    const size = next > most || BigInt(next) > active ? 0 : next;
    const fee = jurorFee * BigInt(size);
    return { cost, size, fee, bond: cost - fee, burnBps };
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
