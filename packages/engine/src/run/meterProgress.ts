import { type TrainProgress, thin } from './train.ts';

/** How far a run is, for people. */
export type MeteredProgress = TrainProgress & {
  /** At most, as the steps so far went; absent before the second one. */
  secondsLeft?: number;
  /** From the start to `step`, at most 200 points, evenly between. */
  lossCurve: number[];
};

export type ProgressMeter = {
  onProgress(progress: TrainProgress): void;
  /** Tells the last step, where that has not been done, and tells no more. */
  stop(): void;
};

const MOST_POINTS = 200;

/**
 * Thins a run's progress for those who watch it: told every `everyMs` (200 by default), while a step takes longer too,
 * and not more often, however many steps there are.
 */
export function meterProgress(tell: (progress: MeteredProgress) => void, everyMs = 200): ProgressMeter {
  const losses: number[] = [];
  let latest: TrainProgress | undefined;
  let began = 0;
  let told = -Infinity;
  let toldStep = -1;
  const say = (now: number): void => {
    if (latest === undefined) return;
    const { step, maxSteps } = latest;
    told = now;
    toldStep = step;
    const left = step < 2 ? {} : { secondsLeft: ((now - began) / 1_000 / step) * Math.max(maxSteps - step, 0) };
    tell({ ...latest, ...left, lossCurve: thin(losses, MOST_POINTS) });
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - told >= everyMs) say(now);
  }, everyMs);
  return {
    onProgress: (progress) => {
      const now = performance.now();
      if (latest === undefined) began = now;
      latest = progress;
      losses.push(progress.loss);
      if (now - told >= everyMs) say(now);
    },
    stop: () => {
      clearInterval(timer);
      if (latest !== undefined && toldStep !== latest.step) say(performance.now());
    },
  };
}
