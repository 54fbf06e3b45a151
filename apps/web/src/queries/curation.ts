import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';

/** Whether an account is one of the curators, as the contract says. */
export const curatorQuery = (account: Address | undefined) =>
  queryOptions<boolean>({
    queryKey: ['curator', account],
    queryFn: async () => {
      const [client, { isCurator }] = await Promise.all([connect(), loadVerbs()]);
      return isCurator({ client, account: account ?? '0x' });
    },
    enabled: account !== undefined,
    staleTime: 60_000,
  });

/** What appealing a suspension costs now, and whether there are jurors for it. */
export const suspensionAppealQuery = () =>
  queryOptions<{ cost: bigint; jury: boolean }>({
    queryKey: ['suspension-appeal'],
    queryFn: async () => {
      const [client, { readSuspensionAppeal }] = await Promise.all([connect(), loadVerbs()]);
      return readSuspensionAppeal(client);
    },
  });
