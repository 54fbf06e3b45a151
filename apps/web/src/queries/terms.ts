import type { Purpose, TermsPolicy } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Hex } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

/** `limited`: whoever buys it signs a purpose. */
export type ShownPolicy = { policy: TermsPolicy; limited: boolean; sentences: string[] };

/** What a version's licence and its publisher admit, from the manifest, checked against the chain. It never changes. */
export const policyQuery = (assetId: number, version: number) =>
  queryOptions<ShownPolicy>({
    queryKey: ['policy', assetId, version],
    queryFn: async () => {
      const [client, { explainPolicy, readPolicy }] = await Promise.all([connect(), loadVerbs()]);
      const { policy, limits } = await readPolicy({ client, assetId, version });
      return { policy, limited: limits !== undefined, sentences: explainPolicy(policy) };
    },
    staleTime: Infinity,
  });

export const useStatePurposeMutation = () => useSigned(({ statePurpose }, client, input: { proofId: Hex; assetId: number; version: number; purpose: Purpose }) => statePurpose({ client, ...input }));
