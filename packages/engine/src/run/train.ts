import type { Digest } from '../hash.ts';
import { openKernels, engineId } from '../kernels/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Prepared, prepare } from '../prepare/problem.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import type { StartMember } from '../team/team.ts';
import { type Checkpoint, type CheckpointParts, badCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { createCheckpointStore } from './checkpointStore.ts';
import { concludeRun } from './concludeRun.ts';
import { type Course, startCourse } from './course.ts';
import { checkpointRoot } from './merkle.ts';
import { type Pause, createPause } from './pause.ts';
import { checkStates } from './replay.ts';
import { type WorkTrace, createWorkTrace } from './workTrace.ts';

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
  /** With `traced`, for each checkpoint that was made here: what its step computed on the way, and its state (`WorkTrace`). */
  work?: Digest[];
};

export type TrainOptions = {
  /** A table file: CSV, JSON, NDJSON, Parquet or Arrow, as its content shows. What a function gives is freed once it is read: its bytes are gone afterwards. */
  csv: Uint8Array | (() => Uint8Array);
  /** Checked before anything else; what it leaves out takes the algorithm's defaults. */
  spec: TrainSpecInput;
  onProgress?: (p: TrainProgress) => void;
  onCheckpoint?: (c: Checkpoint) => void;
  /** Called once, before the first step, with the list of checkpoints as it grows: for who asks now and then how far it is. */
  onStart?: (checkpoints: readonly Checkpoint[]) => void;
  /**
   * Goes on where an earlier attempt ended: its checkpoints from step 0 on, with the states that it kept; the last one has its
   * own. The result is that of one undisturbed run. They are checked as far as it takes to go on: whose word they are is checked
   * by `replay`. Not for a spec with validation or search, whose metrics follow from all fits.
   */
  resume?: readonly Checkpoint[];
  /** Ends after this step, as a run that was cancelled there did: same file, spec and step, same bytes. */
  lastStep?: number;
  /** Asked before each step. */
  shouldStop?: () => boolean;
  signal?: AbortSignal;
  /** Whether to tell the `work` of each step: who re-executes shows by it that it did. */
  traced?: boolean;
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
  const from = options.resume && statesOf(options.resume, prepared);
  const trace = options.traced === true ? createWorkTrace() : undefined;
  const course = await startCourse({ prepared, pause, threads, startMember, trace, ...(from ? { from } : {}) });
  // What it took to get to a state is no work of the step that follows it.
  if (from) trace?.take(new Uint8Array());
  try {
    return await finish({ prepared, course, pause, options, trace });
  } finally {
    course.close();
  }
}

type Run = { prepared: Prepared; course: Course; pause: Pause; options: TrainOptions; trace: WorkTrace | undefined };

async function finish(run: Run): Promise<TrainResult> {
  const { prepared, course, pause } = run;
  const { checkpoints, stopped, work } = await runSteps(run);
  const { trainer, plan, fitStart } = course;
  return {
    ...(await concludeRun({ prepared, course, pause })), checkpoints, stopped, engineId, ...(work.length > 0 ? { work } : {}),
    tableDigest: prepared.tableDigest,
    checkpointRoot: checkpointRoot(checkpoints.map(({ digest }) => digest)),
    steps: course.step,
    maxSteps: plan.maxSteps,
    converged: trainer.converged,
    lossCurve: thin(checkpoints.slice(fitStart).map(({ loss }) => loss), 1_000),
  };
}

async function runSteps({ prepared, course, pause, options, trace }: Run): Promise<{ checkpoints: Checkpoint[]; stopped: boolean; work: Digest[] }> {
  const { onProgress, onCheckpoint, onStart, resume = [], lastStep = Infinity, shouldStop = () => false } = options;
  const { maxSteps } = course.plan;
  const store = createCheckpointStore(prepared.problem.algorithm.checkpoints, { earlier: resume });
  const work: Digest[] = [];
  onStart?.(store.checkpoints);
  const report = async (): Promise<void> => {
    const { step, ratings, trainer } = course;
    const checkpoint = writeCheckpoint({ binding: prepared.binding, step, loss: trainer.loss, ratings, kept: trainer.state(), previous: store.checkpoints.at(-1)?.digest });
    if (trace !== undefined) work.push(trace.take(checkpoint.state));
    store.add(checkpoint);
    onCheckpoint?.(checkpoint);
    onProgress?.({ step, maxSteps, loss: trainer.loss, trainRows: course.prepared.problem.trainRows });
    await pause();
  };
  if (resume.length === 0) await report();
  let stopped = false;
  while (!course.ended) {
    stopped = course.step >= lastStep || shouldStop();
    if (stopped || !(await course.advance())) break;
    await report();
  }
  return { checkpoints: store.checkpoints, stopped, work };
}

/** The states from which a run goes on. */
function statesOf(resume: readonly Checkpoint[], { problem, binding }: Prepared): CheckpointParts[] {
  if (problem.spec.search !== undefined || problem.spec.validation !== undefined) throw badCheckpoint('is of a run with search or validation, which begins anew');
  const kind = problem.algorithm.checkpoints;
  const last = resume.at(-1);
  const kept = kind === 'chain' ? resume : resume.slice(-1);
  const states = kept.flatMap(({ state }) => state ?? []);
  if (last?.state === undefined || states.length < kept.length || resume.some(({ step }, index) => step !== index)) throw badCheckpoint('does not stand at the end of checkpoints from step 0 on, with the states that it takes to go on');
  return checkStates(states, binding, kind);
}

/** At most `most` values: the first, the last, and evenly between. */
export function thin(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, index) => values[Math.floor((index * (values.length - 1)) / (most - 1))] ?? 0);
}
