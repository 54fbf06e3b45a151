import { disputesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/**
 * Takes `tickets` (1 to 10 in all) for the draws of juries; each locks a part of the account's free stake. Throws
 * `REVERTED`, also where too little stake is free.
 *
 * @example await joinJury({ client, tickets: 3 });
 */
export function joinJury(parameters: { client: NeuroClient; tickets: number }): Promise<Sent> {
  const { client, tickets } = parameters;
  return client.send({ address: client.config.deployment.addresses.disputes, abi: disputesAbi, functionName: 'joinJury', args: [tickets], sentence: `Join the jurors with ${tickets} tickets` });
}
