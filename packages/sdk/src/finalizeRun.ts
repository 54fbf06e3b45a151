import { trainingAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Ends a run whose verdict nobody has overturned in time: pays, or slashes. Anybody may. Throws `REVERTED`. */
export function finalizeRun(parameters: { client: NeuroClient; jobId: Hex }): Promise<Sent> {
  const { client, jobId } = parameters;
  return client.send({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'finalize', args: [jobId], sentence: `Finalize job ${jobId}` });
}
