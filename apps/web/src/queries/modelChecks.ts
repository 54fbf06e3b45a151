import type { EvaluationTable } from '@neurodata/protocol';
import type { ReadModelCheckResult } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';
import { readTable } from '../workers/vault.ts';

const PENDING_MS = 4_000;

/** What was claimed and measured of an uploaded model; signatures and claims are checked here, against the chain. */
export const modelCheckQuery = (assetId: number, version: number) =>
  queryOptions<ReadModelCheckResult>({
    queryKey: ['asset', assetId, 'model-check', version],
    queryFn: async () => {
      const [client, { readModelCheck }] = await Promise.all([connect(), loadVerbs()]);
      return readModelCheck({ client, assetId, version });
    },
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? PENDING_MS : false),
  });

/** The bytes of a table that was published along, checked against its digest. */
export const tableMutation = () => ({
  mutationFn: (table: EvaluationTable & { kind: 'file' }): Promise<Blob> => readTable({ table }),
});
