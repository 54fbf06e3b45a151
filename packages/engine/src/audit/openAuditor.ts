import { EngineError } from '../errors.ts';
import { type Digest, isDigest, sha256Hex } from '../hash.ts';
import { openKernels } from '../kernels/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { prepare } from '../prepare/problem.ts';
import { type CheckpointParts, readCheckpoint, writeCheckpoint } from '../run/checkpoint.ts';
import { concludeRun } from '../run/concludeRun.ts';
import { type Course, type CourseSetup, startCourse } from '../run/course.ts';
import { createPause } from '../run/pause.ts';
import { planFits } from '../run/selection/planFits.ts';
import { type WorkTrace, createWorkTrace } from '../run/workTrace.ts';
import type { TrainSpecInput } from '../spec/types.ts';
import type { StartMember } from '../team/team.ts';
import { createSeat } from './createSeat.ts';

export type AuditorOptions = { csv: Uint8Array; spec: TrainSpecInput; threads?: number; startMember?: StartMember; signal?: AbortSignal };

/** What is claimed of a part of a run. */
export type SegmentClaim = {
  /** Step of the state to start from. From 0 the start is made again, and compared too. */
  from: number;
  /** Steps to make again. */
  steps: number;
  /** The state of a step, as the run keeps it; of a chain all up to `from` are asked for. The same function must give the same states again. */
  stateAt(step: number): Uint8Array | undefined;
  /** The digests of all checkpoints, the start first. The list must not be changed between calls. */
  digests: readonly Digest[];
  /** Whether the last checkpoint must be the end of the run. A run that was cancelled ends anywhere. */
  ends: boolean;
};

/** Holds the rows of a run, prepared once, to re-execute parts of it. */
export type Auditor = {
  tableDigest: Digest;
  /** Whether a state alone is enough to start from. */
  checkpoints: 'whole' | 'chain';
  /** Whether its metrics can be told from a part of it. Not with search or validation: they follow from every fit. */
  inParts: boolean;
  /** Steps that the spec allows on this table. */
  maxSteps: number;
  /** The first checkpoint that is not what the run gives, or undefined. */
  check(claim: SegmentClaim): Promise<number | undefined>;
  /** Where the last check found another digest than is claimed: the one that it came to. */
  found(): Digest | undefined;
  /** The work (`WorkTrace`) of a step that has been made again: by the index of the checkpoint to which it led. */
  workOf(index: number): Digest | undefined;
  /** Model and metrics where the last check ended, and whether the algorithm's own rule of convergence held there. */
  conclude(): Promise<{ modelDigest: Digest; metrics: Metrics; converged: boolean }>;
  /** Ends its threads. */
  close(): void;
};

/**
 * Opens the rows of a run for audits: what is costly (reading, encoding, binning) is done once, then any number of
 * segments can be re-executed. Answers do not depend on what was checked before.
 *
 * @throws EngineError for a bad file or spec, and ABORTED
 */
export async function openAuditor({ csv, spec, threads, startMember, signal }: AuditorOptions): Promise<Auditor> {
  const pause = createPause(signal);
  const prepared = await prepare({ kernels: await openKernels(), csv, spec });
  const { problem, tableDigest } = prepared;
  const plan = planFits(problem);
  const trace = createWorkTrace();
  const seat = createSeat({ problem, pause, threads, startMember, trace });
  const known: Known = { parts: [], kept: [] };
  const setup: Setup = { prepared, pause, threads, startMember, seat, trace, work: new Map(), found: undefined, fits: plan.fits.length };
  let standing: Course | undefined;
  const leave = (): void => {
    standing?.close();
    standing = undefined;
  };
  return {
    tableDigest,
    checkpoints: problem.algorithm.checkpoints,
    inParts: plan.fits.length === 1,
    maxSteps: plan.maxSteps,
    found: () => setup.found,
    workOf: (index) => setup.work.get(index),
    check: async (claim) => {
      leave();
      setup.found = undefined;
      const found = await enter({ claim, setup, known });
      if (typeof found === 'number') return found;
      standing = found;
      return follow({ claim, course: found, setup });
    },
    conclude: async () => {
      if (standing === undefined) throw new EngineError('BAD_CHECKPOINT', 'No check has ended at a state: check the last segment first.');
      const { modelDigest, metrics } = await concludeRun({ prepared, course: standing, pause });
      return { modelDigest, metrics, converged: standing.trainer.converged };
    },
    close: () => {
      leave();
      seat.close();
    },
  };
}

type Setup = CourseSetup & { trace: WorkTrace; work: Map<number, Digest>; found: Digest | undefined; fits: number };

/** The first states of a chain as they were looked at before, and of which claim: it is looked at again and again, each time a little further. */
type Known = Partial<Pick<SegmentClaim, 'digests' | 'stateAt'>> & { parts: CheckpointParts[]; kept: Uint8Array[] };

/** Goes to the state to start from; the index of a state that cannot be right. */
async function enter({ claim, setup, known }: { claim: SegmentClaim; setup: Setup; known: Known }): Promise<Course | number> {
  const { from, digests } = claim;
  if (from === 0) {
    const course = await startCourse(setup);
    const digest = makeDigest(course, setup, undefined);
    if (digest === digests[0]) return course;
    setup.found = digest;
    course.close();
    return 0;
  }
  const read = readStates({ claim, setup, known });
  if (typeof read === 'number') return read;
  const course = await refusedAt(from, () => startCourse({ ...setup, ...read }));
  // What it took to get here is no work of a step.
  setup.trace.take(new Uint8Array());
  return course;
}

function readStates({ claim, setup, known }: { claim: SegmentClaim; setup: Setup; known: Known }): Required<Pick<CourseSetup, 'from'>> & Pick<CourseSetup, 'kept'> | number {
  const { from, digests, stateAt } = claim;
  if (setup.prepared.problem.algorithm.checkpoints === 'whole') {
    const read = readState(claim, setup, from);
    return typeof read === 'number' ? read : { from: [read] };
  }
  if (known.digests !== digests || known.stateAt !== stateAt) Object.assign(known, { digests, stateAt, parts: [], kept: [] });
  for (let step = known.parts.length; step <= from; step += 1) {
    const read = readState(claim, setup, step);
    if (typeof read === 'number') return read;
    known.parts.push(read);
    known.kept.push(read.kept);
  }
  if (setup.fits > 1) return { from: known.parts.slice(0, from + 1) };
  return { from: known.parts.slice(from, from + 1), kept: known.kept.slice(0, from + 1) };
}

/** The state of a step; its index where it is not what the digests say. */
function readState({ digests, stateAt }: SegmentClaim, { prepared: { binding }, fits }: Setup, step: number): CheckpointParts | number {
  const state = stateAt(step);
  if (state === undefined || sha256Hex(state) !== digests[step]) return step;
  try {
    const found = readCheckpoint(state, binding);
    return found.step === step && found.ratings.length < fits && (step === 0 || isDigest(found.previous, digests[step - 1] ?? '0x')) ? found : step;
  } catch (error) {
    return refusal(error, step);
  }
}

/** The digest of where a course stands; the work that led there is kept. */
function makeDigest({ step, ratings, trainer }: Course, { prepared: { binding }, trace, work }: Setup, previous: Digest | undefined): Digest {
  const { state, digest } = writeCheckpoint({ binding, step, loss: trainer.loss, ratings, kept: trainer.state(), previous });
  work.set(step, trace.take(state));
  return digest;
}

/** Makes the steps again, and looks whether the run ends where it is said to end. */
async function follow({ claim, course, setup }: { claim: SegmentClaim; course: Course; setup: Setup }): Promise<number | undefined> {
  const { from, steps, digests, ends } = claim;
  const advance = async (): Promise<boolean> => !course.ended && (await course.advance());
  const last = Math.min(from + steps, digests.length - 1);
  for (let index = from + 1; index <= last; index += 1) {
    const digest = await refusedAt(index, async () => ((await advance()) ? makeDigest(course, setup, digests[index - 1]) : index));
    if (digest !== digests[index]) {
      if (typeof digest === 'string') setup.found = digest;
      return index;
    }
    await setup.pause();
  }
  if (!ends || last < digests.length - 1) return undefined;
  const goesOn = await refusedAt(digests.length, advance);
  return goesOn === false ? undefined : digests.length;
}

async function refusedAt<T>(index: number, work: () => Promise<T>): Promise<T | number> {
  try {
    return await work();
  } catch (error) {
    return refusal(error, index);
  }
}

/** A state that no training writes, or that leads out of the numbers, is a finding; anything else went wrong here. */
function refusal(error: unknown, index: number): number {
  if (error instanceof EngineError && (error.code === 'BAD_CHECKPOINT' || error.code === 'NOT_FINITE')) return index;
  throw error;
}
