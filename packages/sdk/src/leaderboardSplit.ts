import { type BoardSplit, type Deployment, NeuroError, leaderboardSplitOf } from '@neurodata/protocol';
import type { PublicClient } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readVersion } from './readVersion.ts';

export type SplitAfterParameters = {
  publicClient: PublicClient;
  deployment: Deployment;
  assetId: number;
  version: number;
  /** The block that registered the version. */
  registeredIn: number;
};

/**
 * The split of a version's leaderboard, from the hash of the block after the one that registered it. It counts as fixed
 * once that block is finalized: then no reorganisation changes it any more.
 */
export async function splitAfter(parameters: SplitAfterParameters): Promise<BoardSplit> {
  const { publicClient, deployment: { chainId, addresses }, assetId, version, registeredIn } = parameters;
  const block = registeredIn + 1;
  try {
    const finalized = await publicClient.getBlock({ blockTag: 'finalized' });
    if (finalized.number < BigInt(block)) return { fixed: false, block };
    const { hash: blockHash } = await publicClient.getBlock({ blockNumber: BigInt(block) });
    return { fixed: true, block, blockHash, split: leaderboardSplitOf({ chainId, registry: addresses.assetRegistry, assetId, version, blockHash }) };
  } catch (error) {
    throw toNeuroError(error);
  }
}

/** {@link splitAfter} for a version by its number, all of it read from the chain. Throws `NOT_FOUND`. */
export async function readLeaderboardSplit(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<BoardSplit> {
  const { client, assetId, version } = parameters;
  const { block } = await readVersion(parameters);
  const { publicClient, config: { deployment } } = client;
  return splitAfter({ publicClient, deployment, assetId, version, registeredIn: Number(block) });
}

/**
 * The split to put into a job spec so that the run counts on the leaderboard. Throws `NOT_FOUND`, or `NOT_READY` until
 * the chain has fixed it.
 *
 * @example const split = await leaderboardSplit({ client, assetId: 1, version: 1 }); // train: { ...train, split }
 */
export async function leaderboardSplit(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<Extract<BoardSplit, { fixed: true }>['split']> {
  const found = await readLeaderboardSplit(parameters);
  if (found.fixed) return found.split;
  throw new NeuroError(`The split of version ${parameters.version} of asset ${parameters.assetId} is not fixed yet: block ${found.block} decides, and is not finalized.`, { code: 'NOT_READY', remedy: 'Try again in a moment.', retryable: true });
}
