import { type LeaderboardDto, NeuroError } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { readLeaderboardSplit } from './leaderboardSplit.ts';

export type ReadLeaderboardParameters = {
  client: NeuroClient;
  assetId: number;
  /** The newest one by default. */
  version?: number;
  /** By default the section with most runs. */
  task?: 'classification' | 'regression';
  target?: string;
  /** A score's name, `cost`, `time` or `steps`; by default the task's main score. */
  sort?: string;
  cursor?: number;
  limit?: number;
};

/**
 * A page of a dataset version's leaderboard, as the node has it from the chain and the runs' receipts. The split is
 * recomputed from the chain's blocks: throws `CONTENT_MISMATCH` where the node names another one, `NOT_FOUND`, `BAD_INPUT`.
 *
 * @example const { items } = await readLeaderboard({ client, assetId: 1, target: 'species', sort: 'cost' });
 */
export async function readLeaderboard({ client, ...query }: ReadLeaderboardParameters): Promise<LeaderboardDto> {
  const board = await client.api.getLeaderboard(query);
  if (!board.split.fixed) return board;
  const { assetId, version } = board;
  const own = await readLeaderboardSplit({ client, assetId, version });
  // The node may see the deciding block finalized a moment before this client does.
  if (!own.fixed || (own.blockHash === board.split.blockHash && own.split.seed === board.split.split.seed && own.split.testFraction === board.split.split.testFraction)) return board;
  throw new NeuroError(`The node names seed ${board.split.split.seed} for the leaderboard of asset ${assetId}, but block ${own.block} gives ${own.split.seed}.`, { code: 'CONTENT_MISMATCH', remedy: 'Use another node.' });
}
