import { EngineError } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import type { JobSpec } from '@neurodata/protocol';
import { bytesToHex } from 'viem';
import type { Identity } from '@neurodata/sealing';
import type { Job } from '../duty/readJob.ts';
import type { AskCheckpoints, TrainParameters } from '../duty/runInThread.ts';
import { findForgedStep } from './checkStates.ts';
import type { Heartbeat } from './createHeartbeat.ts';
import { createKeeper } from './createKeeper.ts';
import { findKeptStates } from './findKeptStates.ts';
import type { EarlierStates } from './findKeptStates.ts';
import type { WorkerSetup } from './setup.ts';

export type OnwardParameters = {
  setup: WorkerSetup;
  job: Job;
  spec: JobSpec;
  csv: Uint8Array;
  identity: Identity;
  heartbeat: Heartbeat;
  /** For `Train`. */
  run: Pick<TrainParameters, 'timeoutMs' | 'stop' | 'onProgress'> & { signal: AbortSignal };
  /** Called when the run goes on from states of an earlier attempt, or begins anew because those were false. */
  onStory: (sentence: string) => void;
};

/**
 * Trains, from the last states that were kept of this job where there are any, and keeps its own. What another worker kept is
 * gone on from at once, and executed again beside it: its result counts only if every step was right, so that nobody answers
 * for what a worker before did. Same bits as an undisturbed run either way.
 *
 * @throws what `Train` does.
 */
export async function trainOnward(parameters: OnwardParameters): Promise<TrainResult> {
  const { setup, job, spec, identity, run: { signal } } = parameters;
  // Their metrics follow from all of their fits.
  if (spec.train.search !== undefined || spec.train.validation !== undefined) return setup.train(trainParameters(parameters));
  const earlier = await findKeptStates({ setup, job, engineId: spec.engineId, identity, signal });
  return (earlier && (await goOn(parameters, earlier))) ?? trainAnew(parameters);
}

function trainParameters({ setup: { threads }, csv, spec, run }: OnwardParameters): TrainParameters {
  return { csv, spec: spec.train, threads, ...run };
}

function trainAnew(parameters: OnwardParameters): Promise<TrainResult> {
  return parameters.setup.train({ ...trainParameters(parameters), onAsk: (ask) => keep(parameters, ask) });
}

function keep({ setup, job, spec: { engineId }, identity, heartbeat }: OnwardParameters, ask: AskCheckpoints, earlier?: EarlierStates): void {
  heartbeat.watch(createKeeper({ setup, job, engineId, recipient: bytesToHex(identity.publicKey), ask, before: earlier?.parts ?? [], count: earlier?.states.length ?? 0 }));
}

/** Undefined where what was kept is false. */
async function goOn(parameters: OnwardParameters, earlier: EarlierStates): Promise<TrainResult | undefined> {
  const { setup: { train, log }, job: { jobId }, run: { signal }, onStory } = parameters;
  const step = earlier.states.length - 1;
  const discard = new AbortController();
  let ask: AskCheckpoints | undefined;
  onStory(earlier.ours ? `Goes on from step ${step}, where it was before.` : `Goes on from step ${step}, where the worker before it was, and executes those steps again to check them.`);
  log.info({ jobId, step, by: earlier.by }, 'goes on from kept states');
  const going = train({ ...trainParameters(parameters), signal: AbortSignal.any([signal, discard.signal]), resume: earlier.states, onAsk: (how) => { ask = how; } });
  // Looked at below, whatever comes first.
  going.catch(() => undefined);
  try {
    if (!earlier.ours) await expectRight(parameters, earlier, discard.signal);
    if (ask) keep(parameters, ask, earlier);
    return await going;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EngineError && error.code === 'BAD_CHECKPOINT')) throw error;
    log.warn({ jobId, by: earlier.by, reason: error.message }, 'the states that a worker kept are false');
    onStory(`Begins anew: what ${earlier.by} kept is not what the run makes.`);
    return undefined;
  } finally {
    discard.abort();
  }
}

/** @throws EngineError BAD_CHECKPOINT where a step is not what the run makes */
async function expectRight({ setup: { cores, threads }, csv, spec, run: { timeoutMs, signal } }: OnwardParameters, { states, by }: EarlierStates, discarded: AbortSignal): Promise<void> {
  const forged = await findForgedStep({ csv, spec: spec.train, states, threads: Math.max(1, cores - threads), timeoutMs, signal: AbortSignal.any([signal, discarded]) });
  if (forged !== undefined) throw new EngineError('BAD_CHECKPOINT', `The state of step ${forged} that ${by} kept is another than the engine makes.`);
}
