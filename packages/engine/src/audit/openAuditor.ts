import { EngineError } from '../errors.ts';
import { type Digest, sha256Hex, toHex } from '../hash.ts';
import { openKernels } from '../kernels/index.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { type Prepared, prepare } from '../prepare/problem.ts';
import { type CheckpointParts, readCheckpoint, writeCheckpoint } from '../run/checkpoint.ts';
import { concludeRun } from '../run/concludeRun.ts';
import { type Course, type CourseSetup, startCourse } from '../run/course.ts';
import { createPause } from '../run/pause.ts';
import { planFits } from '../run/selection/planFits.ts';
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
  /** The state of a step, as the run keeps it; of a chain all up to `from` are asked for. It must not be changed between calls. */
  stateAt(step: number): Uint8Array | undefined;
  /** The digests of all checkpoints, the start first. */
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
  /** The first checkpoint that is not what the run gives, or undefined. */
  check(claim: SegmentClaim): Promise<number | undefined>;
  /** Model and metrics where the last check ended. */
  conclude(): Promise<{ modelDigest: Digest; metrics: Metrics }>;
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
  const seat = createSeat({ problem, pause, threads, startMember });
  const known: Known = new WeakMap();
  const setup: CourseSetup = { prepared, pause, threads, startMember, seat };
  let standing: Course | undefined;
  const leave = (): void => {
    standing?.close();
    standing = undefined;
  };
  return {
    tableDigest,
    checkpoints: problem.algorithm.checkpoints,
    inParts: plan.fits.length === 1,
    check: async (claim) => {
      leave();
      const found = await enter({ claim, setup, known });
      if (typeof found === 'number') return found;
      standing = found;
      return follow({ claim, course: found, setup });
    },
    conclude: async () => {
      if (standing === undefined) throw new EngineError('BAD_CHECKPOINT', 'No check has ended at a state: check the last segment first.');
      const { modelDigest, metrics } = await concludeRun({ prepared, course: standing, pause });
      return { modelDigest, metrics };
    },
    close: () => {
      leave();
      seat.close();
    },
  };
}

/** Digests of states that were hashed before. */
type Known = WeakMap<Uint8Array, Digest>;

/** Goes to the state to start from; the index of a state that cannot be right. */
async function enter({ claim, setup, known }: { claim: SegmentClaim; setup: CourseSetup; known: Known }): Promise<Course | number> {
  const { from, digests } = claim;
  if (from === 0) {
    const course = await startCourse(setup);
    if (digestAt(course, setup.prepared, undefined) === digests[0]) return course;
    course.close();
    return 0;
  }
  const read = readStates({ claim, prepared: setup.prepared, known });
  if (typeof read === 'number') return read;
  return refusedAt(from, () => startCourse({ ...setup, from: read }));
}

function readStates({ claim, prepared, known }: { claim: SegmentClaim; prepared: Prepared; known: Known }): CheckpointParts[] | number {
  const { from, digests, stateAt } = claim;
  const states: CheckpointParts[] = [];
  for (let step = prepared.problem.algorithm.checkpoints === 'chain' ? 0 : from; step <= from; step += 1) {
    const state = stateAt(step);
    if (state === undefined || digestOf(state, known) !== digests[step]) return step;
    try {
      const found = readCheckpoint(state, prepared.binding);
      if (found.step !== step || (step > 0 && toHex(found.previous) !== digests[step - 1])) return step;
      states.push(found);
    } catch (error) {
      return refusal(error, step);
    }
  }
  return states;
}

function digestAt({ step, ratings, trainer }: Course, { binding }: Prepared, previous: Digest | undefined): Digest {
  return writeCheckpoint({ binding, step, loss: trainer.loss, ratings, kept: trainer.state(), previous }).digest;
}

function digestOf(state: Uint8Array, known: Known): Digest {
  const digest = known.get(state) ?? sha256Hex(state);
  known.set(state, digest);
  return digest;
}

/** Makes the steps again, and looks whether the run ends where it is said to end. */
async function follow({ claim, course, setup: { prepared, pause } }: { claim: SegmentClaim; course: Course; setup: CourseSetup }): Promise<number | undefined> {
  const { from, steps, digests, ends } = claim;
  const advance = async (): Promise<boolean> => !course.ended && (await course.advance());
  const last = Math.min(from + steps, digests.length - 1);
  for (let index = from + 1; index <= last; index += 1) {
    const differs = await refusedAt(index, async () => !(await advance()) || digestAt(course, prepared, digests[index - 1]) !== digests[index]);
    if (differs !== false) return index;
    await pause();
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
