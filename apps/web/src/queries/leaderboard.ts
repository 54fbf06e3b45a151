import type { BoardSplit, LeaderboardDto } from '@neurodata/protocol';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';

export type BoardChoice = { assetId: number; version: number; task?: 'classification' | 'regression'; target?: string; sort?: string };

/** A dataset version's leaderboard; its split is recomputed from the chain's blocks. */
export const leaderboardQuery = (choice: BoardChoice) =>
  infiniteQueryOptions({
    queryKey: ['leaderboard', choice.assetId, choice],
    queryFn: async ({ pageParam }): Promise<LeaderboardDto> => {
      const [client, { readLeaderboard }] = await Promise.all([connect(), loadVerbs()]);
      return readLeaderboard({ client, ...choice, limit: 25, ...(pageParam === undefined ? {} : { cursor: pageParam }) });
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.split.fixed === false ? 2_000 : false),
  });

/** The split that the chain fixed for a version's leaderboard. Once it is there it never changes. */
export const boardSplitQuery = (assetId: number, version: number) =>
  queryOptions<BoardSplit>({
    queryKey: ['leaderboard-split', assetId, version],
    queryFn: async () => {
      const [client, { readLeaderboardSplit }] = await Promise.all([connect(), loadVerbs()]);
      return readLeaderboardSplit({ client, assetId, version });
    },
    staleTime: ({ state }) => (state.data?.fixed ? Infinity : 0),
    refetchInterval: ({ state }) => (state.data?.fixed === false ? 2_000 : false),
  });
