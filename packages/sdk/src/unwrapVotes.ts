import { neuroVotesAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Turns `amount` base units of votes back into NCR. What was voted stays voted. Throws `REVERTED` where there are fewer. */
export function unwrapVotes(parameters: { client: NeuroClient; amount: bigint }): Promise<Sent> {
  const { client, amount } = parameters;
  return client.send({ address: client.config.deployment.addresses.neuroVotes, abi: neuroVotesAbi, functionName: 'unwrap', args: [amount], sentence: 'Turn votes back into NCR' });
}
