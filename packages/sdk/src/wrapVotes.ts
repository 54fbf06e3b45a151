import { neuroVotesAbi } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { Sent } from './send.ts';
import { signPermit } from './signPermit.ts';

/**
 * Turns `amount` base units of NCR into as many votes and delegates all of the account's votes, to itself by default;
 * `null` leaves the delegation as it is. The votes count for proposals whose voting begins later than this second, and
 * the coins come back by `unwrapVotes` at any time. Throws `NO_FUNDS`, `REVERTED`.
 *
 * @example await wrapVotes({ client, amount: parseNcr('250000') });
 */
export async function wrapVotes(parameters: { client: NeuroClient; amount: bigint; delegatee?: Address | null }): Promise<Sent> {
  const { client, amount, delegatee = accountOf(client).address } = parameters;
  const { neuroVotes } = client.config.deployment.addresses;
  const permit = await signPermit({ client, spender: neuroVotes, value: amount });
  return client.send({ address: neuroVotes, abi: neuroVotesAbi, functionName: 'wrap', args: [amount, delegatee ?? zeroAddress, permit], sentence: 'Turn NCR into votes' });
}
