import { type ChallengeKind, type ChallengeOutcome, type ChallengeStage, NeuroError, challengeKinds, challengeOutcomes, challengeStages, challengesAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** A challenge as the chain has it. `low` and `high` bound the step in question; a digest of zeros was not posted. */
export type ChallengeFacts = {
  challengeId: number; jobId: Hex; challenger: Address; kind: ChallengeKind; stage: ChallengeStage; outcome: ChallengeOutcome; moveUntil: number; bond: bigint;
  low: number; high: number; count: number; receiptRoot: Hex; counterRoot: Hex; receiptPosted: Hex; counterPosted: Hex; roundId: Hex;
};

/** Throws `NOT_FOUND`. */
export async function readChallenge(parameters: { client: NeuroClient; challengeId: number }): Promise<ChallengeFacts> {
  const { client, challengeId } = parameters;
  const read = await client.publicClient.readContract({
    address: client.config.deployment.addresses.challenges, abi: challengesAbi, functionName: 'challengeOf', args: [BigInt(challengeId)],
  }).catch((error: unknown) => { throw toNeuroError(error); });
  const { jobId, challenger, moveUntil, bond, low, high, count, receiptRoot, counterRoot, receiptPosted, counterPosted, roundId } = read;
  const kind = challengeKinds[read.kind] ?? 'none';
  if (kind === 'none') throw new NeuroError(`There is no challenge ${challengeId}.`, { code: 'NOT_FOUND', remedy: 'Check the number.' });
  return {
    challengeId, jobId, challenger, kind, stage: challengeStages[read.stage] ?? 'none', outcome: challengeOutcomes[read.outcome] ?? 'void', moveUntil, bond,
    low, high, count, receiptRoot, counterRoot, receiptPosted, counterPosted, roundId,
  };
}
