import type { Address, Hex } from 'viem';

/** A juror's vote as only the juror knows it until it is revealed. `contract` and `chainId` say which dispute is meant. */
export type SecretVote = { chainId: number; contract: Address; disputeId: bigint; round: number; juror: Address; ruling: number; salt: Hex };

/**
 * Keeps secret votes: without its salt a committed vote cannot be revealed, and the juror loses stake. `put` resolves once
 * the vote would survive a crash, and never removes another one.
 */
export type VoteStore = { put(vote: SecretVote): Promise<void>; list(): Promise<SecretVote[]> };

/** Votes in this process's memory: lost with it. */
export function memoryVotes(): VoteStore {
  const votes: SecretVote[] = [];
  return { put: async (vote) => void votes.push(vote), list: async () => [...votes] };
}
