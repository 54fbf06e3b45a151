import type { Evaluation, ModelReport } from '@neurodata/protocol';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { csvNames } from '../../table/csv.ts';
import { feedsOf } from './feedsOf.ts';
import { inspectOnnx } from './inspectOnnx.ts';
import { Refused } from './refuse.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type Answers, scoreAnswers } from './scoreAnswers.ts';

/** What is asked of a test. Without a target the model is read and loaded, not run. `claims` are the publisher's, by the names of scores. */
export type CheckOptions = Partial<Pick<Evaluation, 'features' | 'inputs' | 'tolerance'>> & { target: string | null; claims: Record<string, number> };

const ROWS_A_RUN = 4_096;

/**
 * Tests an ONNX model on a CSV table: reads its signature, runs it in onnxruntime (WebAssembly, one thread), measures.
 * Call it where strangers' bytes may do no harm.
 *
 * @throws Refused with the reason
 */
export async function runOnnx(parameters: { runtime: OnnxRuntime; onnx: Uint8Array; table: Uint8Array; options: CheckOptions; onSignature?: (signature: NonNullable<ModelReport['signature']>) => void }): Promise<Omit<ModelReport, 'ran' | 'refusal'>> {
  const { runtime, onnx, table, options } = parameters;
  const signature = inspectOnnx(onnx);
  parameters.onSignature?.(signature);
  const { target } = options;
  if (target === null) {
    await (await sessionOf(runtime, onnx)).release();
    return { signature, scores: {}, claims: [] };
  }
  const names = csvNames(table);
  if (!names.includes(target)) throw new Refused('BAD_TABLE', `The table has no column ${target}: its columns are ${names.join(', ').slice(0, 500)}.`);
  const feeds = await feedsOf({ runtime, bytes: table, names, inputs: signature.inputs, target, ...(options.features ? { features: options.features } : {}), ...(options.inputs ? { columnOf: options.inputs } : {}) });
  const session = await sessionOf(runtime, onnx);
  const answers = await answersOf({ session, signature, rows: feeds.table.rows, of: feeds.of });
  const scored = await scoreAnswers({ answers, bytes: table, target });
  const claims = Object.entries(options.claims).map(([name, claimed]) => {
    const measured = scored.scores[name] ?? null;
    return { name, claimed, measured, holds: measured !== null && isAsGood({ name, claimed, measured, tolerance: options.tolerance }) };
  });
  return { signature, ...scored, claims };
}

function sessionOf({ InferenceSession: Session, env }: OnnxRuntime, onnx: Uint8Array): Promise<InferenceSession> {
  env.wasm.numThreads = 1;
  env.logLevel = 'fatal';
  return Session.create(onnx, { executionProviders: ['wasm'], logSeverityLevel: 4 }).catch((error: unknown) => {
    throw new Refused('FAILED', `onnxruntime does not load the model: ${textOf(error)}`);
  });
}

type Run = { session: InferenceSession; signature: NonNullable<ModelReport['signature']>; rows: number; of: (first: number, last: number) => Record<string, Tensor> };

async function answersOf({ session, signature, rows, of }: Run): Promise<Answers> {
  const label = signature.outputs.find(({ type }) => type === 'string' || type === 'int64' || type === 'int32');
  const score = signature.outputs.find(({ type }) => type === 'float' || type === 'double');
  const wanted = [label, score].filter((port) => port !== undefined).map(({ name }) => name);
  if (wanted.length === 0) throw new Refused('BAD_SIGNATURE', `The model has no output of labels or numbers: it gives ${signature.outputs.map(({ name, type }) => `${name} (${type})`).join(', ')}.`);
  const labels: string[] = [];
  const pieces: Float64Array[] = [];
  for (let first = 0; first < rows; first += ROWS_A_RUN) {
    const last = Math.min(rows, first + ROWS_A_RUN);
    const found = await session.run(of(first, last), wanted).catch((error: unknown) => {
      throw new Refused('FAILED', `The model fails on rows ${first + 1} to ${last}: ${textOf(error)}`);
    });
    if (label) labels.push(...Array.from(found[label.name]?.data as ArrayLike<string | bigint | number>, String));
    if (score) pieces.push(Float64Array.from(found[score.name]?.data as Float32Array));
  }
  if (label && labels.length !== rows) throw new Refused('BAD_SIGNATURE', `The output ${label.name} has ${labels.length} labels for ${rows} rows.`);
  const numbers = pieces.reduce((sum, { length }) => sum + length, 0);
  const width = score ? numbers / rows : 0;
  if (!Number.isInteger(width) || (score && width === 0)) throw new Refused('BAD_SIGNATURE', `The output ${score?.name ?? ''} has ${numbers} numbers for ${rows} rows.`);
  return { labels: label ? labels : null, scores: score ? joined(pieces, numbers) : null, width };
}

function joined(pieces: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const LOWER = new Set(['logLoss', 'brier', 'rmse', 'mae']);

/** Where no tolerance is declared, a claim of 0.93 holds from 0.925 on: it says two digits. */
function isAsGood({ name, claimed, measured, tolerance }: { name: string; claimed: number; measured: number; tolerance: number | undefined }): boolean {
  const digits = /\.(\d+)$/.exec(String(claimed))?.[1]?.length ?? 0;
  const slack = (tolerance ?? 0.5 * 10 ** -digits) + 1e-12;
  return LOWER.has(name) ? measured <= claimed + slack : measured >= claimed - slack;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
