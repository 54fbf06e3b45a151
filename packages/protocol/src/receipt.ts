import type { Hex } from 'viem';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from './bytes.ts';
import { defineDocument } from './document.ts';
import { parameterValue } from './jobSpec.ts';
import { addressSchema, cidSchema, hex32Schema, hexSchema } from './schemas.ts';

const curveSchema = z.array(z.tuple([z.number(), z.number()])).max(101);
const calibrationBin = z.object({ predicted: z.number(), observed: z.number(), rows: z.number().int() });

const pointsSchema = z.union([z.array(z.number()).max(21), z.array(z.string()).max(21)]);
const explanationSchema = z.object({
  importance: z.object({
    score: z.enum(['accuracy', 'r2']), rows: z.number().int(), repeats: z.number().int(), baseline: z.number(),
    features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number() })).max(10_000),
  }).exactOptional(),
  dependence: z.object({
    rows: z.number().int(),
    classes: z.array(z.string()).max(10),
    features: z.array(z.object({ name: z.string(), points: pointsSchema, means: z.array(z.array(z.number()).max(10)).max(21) })).max(20),
  }).exactOptional(),
  notes: z.array(z.string().max(300)).max(4),
});

const spreadSchema = z.object({ mean: z.number(), deviation: z.number() }).nullable();
/** A score on each fold. Receipts of engines before rules 5 have none. */
const byFoldSchema = z.array(z.number().nullable()).max(10);
const validationSchema = z.object({ folds: z.number().int(), scores: z.record(z.string(), spreadSchema), byFold: z.record(z.string(), byFoldSchema).exactOptional() });
const searchSchema = z.object({
  score: z.string(), folds: z.number().int(), best: z.number().int().nonnegative(),
  candidates: z.array(z.object({ parameters: z.record(z.string().max(64), parameterValue), score: spreadSchema, byFold: byFoldSchema.exactOptional() })).max(100),
});

/** The engine's `Metrics`, which says what each field holds. */
const metricsSchema = z.object({
  task: z.enum(['classification', 'regression', 'clustering', 'reduction']),
  /** By name; null where a score is not defined for the test rows. */
  scores: z.record(z.string(), z.number().nullable()),
  confusion: z.array(z.array(z.number())),
  classes: z.array(z.string()),
  trainRows: z.number().int(),
  testRows: z.number().int(),
  droppedRows: z.number().int(),
  curves: z.array(z.object({ class: z.string(), roc: curveSchema, precisionRecall: curveSchema })).max(10).exactOptional(),
  calibration: z.array(z.object({ class: z.string(), bins: z.array(calibrationBin).max(10) })).max(10).exactOptional(),
  explainedVarianceRatio: z.array(z.number()).max(10_000).exactOptional(),
  explanation: explanationSchema.exactOptional(),
  validation: validationSchema.exactOptional(),
  search: searchSchema.exactOptional(),
});

/** What is signed and hashed. Times and costs stand outside, so that two honest runs give the same body. */
export const receiptBodySchema = z.object({
  version: z.literal(1),
  jobId: hex32Schema,
  specDigest: hex32Schema,
  input: z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), contentRoot: hex32Schema }),
  engineId: hex32Schema,
  steps: z.number().int().nonnegative(),
  converged: z.boolean(),
  checkpointRoot: hex32Schema,
  /** sha256 of each checkpoint's state, in step order. */
  checkpointDigests: z.array(hex32Schema).max(100_000),
  modelDigest: hex32Schema,
  metrics: metricsSchema,
  lossCurve: z.array(z.number()).max(100_000),
  logDigest: hex32Schema,
  /** age files sealed to the job's buyer and the validators. */
  sealed: z.object({ modelCid: cidSchema, checkpointsCid: cidSchema }),
});
export type ReceiptBody = z.output<typeof receiptBodySchema>;

const receiptSchema = z.object({ body: receiptBodySchema, worker: addressSchema, signature: hexSchema });
/** The signed, content-addressed record of a run. The chain holds sha256 of its canonical JSON. */
export type Receipt = z.output<typeof receiptSchema>;

/** Digest of the body: what the worker signs (EIP-712 `Receipt`). */
export function receiptBodyDigest(body: ReceiptBody): Hex {
  return sha256Hex(canonicalJson(body));
}

const document = defineDocument({ schema: receiptSchema, what: 'The receipt', code: 'BAD_RECEIPT' });
export const encodeReceipt = document.encode;
export const parseReceipt = document.parse;
