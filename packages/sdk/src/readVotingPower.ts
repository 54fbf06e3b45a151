import { governorAbi, neuroVotesAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** What an account weighs in a vote, in base units, and whether it has voted. Until voting begins `votes` are those that it has now; from then on they are fixed. */
export type VotingPower = { votes: bigint; voted: boolean };

/** Reads with how many votes an account takes part in the vote on a proposal. */
export async function readVotingPower(parameters: { client: ChainReader; proposalId: bigint; account: Address }): Promise<VotingPower> {
  const { client: { publicClient, config: { deployment: { addresses } } }, proposalId, account } = parameters;
  const governor = { address: addresses.governor, abi: governorAbi } as const;
  try {
    const [begin, voted, { timestamp }] = await Promise.all([
      publicClient.readContract({ ...governor, functionName: 'proposalSnapshot', args: [proposalId] }),
      publicClient.readContract({ ...governor, functionName: 'hasVoted', args: [proposalId, account] }),
      publicClient.getBlock(),
    ]);
    // Votes are known of the past only.
    const votes = begin < timestamp
      ? await publicClient.readContract({ ...governor, functionName: 'getVotes', args: [account, begin] })
      : await publicClient.readContract({ address: addresses.neuroVotes, abi: neuroVotesAbi, functionName: 'getVotes', args: [account] });
    return { votes, voted };
  } catch (error) {
    throw toNeuroError(error);
  }
}
