import { z } from 'zod';
import { addressSchema, amountSchema, hex32Schema, secondsSchema } from './schemas.ts';
import { assetKinds } from './states.ts';
import { intervals } from './timeBuckets.ts';
import { usageSchema } from './trustDto.ts';

/** An amount in base units; `token` null for NCR. */
const tokenAmountSchema = z.object({ token: addressSchema.nullable(), amount: amountSchema });

/** What events of the chain say that amounts are: see the view `money_flows`. */
export const flowKinds = ['ordered', 'hired', 'subscribed', 'dealt', 'earned', 'worked', 'validated', 'refunded', 'fee', 'royalty', 'staked', 'unbonded', 'slashed', 'delegated', 'undelegated'] as const;
export type FlowKind = (typeof flowKinds)[number];

export const metrics = ['orders', 'runs', 'verifiedRuns', 'spending', 'earnings', 'payouts', 'refunds', 'fees', 'royalties', 'slashing', 'escrow', 'stake'] as const;
export type Metric = (typeof metrics)[number];

export const seriesSchema = z.object({
  metric: z.enum(metrics),
  interval: z.enum(intervals),
  account: addressSchema.optional(),
  /** `escrow` and `stake` say what there was at an interval's end; all others what happened in it. */
  level: z.boolean(),
  /** Every interval of the range and every token of it, so that nothing has to be filled in. `end`: the first second after it. */
  points: z.array(z.object({ start: secondsSchema, end: secondsSchema, values: z.array(tokenAmountSchema.extend({ count: z.number().int() })) })),
  /** Over the whole range; the last level. */
  totals: z.array(tokenAmountSchema.extend({ count: z.number().int() })),
});
export type Series = z.output<typeof seriesSchema>;

export const flowSchema = tokenAmountSchema.extend({
  at: secondsSchema, block: z.number().int(), logIndex: z.number().int(), transaction: hex32Schema, kind: z.enum(flowKinds),
  /** Whose it is, and who stands on the other side. */
  account: addressSchema.optional(), other: addressSchema.optional(), assetId: z.number().int().optional(),
  /** What it is about, e.g. `order:0x01..`. */
  subject: z.string(),
});
export type Flow = z.output<typeof flowSchema>;

export const validatorHealthSchema = z.object({
  validatorId: z.number().int(), account: addressSchema, active: z.boolean(), stake: amountSchema,
  /** Rounds of the range in which it had a seat, committed, revealed, and did not in time. */
  rounds: z.number().int(), committed: z.number().int(), revealed: z.number().int(), missed: z.number().int(),
  /** Times that it lost stake, and how much, by whatever fault. */
  faults: z.number().int(), penalties: amountSchema, earned: amountSchema,
});
export type ValidatorHealth = z.output<typeof validatorHealthSchema>;

export const trainingLoadSchema = z.object({
  /** Jobs now, by where they are. */
  open: z.number().int(), running: z.number().int(), checked: z.number().int(),
  workers: z.number().int(), cores: z.number().int(), memoryMiB: z.number().int(),
  /** In the range. */
  opened: z.number().int(), settled: z.number().int(), slashed: z.number().int(), refunded: z.number().int(),
  /** Work of the opened ones, see `needsOfRun`. */
  units: z.number().int(),
  /** Medians of the jobs that were claimed, or handed in, in the range. */
  waitSeconds: z.number().int().nullable(), runSeconds: z.number().int().nullable(),
});
export type TrainingLoad = z.output<typeof trainingLoadSchema>;

const incomeSchema = z.object({ token: addressSchema.nullable(), sales: amountSchema, runs: amountSchema, subscriptions: amountSchema });

/** What only whoever owns or sells an asset sees of it, for a range. */
export const publisherItemSchema = z.object({
  assetId: z.number().int(), kind: z.enum(assetKinds), title: z.string(),
  /** Visitors of its page, each once a day. */
  views: z.number().int(), buyers: z.number().int(), orders: z.number().int(), runs: z.number().int(), verifiedRuns: z.number().int(), trained: z.number().int(),
  income: z.array(incomeSchema),
});
export type PublisherItem = z.output<typeof publisherItemSchema>;
export const publisherSchema = z.object({ from: secondsSchema, to: secondsSchema, wallets: z.array(addressSchema), items: z.array(publisherItemSchema), income: z.array(incomeSchema), views: z.array(z.object({ day: secondsSchema, visitors: z.number().int() })) });
export type Publisher = z.output<typeof publisherSchema>;
export const publisherAssetSchema = z.object({ from: secondsSchema, to: secondsSchema, usage: usageSchema, income: z.array(incomeSchema), views: z.array(z.object({ day: secondsSchema, visitors: z.number().int() })) });
export type PublisherAsset = z.output<typeof publisherAssetSchema>;

export const sellerSchema = z.object({
  seller: addressSchema,
  /** The newest indexed block, and its time: what the facts and the reputation are of. */
  block: z.number().int(),
  at: secondsSchema,
  facts: z.object({
    sellingSince: secondsSchema.nullable(), opened: z.number().int(), granted: z.number().int(), completed: z.number().int(), refunded: z.number().int(), disputed: z.number().int(), disputesLost: z.number().int(), disputesWon: z.number().int(),
    buyers: z.number().int(), verifiedRuns: z.number().int(), deliverySeconds: z.number().int().nullable(), volume: z.array(tokenAmountSchema),
  }),
  reputation: z.object({
    score: z.number().int(), enough: z.boolean(), parts: z.object({ reliability: z.number().int(), fairness: z.number().int(), speed: z.number().int(), experience: z.number().int(), age: z.number().int() }),
    refundRate: z.number().int().nullable(), disputeRate: z.number().int().nullable(), ageDays: z.number().int(),
  }),
});
export type Seller = z.output<typeof sellerSchema>;
