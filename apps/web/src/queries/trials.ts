import type { TrialFacts, TrialOffer } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

/** What trials a compute listing offers, how many are left to an account, and how long their fees wait; null where none are offered. From the chain. */
export const trialOfferQuery = (listingId: number | undefined, account: Address | undefined) =>
  queryOptions<TrialOffer | null>({
    queryKey: ['job', 'trials', listingId, account],
    queryFn: async () => {
      const [client, { readTrialOffer }] = await Promise.all([connect(), loadVerbs()]);
      return (await readTrialOffer({ client, listingId: listingId ?? 0, account })) ?? null;
    },
    enabled: listingId !== undefined,
  });

/** Where the fee of a trial run is; null for a run that is no trial. From the chain. */
export const trialQuery = (jobId: Hex) =>
  queryOptions<TrialFacts | null>({
    queryKey: ['job', 'trial', jobId],
    queryFn: async () => {
      const [client, { readTrial }] = await Promise.all([connect(), loadVerbs()]);
      return (await readTrial({ client, jobId })) ?? null;
    },
  });

export const useOfferTrialsMutation = () => useSigned(({ offerTrials }, client, input: { listingId: number; fee: bigint; cap: number }) => offerTrials({ client, ...input }));
