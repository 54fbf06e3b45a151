import { EngineError } from '../../packages/engine/src/index.ts';
import { createKernels } from '../../packages/engine/src/kernels/index.ts';
import { prepare } from '../../packages/engine/src/prepare/problem.ts';
import type { BenchCase } from './benchCase.ts';
import { fitOurs } from './ourSide.ts';
import { auc, rmse } from './qualities.ts';
import { type RealTable, realTables } from './realTables.ts';
import type { SklearnSide } from './sklearnSide.ts';

/** How much worse than scikit-learn we may be: AUC, and a share of its RMSE. */
const ALLOWED = { AUC: 0.002, RMSE: 0.005 };

/**
 * Means over the seeds. `worse`: AUC points below scikit-learn's, or the share by which our RMSE is above; `error`: the standard error of that mean. `chance`: how far
 * scikit-learn is from itself by the same measure, fitted twice, which is chance alone (0 where it draws nothing).
 */
export type QualityRow = { name: string; table: string; metric: 'AUC' | 'RMSE'; sklearn: number; ours: number; worse: number; error: number; within: boolean; chance: number };

/** The test rows' AUC or RMSE on both sides, on five real tables, each split by the seeds 1 to `seeds`. Cases of other tasks have no rows. */
export async function compareQuality(given: BenchCase, side: SklearnSide, seeds: number): Promise<QualityRow[]> {
  const benchCase = { ...given, ...given.learned };
  if (benchCase.task !== 'classification' && benchCase.task !== 'regression') return [];
  const rows: QualityRow[] = [];
  for (const table of realTables()) {
    try {
      rows.push(await compareTable({ benchCase, side, seeds }, table));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      process.stdout.write(`${benchCase.name} does not learn ${table.name}: ${error.message}\n`);
    }
  }
  return rows;
}

async function compareTable({ benchCase, side, seeds }: { benchCase: BenchCase; side: SklearnSide; seeds: number }, table: RealTable): Promise<QualityRow> {
  const metric = benchCase.task === 'classification' ? 'AUC' : 'RMSE';
  const found: Scores[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) found.push(await compareSeed(benchCase, side, table, seed));
  const [sklearn, again, ours] = [mean(found.map((one) => one.sklearn)), mean(found.map((one) => one.again)), mean(found.map((one) => one.ours))];
  const worse = metric === 'AUC' ? sklearn - ours : ours / sklearn - 1;
  const unit = metric === 'AUC' ? 1 : sklearn;
  const squares = found.map((one) => (Math.abs(one.sklearn - one.ours - (sklearn - ours)) / unit) ** 2);
  return { name: benchCase.name, table: table.name, metric, sklearn, ours, worse, error: Math.sqrt(mean(squares) / Math.max(1, seeds - 1)), within: worse <= ALLOWED[metric], chance: Math.abs(sklearn - again) / unit };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Scores = { sklearn: number; again: number; ours: number };

async function compareSeed(benchCase: BenchCase, side: SklearnSide, table: RealTable, seed: number): Promise<Scores> {
  const classification = benchCase.task === 'classification';
  const spec = {
    ...benchCase.spec, task: benchCase.task, target: classification ? table.classes : table.number,
    features: [...table.numeric.map((name) => ({ name, kind: 'numeric' })), ...table.categorical.map((name) => ({ name, kind: 'categorical' }))],
    split: { rule: 'hash-rank', seed, testFraction: 0.25 },
    limits: { maxSteps: 100_000, maxBytes: 2 ** 32 },
  };
  const { problem } = await prepare({ kernels: createKernels(), csv: table.csv, spec });
  const { width, trainRows, testRows, targets } = problem;
  const design = problem.encode(0, trainRows + testRows);
  // First, since it says by an EngineError what cannot be learned.
  const fitted = await fitOurs(problem, 1, benchCase.timed);
  await side.load({ design, target: targets, width, trainRows, classification });
  const [estimator = ''] = benchCase.sklearn;
  const { method, timed } = benchCase;
  const rows = { actual: targets.subarray(trainRows), design: design.subarray(trainRows * width), designWidth: width };
  const { of } = classification ? auc : rmse;
  const theirs = async (): Promise<number> => {
    await side.fit({ estimator, threads: 1, timed, method });
    return of({ ...(await side.output({ estimator, method })), ...rows });
  };
  return { sklearn: await theirs(), again: await theirs(), ours: of({ ...fitted, ...rows }) };
}
