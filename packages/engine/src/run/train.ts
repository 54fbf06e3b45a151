import type { Trainer } from '../algorithms/algorithm.ts';
import type { Digest } from '../hash.ts';
import { engineId } from '../kernels/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Prepared, prepare } from '../prepare/problem.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import { type StartMember, createTeam } from '../team/team.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import { createCheckpointStore } from './checkpointStore.ts';
import { concludeRun } from './concludeRun.ts';
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
  /** Whether the algorithm's own rule of convergence held at the end. */
  converged: boolean;
  /** Whether it ended because of `lastStep` or `shouldStop`, with steps left to make. */
  stopped: boolean;
  engineId: Digest;
  /** The objective at checkpoints, thinned to at most 1,000 points: the first, the last, and evenly between. */
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
  const team = await createTeam(threads, startMember);
  try {
    const prepared = await prepare({ kernels: team.kernels, csv: options.csv, spec: options.spec });
    await pause();
    const trainer = await prepared.problem.algorithm.start({ problem: prepared.problem, team, pause });
    return await finish({ prepared, trainer, pause, options });
  } finally {
    team.close();
  }
}

async function finish(parameters: { prepared: Prepared; trainer: Trainer; pause: Pause; options: TrainOptions }): Promise<TrainResult> {
  const { prepared, trainer } = parameters;
  const { tableDigest } = prepared;
  const { checkpoints, stopped } = await runSteps(parameters);
  return {
    ...(await concludeRun(parameters)), checkpoints, tableDigest, stopped, engineId,
    checkpointRoot: checkpointRoot(checkpoints.map(({ digest }) => digest)),
    steps: trainer.step,
    maxSteps: stepsOf(prepared),
    converged: trainer.converged,
    lossCurve: thin(checkpoints.map(({ loss }) => loss), 1_000),
  };
}

async function runSteps({ prepared, trainer, pause, options }: Parameters<typeof finish>[0]): Promise<{ checkpoints: Checkpoint[]; stopped: boolean }> {
  const { problem, binding } = prepared;
  const { onProgress, onCheckpoint, lastStep = Infinity, shouldStop = () => false } = options;
  const maxSteps = stepsOf(prepared);
  const store = createCheckpointStore(problem.algorithm.checkpoints);
  const report = async (): Promise<void> => {
    const { step, loss } = trainer;
    const checkpoint = writeCheckpoint({ binding, step, loss, kept: trainer.state(), previous: store.checkpoints.at(-1)?.digest });
    store.add(checkpoint);
    onCheckpoint?.(checkpoint);
    onProgress?.({ step, maxSteps, loss, trainRows: problem.trainRows });
    await pause();
  };
  await report();
  let stopped = false;
  while (trainer.step < maxSteps && !trainer.converged) {
    stopped = trainer.step >= lastStep || shouldStop();
    if (stopped || !(await trainer.advance())) break;
    await report();
  }
  return { checkpoints: store.checkpoints, stopped };
}

/** Steps that a run makes at most: the algorithm's own bound and the spec's. */
export function stepsOf({ problem }: Pick<Prepared, 'problem'>): number {
  const { algorithm, spec, trainRows, classes } = problem;
  return Math.min(algorithm.maxSteps(spec.parameters, trainRows, classes.length), spec.limits.maxSteps);
}

/** At most `most` values: the first, the last, and evenly between. */
export function thin(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) => values[Math.floor((index * (values.length - 1)) / (most - 1))] ?? 0);
}
