import { trialsAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/**
 * Sends a trial run's fee where it belongs: to the buyer where the run has failed or the order that was named is completed, to the
 * publisher once the period is over. With an `orderId`: names an order of the same account and asset first, and ends the trial at once where that
 * one is completed. Anybody may. Throws `REVERTED` while neither is due.
 */
export function settleTrial({ client, jobId, orderId }: { client: NeuroClient; jobId: Hex; orderId?: Hex | undefined }): Promise<Sent> {
  const contract = { address: client.config.deployment.addresses.trials, abi: trialsAbi } as const;
  if (orderId === undefined) return client.send({ ...contract, functionName: 'settle', args: [jobId], sentence: `Send the fee of trial run ${jobId} where it belongs` });
  return client.send({ ...contract, functionName: 'count', args: [jobId, orderId], sentence: `Count the fee of trial run ${jobId} towards order ${orderId}` });
}
