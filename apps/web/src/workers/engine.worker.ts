import { type Prediction, type TableProfile, type TrainSpec, firstDifference, meterProgress, predict, profileTable, train } from '@neurodata/engine';
import { startBrowserMember } from '@neurodata/engine/browser';
import { type Receipt, canonicalJson, sha256Hex } from '@neurodata/protocol';
import type { RunPart } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { serveTask } from './task.ts';

/** What the engine is asked for; the bytes are moved in. */
export type EngineInput =
  | { task: 'reexecute'; csv: Uint8Array; spec: TrainSpec; claim: Receipt['body']; part: RunPart }
  | { task: 'predict'; model: Uint8Array; csv: Uint8Array }
  | { task: 'profile'; csv: Uint8Array };

/** One checkpoint, recomputed here and compared with the receipt's. */
export type CheckpointSeen = { digest: Hex; expected: Hex | undefined };

/** How far a re-execution is: checkpoints since the last news, and how many there are so far. */
export type ReexecutionProgress = { seen: CheckpointSeen[]; done: number; total: number; secondsLeft: number | undefined };

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

serveTask<EngineInput, ReexecutionProgress, Reexecution | Prediction | TableProfile>(async (input, report) => {
  if (input.task === 'predict') return { result: await predict(input) };
  if (input.task === 'profile') return { result: await profileTable(input.csv) };
  return { result: await reexecute(input, report) };
});

/** Threads to train in: as many as the machine has, where the page may share memory between them. */
const threads = globalThis.crossOriginIsolated ? { threads: Math.min(navigator.hardwareConcurrency, 8), startMember: startBrowserMember } : {};

async function reexecute(input: Extract<EngineInput, { task: 'reexecute' }>, report: (progress: ReexecutionProgress) => void): Promise<Reexecution> {
  const { csv, spec, claim, part } = input;
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
    sameMetrics: sha256Hex(canonicalJson(result.metrics)) === sha256Hex(canonicalJson(claim.metrics)),
    engineId: result.engineId,
    sameEngine: result.engineId === claim.engineId,
    seconds: (performance.now() - started) / 1000,
  };
}
