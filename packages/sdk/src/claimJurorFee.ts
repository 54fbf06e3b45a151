import { disputesAbi } from '@neurodata/protocol';
import { type Address, parseEventLogs } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { Sent } from './send.ts';

/**
 * Credits a juror (the account by default) with its share of the fee of a round in which it voted for the final ruling;
 * `withdrawCredits` from `disputes` pays it. `credited` in base units of NCR. Throws `REVERTED`.
 */
export async function claimJurorFee(parameters: { client: NeuroClient; disputeId: bigint; round: number; juror?: Address }): Promise<Sent & { credited: bigint }> {
  const { client, disputeId, round, juror = accountOf(client).address } = parameters;
  const sent = await client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'claimFee', args: [disputeId, round, juror], sentence: `Claim the juror's fee of dispute ${disputeId}` });
  const credited = parseEventLogs({ abi: disputesAbi, eventName: 'Credited', logs: sent.receipt.logs }).reduce((sum, { args }) => sum + args.amount, 0n);
  return { ...sent, credited };
}
