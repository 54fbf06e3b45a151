import { z } from 'zod';
import { flowKinds, flowSchema, metrics, publisherAssetSchema, publisherSchema, sellerSchema, seriesSchema, trainingLoadSchema, validatorHealthSchema } from './analyticsDto.ts';
import type { Route } from './route.ts';
import { addressSchema, assetIdSchema } from './schemas.ts';
import { intervals } from './timeBuckets.ts';
import { usageSchema } from './trustDto.ts';

const seconds = z.coerce.number().int().min(0).max(2 ** 40).optional();
/** Unix seconds; the last thirty days, or intervals, where absent. */
const range = { from: seconds, to: seconds };

/** Figures about the market, sellers and assets. Those that are lists have a twin with the same query at `<path>.csv`. */
export const analyticsRoutes = {
  getSeller: { method: 'GET', path: '/api/v1/sellers/{address}', summary: 'The reputation of a seller and the chain facts that it follows from, see `sellerReputation`', params: z.object({ address: addressSchema }), response: sellerSchema },
  getUsage: { method: 'GET', path: '/api/v1/assets/{assetId}/usage', summary: 'Who uses an asset: buyers, runs per version, and what was trained on it', params: z.object({ assetId: assetIdSchema }), response: usageSchema },
  getSeries: {
    method: 'GET', path: '/api/v1/stats/series', summary: 'A figure of the market over time, or of one account, without gaps and in base units; also .csv',
    query: z.object({ metric: z.enum(metrics), interval: z.enum(intervals).optional(), account: addressSchema.optional(), ...range }), response: seriesSchema,
  },
  listFlows: {
    method: 'GET', path: '/api/v1/stats/flows', summary: 'Every amount that an event of the range names, newest first; also .csv',
    query: z.object({ account: addressSchema.optional(), kind: z.enum(flowKinds).optional(), ...range, cursor: z.string().regex(/^\d{1,15}\.\d{1,9}\.[a-z]{1,20}$/).optional(), limit: z.coerce.number().int().min(1).max(100).optional() }),
    response: z.object({ items: z.array(flowSchema), next: z.string().optional() }),
  },
  listValidatorHealth: { method: 'GET', path: '/api/v1/stats/validators', summary: 'What validators did, missed and lost in a range; also .csv', query: z.object(range), response: z.object({ items: z.array(validatorHealthSchema) }) },
  getTrainingLoad: { method: 'GET', path: '/api/v1/stats/training', summary: 'Jobs and workers now, and what came of jobs in a range; also .csv', query: z.object(range), response: trainingLoadSchema },
  getPublisher: {
    method: 'GET', path: '/api/v1/publisher', summary: 'Views, buyers, runs and income of everything that the linked wallets own or sell; also .csv', access: 'session',
    query: z.object(range), response: publisherSchema,
  },
  getPublisherAsset: {
    method: 'GET', path: '/api/v1/publisher/assets/{assetId}', summary: 'The same of one asset, day by day; for whoever owns or sells it', access: 'session',
    params: z.object({ assetId: assetIdSchema }), query: z.object(range), response: publisherAssetSchema,
  },
} as const satisfies Record<string, Route>;

export type AnalyticsRouteName = keyof typeof analyticsRoutes;
