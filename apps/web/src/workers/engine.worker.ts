import { type ModelInfo, type Prediction, type TrainSpec, firstDifference, meterProgress, predict, readModel, toldResult, train } from '@neurodata/engine';
import { startBrowserMember } from '@neurodata/engine/browser';
import { type Receipt, canonicalJson, sha256Hex } from '@neurodata/protocol';
import type { RunPart } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { calmly } from './calmly.ts';
import { type DescribedFile, describeFile } from './fileContent.ts';
import { predictionCsv } from './predictionCsv.ts';
import { serveTask } from './task.ts';

/** What the engine is asked for. Tables and models come as what the worker reads itself. */
export type EngineInput =
  | { task: 'reexecute'; rows: Blob; spec: TrainSpec; claim: Receipt['body']; /** Of a trial run. */ rounded: boolean; part: RunPart }
  | { task: 'predict'; model: Blob; table: Blob }
  | { task: 'readModel'; model: Blob }
  | { task: 'profile'; table: Blob };

/** A prediction, and the same as a CSV file. */
export type Predicted = Prediction & { csv: Uint8Array<ArrayBuffer> };

/** One checkpoint, recomputed here and compared with the receipt's. */
export type CheckpointSeen = { digest: Hex; expected: Hex | undefined };

/** How far a re-execution is: checkpoints since the last news, and how many there are so far. */
export type ReexecutionProgress = { seen: CheckpointSeen[]; done: number; total: number; secondsLeft: number | undefined };

/** How much of a table was read. Bytes. */
export type ReadingProgress = { stage: 'reading'; done: number; total: number };

/** What re-execution showed. `firstDifference` is the first checkpoint that is not the receipt's;
 * 0 means other rows or another spec, since the start state names both. */
export type Reexecution = {
  sameModel: boolean;
  modelDigest: Hex;
  expectedModel: Hex;
  firstDifference: number | undefined;
  /** Of every checkpoint, as recomputed here. */
  digests: Hex[];
  sameMetrics: boolean;
  engineId: Hex;
  sameEngine: boolean;
  seconds: number;
};

serveTask<EngineInput, ReexecutionProgress | ReadingProgress, Reexecution | Predicted | ModelInfo | DescribedFile>(async (input, report) => {
  if (input.task === 'profile') {
    const told = calmly<ReadingProgress>(report);
    return { result: await describeFile(input.table, (done) => told({ stage: 'reading', done, total: input.table.size })) };
  }
  if (input.task === 'reexecute') return { result: await reexecute(input, report) };
  if (input.task === 'readModel') return { result: readModel(await bytesOf(input.model)) };
  const prediction = await predict({ model: await bytesOf(input.model), csv: await bytesOf(input.table) });
  const csv = predictionCsv(prediction);
  return { result: { ...prediction, csv }, transfer: [csv.buffer] };
});

const bytesOf = async (file: Blob): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

/** Threads to train in: as many as the machine has, where the page may share memory between them. */
const threads = globalThis.crossOriginIsolated ? { threads: Math.min(navigator.hardwareConcurrency, 8), startMember: startBrowserMember } : {};

async function reexecute(input: Extract<EngineInput, { task: 'reexecute' }>, report: (progress: ReexecutionProgress) => void): Promise<Reexecution> {
  const { rows, spec, claim, rounded, part } = input;
  const csv = await bytesOf(rows);
  const started = performance.now();
  const total = claim.checkpointDigests.length;
  const seen: CheckpointSeen[] = [];
  let done = 0;
  const meter = meterProgress(({ secondsLeft }) => report({ seen: seen.splice(0), done, total, secondsLeft }));
  const result = await train({
    csv, spec, ...part, ...threads,
    onCheckpoint: ({ step, digest }) => {
      seen.push({ digest, expected: claim.checkpointDigests[step] });
      done += 1;
    },
    // A run that has converged ends before its limit: the receipt knows after how many steps.
    onProgress: (progress) => meter.onProgress({ ...progress, maxSteps: total - 1 }),
  }).finally(meter.stop);
  const digests = result.checkpoints.map(({ digest }) => digest);
  return {
    sameModel: result.modelDigest === claim.modelDigest,
    modelDigest: result.modelDigest,
    expectedModel: claim.modelDigest,
    firstDifference: firstDifference(digests, claim.checkpointDigests),
    digests,
    sameMetrics: sha256Hex(canonicalJson(toldResult(result, rounded).metrics)) === sha256Hex(canonicalJson(claim.metrics)),
    engineId: result.engineId,
    sameEngine: result.engineId === claim.engineId,
    seconds: (performance.now() - started) / 1000,
  };
}
