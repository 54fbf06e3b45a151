import type { ReadTableCheckResult } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';

const PENDING_MS = 4_000;

/** What validators found of a dataset beyond their verdict; signatures are checked here, against the chain. Asked again while its round goes on. */
export const tableCheckQuery = ({ assetId, version, pending }: { assetId: number; version: number; pending: boolean }) =>
  queryOptions<ReadTableCheckResult>({
    queryKey: ['asset', assetId, 'table-check', version],
    queryFn: async () => {
      const [client, { readTableCheck }] = await Promise.all([connect(), loadVerbs()]);
      return readTableCheck({ client, assetId, version });
    },
    refetchInterval: pending ? PENDING_MS : false,
  });
