import { trainingAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/**
 * Takes a job back, as its buyer. Before a worker has claimed it, everything returns at once; after that the worker may
 * hand in what it has done, is paid for those steps, and the rest returns. Throws `REVERTED`.
 */
export function cancelJob(parameters: { client: NeuroClient; jobId: Hex }): Promise<Sent> {
  const { client, jobId } = parameters;
  return client.send({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'cancelJob', args: [jobId], sentence: `Cancel job ${jobId}` });
}
