import os from 'node:os';
import { type TrainOptions, type TrainResult, meterProgress, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { createProgress } from './progress.ts';

/** All cores but one, at most as many as the engine takes. */
export function threadsByDefault(): number {
  return Math.min(Math.max(os.availableParallelism() - 1, 1), 16);
}

/** `train` of the engine, in threads, with how far it is on stderr. `stage` says what it is for. */
export async function trainWithProgress({ stage, threads = threadsByDefault(), ...options }: Pick<TrainOptions, 'csv' | 'spec' | 'lastStep' | 'threads'> & { stage: string }): Promise<TrainResult> {
  const progress = createProgress('counts');
  const meter = meterProgress(({ step, maxSteps, loss, secondsLeft }) => progress.update(stage, step, maxSteps, `loss ${loss.toPrecision(5)}${leftText(secondsLeft)}`));
  try {
    return await train({ ...options, threads, startMember: startNodeMember, onProgress: meter.onProgress });
  } finally {
    meter.stop();
    progress.stop();
  }
}

/** ", 40 s left at most": a run may converge before its last step. */
export function leftText(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds < 90 ? `, ${Math.ceil(seconds)} s left at most` : `, ${Math.ceil(seconds / 60)} min left at most`;
}
