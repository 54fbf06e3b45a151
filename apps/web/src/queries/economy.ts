import type { DealDto, DisputeDto, JurorDto, ProposalDto, ReviewDto } from '@neurodata/protocol';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { api } from '../client/api.ts';
import { connect } from '../client/connect.ts';

const newest = { limit: 100 } as const;

/** The newest deals, or those in which an account is buyer, seller or arbiter. */
export const dealsQuery = (party?: Address) =>
  queryOptions<DealDto[]>({ queryKey: ['deals', party], queryFn: async ({ signal }) => (await api.listDeals({ ...newest, ...(party ? { party } : {}) }, { signal })).items });

export const dealQuery = (dealId: Hex) => queryOptions<DealDto>({ queryKey: ['deal', dealId], queryFn: ({ signal }) => api.getDeal({ dealId }, { signal }) });

export const disputeQuery = (disputeId: number) =>
  queryOptions<DisputeDto>({ queryKey: ['dispute', disputeId], queryFn: ({ signal }) => api.getDispute({ disputeId }, { signal }) });

export const jurorsQuery = () => queryOptions<JurorDto[]>({ queryKey: ['jurors'], queryFn: async ({ signal }) => (await api.listJurors(newest, { signal })).items });

/** Whether voting should begin or end by now; the chain's next block will say so. */
const isDue = ({ state, voteStart, voteEnd }: ProposalDto): boolean => (state === 'pending' || state === 'active') && (state === 'pending' ? voteStart : voteEnd) <= Date.now() / 1000;

const PROPOSALS_SHOWN = 10;
type Proposals = { items: ProposalDto[]; next?: number | undefined };

/** Newest first, page by page. A proposal's state moves with the clock, so that it is read again even if nothing happens. */
export const proposalsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['proposals'], queryFn: ({ pageParam, signal }): Promise<Proposals> => api.listProposals({ limit: PROPOSALS_SHOWN, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as number | undefined, getNextPageParam: (page: Proposals) => page.next, refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isDue)) ? 3_000 : 15_000),
  });

export const reviewsQuery = (assetId: number) =>
  queryOptions<ReviewDto[]>({ queryKey: ['reviews', assetId], queryFn: async ({ signal }) => (await api.listReviews({ ...newest, assetId }, { signal })).items });

/** The text of a review or of evidence by its address; what comes back was hashed again, and is what the address names. */
export const storedTextQuery = (cid: string | undefined) =>
  queryOptions<string>({
    queryKey: ['stored-text', cid],
    queryFn: async () => {
      const bytes = await (await connect()).storage.readRaw(cid ?? '');
      const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
      return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? value.text.slice(0, 5_000) : '';
    },
    enabled: cid !== undefined,
    staleTime: Infinity,
    retry: 1,
  });
