import { z } from 'zod';

const port = z.object({
  name: z.string().max(200),
  /** As ONNX names it: float, double, int64, string, ... */
  type: z.string().max(20),
  /** A name for a dimension that is open, such as the rows. */
  shape: z.array(z.union([z.number().int(), z.string().max(100)])).max(8),
});

/** Why a model is not taken: what it is, what it holds, what it asks for, or how it ran. */
export const modelRefusals = ['NOT_ONNX', 'PICKLE', 'CUSTOM_OPERATOR', 'EXTERNAL_DATA', 'BAD_SIGNATURE', 'BAD_TABLE', 'NO_TABLE', 'FAILED', 'TOO_LARGE', 'TIMEOUT'] as const;
export type ModelRefusal = (typeof modelRefusals)[number];

/** What an automated test of an uploaded model found. */
export const modelReportSchema = z.object({
  /** Whether it loaded and ran over the table. It says nothing of how good the model is. */
  ran: z.boolean(),
  refusal: z.object({ code: z.enum(modelRefusals), reason: z.string().max(1000) }).optional(),
  signature: z.object({
    inputs: z.array(port).max(10_000), outputs: z.array(port).max(100),
    opsets: z.array(z.object({ domain: z.string().max(100), version: z.number().int() })).max(20),
    operators: z.array(z.string().max(100)).max(500), nodes: z.number().int(),
  }).optional(),
  task: z.enum(['classification', 'regression']).optional(),
  rows: z.number().int().optional(),
  /** By the names of the engine's scores; null where one is not defined for these rows. */
  scores: z.record(z.string().max(50), z.number().nullable()),
  /** What the publisher says beside what was measured. `holds`: as good as claimed, within the declared tolerance or to the digits of the claim. */
  claims: z.array(z.object({ name: z.string().max(50), claimed: z.number(), measured: z.number().nullable(), holds: z.boolean() })).max(20),
});
export type ModelReport = z.output<typeof modelReportSchema>;
