import { type DisputeDto, NeuroError } from '@neurodata/protocol';
import type { AppealTerms, EvidenceDocument } from '@neurodata/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { t } from '../language/t.ts';
import { blobOf, pieces } from '../workers/blobs.ts';
import { useSigned } from './mutations.ts';

const PAGE = 25;
type Page = { items: DisputeDto[]; next?: number | undefined };

/** Disputes, newest first, page by page. */
export const disputesQuery = () =>
  infiniteQueryOptions({
    queryKey: ['disputes'], queryFn: ({ pageParam, signal }): Promise<Page> => api.listDisputes({ limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: undefined as number | undefined, getNextPageParam: (page: Page) => page.next,
  });

// Under `dispute`, so that whatever moves the dispute makes these stale too.

/** What an appeal would cost and buy now, from the chain; for a dispute that can be appealed. */
export const appealTermsQuery = (disputeId: number) =>
  queryOptions<AppealTerms>({
    queryKey: ['dispute', disputeId, 'appeal'],
    queryFn: async () => {
      const [client, { readAppealTerms }] = await Promise.all([connect(), loadVerbs()]);
      return readAppealTerms({ client, disputeId: BigInt(disputeId) });
    },
  });

/** What a jury of the first size costs now, from the chain. */
export const juryCostQuery = () =>
  queryOptions<bigint>({
    queryKey: ['disputes', 'jury-cost'],
    queryFn: async () => {
      const [client, { readJuryCost }] = await Promise.all([connect(), loadVerbs()]);
      return readJuryCost(client);
    },
  });

/** What somebody gave as evidence: text and files, which were hashed again, and are what the address names. */
export const evidenceQuery = (cid: string | undefined) =>
  queryOptions<EvidenceDocument>({
    queryKey: ['evidence', cid],
    queryFn: async () => {
      const [client, { readEvidence }] = await Promise.all([connect(), loadVerbs()]);
      return readEvidence({ client, cid: cid ?? '' });
    },
    enabled: cid !== undefined,
    staleTime: Infinity,
    retry: 1,
  });

/** A file of somebody's evidence, whole. */
export async function readEvidenceFile(cid: string): Promise<Blob> {
  const { storage } = await connect();
  return blobOf(storage.readFile({ cid }), 'application/octet-stream');
}

/** The buyer and the seller of what a dispute is about, or the owner of the asset; those whom the node does not know are left out. */
export const partiesQuery = ({ disputeId, deal, orderId, asset }: Pick<DisputeDto, 'disputeId' | 'deal' | 'orderId' | 'asset'>) =>
  queryOptions<{ buyer?: Address; seller?: Address; owner?: Address }>({
    queryKey: ['dispute', disputeId, 'parties'],
    queryFn: async ({ signal }) => {
      if (deal) {
        const { buyer, seller } = await api.getDeal({ dealId: deal.dealId }, { signal });
        return { buyer, seller };
      }
      if (orderId) {
        const { buyer, seller } = await api.getOrder({ orderId }, { signal });
        return { buyer, seller };
      }
      return asset ? { owner: (await api.getAsset({ assetId: asset.assetId }, { signal })).owner } : {};
    },
    staleTime: 60_000,
  });

export const useEvidenceMutation = () =>
  useSigned(({ submitEvidence }, client, { disputeId, text, files }: { disputeId: number; text: string; files: readonly File[] }) =>
    submitEvidence({ client, disputeId: BigInt(disputeId), text, files: files.map((file) => ({ name: file.name, size: file.size, content: pieces(file) })) }));

export const useDrawMutation = () =>
  useSigned(async ({ drawJury }, client, disputeId: number) => {
    const last = (await drawJury({ client, disputeId: BigInt(disputeId) })).transactions.at(-1);
    if (!last) throw new NeuroError(t`Somebody else has drawn the jury meanwhile.`, { code: 'CONFLICT', remedy: t`Nothing is left to draw.` });
    return last;
  });

export const useAppealDisputeMutation = () => useSigned(({ appealDispute }, client, disputeId: number) => appealDispute({ client, disputeId: BigInt(disputeId) }));
export const useConcludeMutation = () => useSigned(({ concludeDispute }, client, disputeId: number) => concludeDispute({ client, disputeId: BigInt(disputeId) }));
export const useExecuteRulingMutation = () => useSigned(({ executeRuling }, client, disputeId: number) => executeRuling({ client, disputeId: BigInt(disputeId) }));

export const useCloseSeatMutation = () =>
  useSigned(({ closeSeat }, client, { disputeId, ...input }: { disputeId: number; round: number; juror: Address }) => closeSeat({ client, disputeId: BigInt(disputeId), ...input }));
