import { disputesAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody: frees a juror from seats on which it stayed silent past the end of a round, for the penalty. Throws `REVERTED`. */
export function closeSeat(parameters: { client: NeuroClient; disputeId: bigint; round: number; juror: Address }): Promise<Sent> {
  const { client, disputeId, round, juror } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'closeSeat', args: [disputeId, round, juror], sentence: `Close the seat of a silent juror in dispute ${disputeId}` });
}
