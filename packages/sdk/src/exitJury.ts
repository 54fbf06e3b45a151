import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Frees the stake of a juror that left 300 blocks ago and owes no vote. Throws `REVERTED` naming the block before that. */
export function exitJury(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'exitJury', args: [], sentence: "Free a juror's stake" });
}
