import { z } from 'zod';
import { defineDocument } from './document.ts';
import { hex32Schema } from './schemas.ts';
import { purposeSchema } from './terms/purpose.ts';

const columnSpec = z.object({ name: z.string().min(1).max(200), kind: z.enum(['numeric', 'categorical']) });

/** A value of a hyper-parameter. */
export const parameterValue = z.union([z.number(), z.string().max(200_000), z.boolean(), z.null(), z.array(z.number()).max(64)]);

const seedSchema = z.number().int().min(0).max(0xffffffff);

/** The algorithm part of a job spec, nothing left out; the engine checks it once more against algorithm and table. */
export const trainSpecSchema = z.object({
  algorithm: z.string().min(1).max(64),
  task: z.enum(['classification', 'regression', 'clustering', 'reduction']),
  target: z.string().min(1).max(200).nullable(),
  features: z.array(columnSpec).min(1).max(10_000),
  weight: z.string().min(1).max(200).nullable(),
  preprocess: z.object({ impute: z.enum(['mean', 'median', 'most-frequent', 'zero', 'none']), scale: z.enum(['standard', 'none']), encode: z.enum(['one-hot', 'ordinal']) }),
  split: z.object({ rule: z.literal('hash-rank'), seed: seedSchema, testFraction: z.number().gt(0).lt(1) }),
  parameters: z.record(z.string().max(64), parameterValue),
  limits: z.object({ maxSteps: z.number().int().min(1).max(100_000), maxBytes: z.number().int().min(1024).max(4_000_000_000) }),
  validation: z.object({ folds: z.number().int().min(2).max(10), seed: seedSchema }).exactOptional(),
  search: z.object({
    method: z.enum(['grid', 'random']),
    parameters: z.record(z.string().max(64), z.array(parameterValue).min(1).max(50)),
    iterations: z.number().int().min(1).max(100).nullable(),
    folds: z.number().int().min(2).max(10),
    seed: seedSchema,
    score: z.string().max(64),
  }).exactOptional(),
});

/** A job spec: what to train, on which version, with which engine. Its canonical JSON is hashed; the chain holds the digest. */
export const jobSpecSchema = z.object({
  version: z.literal(1),
  /** `contentRoot` pins the data itself, not only its number. */
  input: z.object({ assetId: z.number().int().positive(), version: z.number().int().positive(), contentRoot: hex32Schema }),
  engineId: hex32Schema,
  train: trainSpecSchema,
  /** Of a trial run: only rounded metrics come out of it; model and states are sealed to the validators alone, who repeat it. */
  output: z.literal('metrics').exactOptional(),
  /** What the model is for, where the dataset has limits: the buyer's promise, since the spec's digest is in the transaction that opens the job. */
  purpose: purposeSchema.exactOptional(),
});
export type JobSpec = z.output<typeof jobSpecSchema>;

const document = defineDocument({ schema: jobSpecSchema, what: 'The job spec', code: 'BAD_SPEC' });
/** Canonical bytes and digest of a spec; throws BAD_SPEC naming the field. */
export const encodeJobSpec = document.encode;
export const parseJobSpec = document.parse;
