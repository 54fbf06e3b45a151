import type { AuditItem, BackgroundJob, Hidden, Interval, Metric, Publisher, QueueItem, Ratings, ReportReason, Seller, Series } from '@neurodata/protocol';
import { type UseMutationOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';

export const sellerQuery = (address: Address) => queryOptions<Seller>({ queryKey: ['seller', address], queryFn: ({ signal }) => api.getSeller({ address }, { signal }) });

export const ratingsQuery = (assetId: number) => queryOptions<Ratings>({ queryKey: ['ratings', assetId], queryFn: ({ signal }) => api.getRatings({ assetId }, { signal }) });

export const seriesQuery = (parameters: { metric: Metric; interval: Interval; account?: Address | undefined }) =>
  queryOptions<Series>({ queryKey: ['series', parameters], queryFn: ({ signal }) => api.getSeries({ ...parameters, ...(parameters.account ? { account: parameters.account } : {}) }, { signal }) });

export const publisherQuery = (enabled: boolean) => queryOptions<Publisher>({ queryKey: ['publisher'], queryFn: ({ signal }) => api.getPublisher({}, { signal }), enabled });

export const queueQuery = (enabled: boolean) => queryOptions<QueueItem[]>({ queryKey: ['admin', 'queue'], queryFn: async ({ signal }) => (await api.listCurationQueue({ limit: 100 }, { signal })).items, enabled });

export const hiddenQuery = (enabled: boolean) => queryOptions<Hidden[]>({ queryKey: ['admin', 'hidden'], queryFn: async ({ signal }) => (await api.listHidden({ limit: 100 }, { signal })).items, enabled });

export const auditQuery = (enabled: boolean) => queryOptions<AuditItem[]>({ queryKey: ['admin', 'audit'], queryFn: async ({ signal }) => (await api.listAudit({ limit: 50 }, { signal })).items, enabled });

export const deadJobsQuery = (enabled: boolean) => queryOptions<BackgroundJob[]>({ queryKey: ['admin', 'jobs'], queryFn: async ({ signal }) => (await api.listBackgroundJobs({ state: 'dead', limit: 50 }, { signal })).items, enabled });

export const ownHiddenQuery = (enabled: boolean) => queryOptions<Hidden[]>({ queryKey: ['own hidden'], queryFn: async ({ signal }) => (await api.listOwnHidden(undefined, { signal })).items, enabled });

/** A deed after which what admins see is read again. */
export function useDeed<Input>(act: (input: Input) => Promise<unknown>): UseMutationOptions<unknown, Error, Input> {
  const queries = useQueryClient();
  return { mutationFn: act, onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: ['admin'] }), queries.invalidateQueries({ queryKey: ['own hidden'] })]) };
}

export const useReportMutation = () => useDeed((input: { subject: string; reason: ReportReason; evidence: string }) => api.report(input));

export const useDismissMutation = () => useDeed((input: { reportId: string; reason: string }) => api.dismissReport(input));

export const useHideMutation = () => useDeed((input: { subject: string; reason: string }) => api.hideSubject(input));

export const useShowMutation = () => useDeed((input: { subject: string; reason: string }) => api.showSubject(input));

export const useDecideMutation = () => useDeed((input: { subject: string; granted: boolean; reason: string }) => api.decideAppeal(input));

export const useAppealHiddenMutation = () => useDeed((input: { subject: string; text: string }) => api.appealHidden(input));

export const useRetryJobMutation = () => useDeed((jobId: string) => api.retryBackgroundJob({ jobId }));
