import { z } from 'zod';
import { cidSchema, hex32Schema } from './schemas.ts';

type Range = { least?: number; most?: number };

/** The scores that can be claimed of an uploaded model, with what values they can have. They are the engine's. */
export const claimableScores: Readonly<Record<string, Range>> = {
  accuracy: { least: 0, most: 1 }, balancedAccuracy: { least: 0, most: 1 }, f1: { least: 0, most: 1 }, rocAuc: { least: 0, most: 1 }, prAuc: { least: 0, most: 1 }, logLoss: { least: 0 }, brier: { least: 0, most: 2 },
  r2: { most: 1 }, rmse: { least: 0 }, mae: { least: 0 },
};

/** The largest table that models are tested on, bytes. */
export const MOST_TABLE_BYTES = 32 * 2 ** 20;
export const MOST_TOLERANCE = 0.1;

const columnSchema = z.string().min(1).max(200);

/** Why a claim cannot be one; undefined where it can. */
function problemOf(name: string, value: number): string | undefined {
  const range = Object.hasOwn(claimableScores, name) ? claimableScores[name] : undefined;
  if (range === undefined) return `"${name}" is no score: claim ${Object.keys(claimableScores).join(', ')}`;
  const { least = -Infinity, most = Infinity } = range;
  if (value >= least && value <= most) return undefined;
  const allowed = [...(least === -Infinity ? [] : [`at least ${least}`]), ...(most === Infinity ? [] : [`at most ${most}`])].join(' and ');
  return `${name} is ${allowed}, not ${value}`;
}

const claimsSchema = z.record(z.string().max(50), z.number()).superRefine((claims, { addIssue }) => {
  const entries = Object.entries(claims);
  if (entries.length > Object.keys(claimableScores).length) addIssue({ code: 'custom', message: `there are ${entries.length} claims, at most ${Object.keys(claimableScores).length} can be made` });
  for (const [name, value] of entries) {
    const message = problemOf(name, value);
    if (message !== undefined) addIssue({ code: 'custom', path: [name], input: value, message });
  }
});

/** The table that a model is measured on: published along with it for everybody to read, or a dataset on the market that is free. */
export const evaluationTableSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), cid: cidSchema, sha256: hex32Schema, size: z.number().int().positive().max(MOST_TABLE_BYTES), fileName: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('asset'), assetId: z.number().int().positive(), version: z.number().int().positive() }),
]);
export type EvaluationTable = z.output<typeof evaluationTableSchema>;

/** What a publisher claims of an uploaded model, and on what it is to be measured. */
export const evaluationSchema = z.object({
  table: evaluationTableSchema,
  /** The column that the model predicts. */
  target: columnSchema,
  /** The columns of a model that takes one matrix, in its order; all but the target where absent. */
  features: z.array(columnSchema).min(1).max(10_000).exactOptional(),
  /** The column for each input whose name is not its column's. */
  inputs: z.record(columnSchema, columnSchema).exactOptional(),
  /** By the names of the engine's scores; see {@link claimableScores}. */
  claims: claimsSchema,
  /** How far a measurement may lie on the worse side of a claim; half of the claim's last digit where absent. */
  tolerance: z.number().min(0).max(MOST_TOLERANCE).exactOptional(),
}).superRefine(({ target, features = [], inputs = {} }, { addIssue }) => {
  if (features.includes(target)) addIssue({ code: 'custom', path: ['features'], input: target, message: `"${target}" is the target: a model may not be given what it predicts` });
  for (const [name, column] of Object.entries(inputs)) if (column === target) addIssue({ code: 'custom', path: ['inputs', name], input: column, message: `"${target}" is the target: a model may not be given what it predicts` });
});
export type Evaluation = z.output<typeof evaluationSchema>;
