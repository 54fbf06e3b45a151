import { encodeAbiParameters, keccak256 } from 'viem';
import type { Address, Hex } from 'viem';
import type { JobSpec } from './jobSpec.ts';
import type { JobState } from './states.ts';

export type Split = JobSpec['train']['split'];

/** The part of a dataset version's rows that its leaderboard holds out. A quarter can be written in binary, so that no rounding decides how many rows that is. */
export const leaderboardTestFraction = 0.25;

const domain = 'neurodata leaderboard split 1';
const words = [{ type: 'string' }, { type: 'uint256' }, { type: 'address' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'bytes32' }] as const;

export type LeaderboardSeed = {
  chainId: number;
  /** The AssetRegistry's address. */
  registry: Address;
  assetId: number;
  version: number;
  /** Hash of the block right after the one that registered the version: while somebody publishes, nobody has it. */
  blockHash: Hex;
};

/**
 * The split that all runs on a dataset version's leaderboard share. The seed, an integer below 2^32, is the first four
 * bytes, big endian, of keccak256(abi.encode("neurodata leaderboard split 1", chainId, registry, assetId, version,
 * blockHash)): anybody recomputes it from public data, and it is unknown until the version is on chain.
 *
 * @example leaderboardSplitOf({ chainId: 31337, registry, assetId: 1, version: 1, blockHash }) // { rule: 'hash-rank', seed: 1234567890, testFraction: 0.25 }
 */
export function leaderboardSplitOf({ chainId, registry, assetId, version, blockHash }: LeaderboardSeed): Split {
  const digest = keccak256(encodeAbiParameters(words, [domain, BigInt(chainId), registry, BigInt(assetId), BigInt(version), blockHash]));
  return { rule: 'hash-rank', seed: Number.parseInt(digest.slice(2, 10), 16), testFraction: leaderboardTestFraction };
}

/** Whether a run counts: `later` where only its verdict is missing. `reason`: a sentence for people. */
export type Standing = { counts: 'yes' | 'later' | 'no'; reason: string };

export type StandingParameters = {
  state: JobState;
  /** Of the receipt: not 0 where the buyer ended the run early. */
  totalSteps?: number | undefined;
  train: Pick<JobSpec['train'], 'task' | 'target' | 'split'>;
  /** `metrics` of a trial run. */
  output?: JobSpec['output'] | undefined;
  /** The leaderboard's; undefined while the chain has not fixed it. */
  split: Split | undefined;
};

/** Whether a run counts on the leaderboard of its dataset version, and why not. */
export function leaderboardStanding({ state, totalSteps = 0, train, output, split }: StandingParameters): Standing {
  const no = (reason: string): Standing => ({ counts: 'no', reason });
  if (train.target === null) return no(`There is no leaderboard for ${train.task}: its scores depend on the columns that each run chose.`);
  if (output === 'metrics') return no('It is a trial run, whose scores are rounded.');
  if (split === undefined) return no('The chain has not fixed the split of this version yet.');
  if (!isSameSplit(train.split, split)) return no(`It is tested on other rows than the leaderboard's (seed ${split.seed}, ${split.testFraction * 100} % held out).`);
  if (state === 'settled') return totalSteps === 0 ? { counts: 'yes', reason: 'Validators repeated it on the rows that all runs there are tested on.' } : no('Its buyer ended it early.');
  if (state === 'cancelled') return no('Its buyer ended it early.');
  if (state === 'refunded') return no('It came to no verdict, and the money went back.');
  if (state === 'rejected' || state === 'slashed') return no('Validators rejected its receipt.');
  return { counts: 'later', reason: 'It is tested on the same rows, and counts once its verdict is final.' };
}

function isSameSplit(one: Split, other: Split): boolean {
  return one.rule === other.rule && one.seed === other.seed && one.testFraction === other.testFraction;
}
