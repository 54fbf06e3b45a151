import { trainingAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Returns the money of a job that nobody claimed or finished in time. Anybody may. */
export function refundJob(parameters: { client: NeuroClient; jobId: Hex }): Promise<Sent> {
  const { client, jobId } = parameters;
  return client.send({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'refundJob', args: [jobId], sentence: `Refund job ${jobId}` });
}
