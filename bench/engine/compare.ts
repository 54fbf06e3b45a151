import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCase } from './benchCase.ts';
import { fitOurs, makeProblem } from './ourSide.ts';
import type { SklearnSide } from './sklearnSide.ts';

/** Medians in milliseconds, and how many times faster we are. */
export type Measured = { threads: number; estimator: string; /** With how many threads it was fastest. */ sklearnThreads: number; sklearn: number; ours: number; ratio: number; rounds: number };
export type Comparison = { name: string; rows: number; width: number; steps: number; measured: Measured[]; quality: { name: string; sklearn: number; ours: number } };

const MOST_SECONDS = 60;
/** Before each fit of either side: threads of the one before may look for work a while longer, on the cores that the next one needs. */
const SETTLE_MS = 150;

/** Fits both sides in turn, so that what else the machine does falls on both. The estimators that are far from the fastest are left out after one fit. */
export async function compare(parameters: { benchCase: BenchCase; side: SklearnSide; threads: readonly number[]; rounds: number }): Promise<Comparison> {
  const { benchCase, side, threads, rounds } = parameters;
  const { method, timed, quality } = benchCase;
  const data = benchCase.make();
  const problem = makeProblem(benchCase, data);
  const { width, trainRows, testRows } = problem;
  const design = problem.encode(0, trainRows + testRows);
  await side.load({ design, target: data.target, width, trainRows, classification: benchCase.task === 'classification' });
  const measured: Measured[] = [];
  for (const count of threads) measured.push(await measure({ ...parameters, problem, threads: count, rounds }));
  const ours = await fitOurs(problem, 1, timed);
  const estimator = measured[0]?.estimator ?? '';
  const theirs = await side.output({ estimator, method });
  const test = { actual: data.target?.subarray(trainRows) ?? new Float64Array(), design: design.subarray(trainRows * width), designWidth: width };
  return {
    name: benchCase.name, rows: trainRows, width, steps: ours.steps, measured,
    quality: { name: quality.name, sklearn: quality.of({ ...theirs, ...test }), ours: quality.of({ ...ours, ...test }) },
  };
}

type Setting = { estimator: string; threads: number };
type Round = { benchCase: BenchCase; side: SklearnSide; problem: ReturnType<typeof makeProblem>; threads: number; rounds: number };

async function measure({ benchCase, side, problem, threads, rounds }: Round): Promise<Measured> {
  const { method, timed, sklearn } = benchCase;
  const fit = async (one: Setting): Promise<number> => {
    await sleep(SETTLE_MS);
    return side.fit({ ...one, timed, method });
  };
  const fitHere = async (): Promise<number> => {
    await sleep(SETTLE_MS);
    return (await fitOurs(problem, threads, timed)).ms;
  };
  const began = performance.now();
  // More threads may be slower: a user who has two may also take one.
  const settings = sklearn.flatMap((estimator) => Array.from({ length: threads }, (_, index): Setting => ({ estimator, threads: index + 1 })));
  const warm = new Map<Setting, number>();
  for (const one of settings) warm.set(one, await fit(one));
  await fitHere();
  const fastest = Math.min(...warm.values());
  const near = settings.filter((one) => (warm.get(one) ?? 0) <= 2 * fastest);
  const made = Math.max(3, Math.min(rounds, Math.floor((MOST_SECONDS * 1000) / (performance.now() - began))));
  const ours: number[] = [];
  const theirs = new Map(near.map((one) => [one, [] as number[]]));
  for (let round = 0; round < made; round += 1) {
    ours.push(await fitHere());
    for (const [one, times] of theirs) times.push(await fit(one));
  }
  const [best] = [...theirs].map(([one, times]) => ({ ...one, ms: median(times) })).sort((a, b) => a.ms - b.ms);
  if (best === undefined) throw new TypeError(`${benchCase.name} names no estimator`);
  const own = median(ours);
  return { threads, estimator: best.estimator, sklearnThreads: best.threads, sklearn: best.ms, ours: own, ratio: best.ms / own, rounds: made };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
