import { EngineError } from '../errors.ts';
import type { Kernels } from '../kernels/index.ts';
import type { TrainSpec } from '../spec/types.ts';
import { dealByKey } from './dealByKey.ts';
import type { RowOrder } from './fitFeature.ts';

/** Rows that train and rows that test, each in the table's order. */
export type Split = { train: RowOrder; test: RowOrder };

/**
 * Rule `hash-rank`: the kept rows are ranked by the splitmix64 key of their table index (ties by index); the first
 * floor(n * testFraction) are test rows. A row's key does not depend on the other rows.
 *
 * @throws EngineError TOO_FEW_ROWS
 */
export function splitRows(parameters: { kernels: Kernels; rows: number; kept: RowOrder; split: TrainSpec['split'] }): Split {
  const { kernels, rows, kept, split } = parameters;
  const { testRows } = countSplit(kept.length, split);
  const [test = kept, train = kept] = dealByKey({ kernels, rows, kept, seed: split.seed, ends: [testRows, kept.length] });
  return { train, test };
}

/** How many of so many rows with a target train and test. @throws EngineError TOO_FEW_ROWS */
export function countSplit(rows: number, { testFraction }: Pick<TrainSpec['split'], 'testFraction'>): { trainRows: number; testRows: number } {
  const testRows = Math.floor(rows * testFraction);
  const trainRows = rows - testRows;
  if (testRows >= 1 && trainRows >= 2) return { trainRows, testRows };
  throw new EngineError('TOO_FEW_ROWS', `${rows} rows with a target leave ${trainRows} to train and ${testRows} to test: 2 and 1 are the least, so add rows or change spec.split.testFraction.`);
}
