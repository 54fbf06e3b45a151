import type { Digest } from '../hash.ts';
import { openKernels, engineId } from '../kernels/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Prepared, prepare } from '../prepare/problem.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import type { StartMember } from '../team/team.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import { createCheckpointStore } from './checkpointStore.ts';
import { concludeRun } from './concludeRun.ts';
import { type Course, startCourse } from './course.ts';
import { checkpointRoot } from './merkle.ts';
import { type Pause, createPause } from './pause.ts';

export type TrainProgress = { step: number; maxSteps: number; loss: number; trainRows: number };

export type TrainResult = {
  model: Uint8Array;
  modelDigest: Digest;
  metrics: Metrics;
  /** One per step, and the start at index 0: checkpoints[i].step is i. */
  checkpoints: Checkpoint[];
  checkpointRoot: Digest;
  tableDigest: Digest;
  steps: number;
  /** Steps that the spec allows on this table. */
  maxSteps: number;
  /** Whether the algorithm's own rule of convergence held at the end of the last fit. */
  converged: boolean;
  /** Whether it ended because of `lastStep` or `shouldStop`, with steps left to make. */
  stopped: boolean;
  engineId: Digest;
  /** The objective at the last fit's checkpoints, thinned to at most 1,000 points: the first, the last, and evenly between. */
  lossCurve: number[];
};

export type TrainOptions = {
  /** A table file: CSV, JSON, NDJSON or Parquet, as its content shows. */
  csv: Uint8Array;
  /** Checked before anything else; what it leaves out takes the algorithm's defaults. */
  spec: TrainSpecInput;
  onProgress?: (p: TrainProgress) => void;
  onCheckpoint?: (c: Checkpoint) => void;
  /** Ends after this step, as a run that was cancelled there did: same file, spec and step, same bytes. */
  lastStep?: number;
  /** Asked before each step. */
  shouldStop?: () => boolean;
  signal?: AbortSignal;
  /** Threads to work in, 1 to 16; 1 unless `startMember` is given. They change the time and no bit. */
  threads?: number;
  startMember?: StartMember;
};

/**
 * Trains a model. Same file and spec, same bytes, whatever the machine and the number of threads.
 *
 * @example const { model, metrics } = await train({ csv, spec });
 * @throws EngineError for a bad file or spec, for what cannot be learned, and ABORTED
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { threads, startMember, signal } = options;
  const pause = createPause(signal);
  await pause();
  const prepared = await prepare({ kernels: await openKernels(), csv: options.csv, spec: options.spec });
  const course = await startCourse({ prepared, pause, threads, startMember });
  try {
    return await finish({ prepared, course, pause, options });
  } finally {
    course.close();
  }
}

type Run = { prepared: Prepared; course: Course; pause: Pause; options: TrainOptions };

async function finish(run: Run): Promise<TrainResult> {
  const { prepared, course, pause } = run;
  const { checkpoints, stopped } = await runSteps(run);
  const { trainer, plan, fitStart } = course;
  return {
    ...(await concludeRun({ prepared, course, pause })), checkpoints, stopped, engineId,
    tableDigest: prepared.tableDigest,
    checkpointRoot: checkpointRoot(checkpoints.map(({ digest }) => digest)),
    steps: course.step,
    maxSteps: plan.maxSteps,
    converged: trainer.converged,
    lossCurve: thin(checkpoints.slice(fitStart).map(({ loss }) => loss), 1_000),
  };
}

async function runSteps({ prepared, course, pause, options }: Run): Promise<{ checkpoints: Checkpoint[]; stopped: boolean }> {
  const { onProgress, onCheckpoint, lastStep = Infinity, shouldStop = () => false } = options;
  const { maxSteps } = course.plan;
  const store = createCheckpointStore(prepared.problem.algorithm.checkpoints);
  const report = async (): Promise<void> => {
    const { step, ratings, trainer } = course;
    const checkpoint = writeCheckpoint({ binding: prepared.binding, step, loss: trainer.loss, ratings, kept: trainer.state(), previous: store.checkpoints.at(-1)?.digest });
    store.add(checkpoint);
    onCheckpoint?.(checkpoint);
    onProgress?.({ step, maxSteps, loss: trainer.loss, trainRows: course.prepared.problem.trainRows });
    await pause();
  };
  await report();
  let stopped = false;
  while (!course.ended) {
    stopped = course.step >= lastStep || shouldStop();
    if (stopped || !(await course.advance())) break;
    await report();
  }
  return { checkpoints: store.checkpoints, stopped };
}

/** At most `most` values: the first, the last, and evenly between. */
export function thin(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) => values[Math.floor((index * (values.length - 1)) / (most - 1))] ?? 0);
}
