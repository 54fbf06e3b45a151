import type { JobDto, JobSpec, Receipt } from '@neurodata/protocol';
import type { Check, ModelCard, RunPart, VerdictRules } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { language } from '../language/language.ts';
import { checkReceipt } from '../workers/vault.ts';

export const jobQuery = (jobId: Hex) => queryOptions<JobDto>({ queryKey: ['job', jobId], queryFn: ({ signal }) => api.getJob({ jobId }, { signal }) });

export const jobsQuery = (filter: { buyer?: Address | undefined; assetId?: number; worker?: Address }) =>
  queryOptions<JobDto[]>({
    queryKey: ['jobs', filter],
    queryFn: async ({ signal }) => {
      const known = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as { buyer?: Address; assetId?: number; worker?: Address };
      return (await api.listJobs({ ...known, limit: 100 }, { signal })).items;
    },
  });

/** A submitted run's receipt and spec, read by the digests on chain. They never change. */
export const receiptQuery = (job: JobDto | undefined) =>
  queryOptions<{ receipt: Receipt; spec: JobSpec }>({
    queryKey: ['receipt', job?.jobId],
    queryFn: async () => {
      const [client, { readReceipt }] = await Promise.all([connect(), loadVerbs()]);
      const { receipt, spec } = await readReceipt({ client, jobId: job?.jobId ?? '0x' });
      return { receipt, spec };
    },
    enabled: job?.receipt !== undefined,
    staleTime: Infinity,
  });

/** The card of a run's model in the reader's language, as structure and as Markdown. */
export const cardQuery = (jobId: Hex, title: string) =>
  queryOptions<{ card: ModelCard; markdown: string }>({
    queryKey: ['model-card', jobId, title],
    queryFn: async () => {
      const [client, { cardMarkdown, readModelCard }, other] = await Promise.all([connect(), loadVerbs(), language === 'en' ? undefined : import('../language/cards.ts')]);
      const card = other ? other.sayCard(await readModelCard({ client, jobId, title, words: other.cardWords })) : await readModelCard({ client, jobId, title });
      return { card, markdown: cardMarkdown(card) };
    },
    staleTime: Infinity,
  });

/** What can be checked of a receipt without the data, and how far to repeat the run; runs when somebody asks for it. */
export const receiptChecksQuery = (jobId: Hex) =>
  queryOptions<{ checks: Check[]; part: RunPart }>({
    queryKey: ['receipt-checks', jobId],
    queryFn: () => checkReceipt({ jobId }),
    gcTime: 60_000,
  });

/** What cancelling or challenging a run means now, from the chain. */
export const verdictRulesQuery = () =>
  queryOptions<VerdictRules>({
    queryKey: ['verdict-rules'],
    queryFn: async () => {
      const [client, { readVerdictRules }] = await Promise.all([connect(), loadVerbs()]);
      return readVerdictRules({ client });
    },
    staleTime: 60_000,
  });
