import { neuroCoinAbi, neuroVotesAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/**
 * NCR of an account, in base units: `balance` to spend, `wrapped` as votes (they turn back at any time), `weight` the votes
 * that the account casts, its own and others' that were delegated to it; `delegatee` casts the account's own. `supply` and
 * `cap` of the coin.
 */
export type CoinFacts = { balance: bigint; wrapped: bigint; weight: bigint; delegatee: Address; supply: bigint; cap: bigint };

/** Reads what an account holds of NCR and of votes, and how much NCR there is. */
export async function readCoin(parameters: { client: ChainReader; account: Address }): Promise<CoinFacts> {
  const { client: { publicClient, config }, account } = parameters;
  const coin = { address: config.deployment.addresses.neuroCoin, abi: neuroCoinAbi } as const;
  const votes = { address: config.deployment.addresses.neuroVotes, abi: neuroVotesAbi } as const;
  try {
    const [balance, wrapped, weight, delegatee, supply, cap] = await Promise.all([
      publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [account] }),
      publicClient.readContract({ ...votes, functionName: 'balanceOf', args: [account] }),
      publicClient.readContract({ ...votes, functionName: 'getVotes', args: [account] }),
      publicClient.readContract({ ...votes, functionName: 'delegates', args: [account] }),
      publicClient.readContract({ ...coin, functionName: 'totalSupply' }),
      publicClient.readContract({ ...coin, functionName: 'cap' }),
    ]);
    return { balance, wrapped, weight, delegatee, supply, cap };
  } catch (error) {
    throw toNeuroError(error);
  }
}
