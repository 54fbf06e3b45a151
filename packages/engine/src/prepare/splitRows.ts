import { EngineError } from '../errors.ts';
import type { Kernels } from '../kernels/index.ts';
import type { TrainSpec } from '../spec/trainSpec.ts';
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
  const testRows = Math.floor(kept.length * split.testFraction);
  const trainRows = kept.length - testRows;
  if (testRows < 1 || trainRows < 2) {
    throw new EngineError('TOO_FEW_ROWS', `${kept.length} rows with a target leave ${trainRows} to train and ${testRows} to test: 2 and 1 are the least, so add rows or change spec.split.testFraction.`);
  }
  const ranked = rankRows({ kernels, rows, kept, seed: BigInt(split.seed) });
  return { test: ranked.slice(0, testRows).sort(), train: ranked.slice(testRows).sort() };
}

/** The kept rows in the order of their keys. */
export function rankRows({ kernels, rows, kept, seed }: { kernels: Kernels; rows: number; kept: RowOrder; seed: bigint }): RowOrder {
  const keys = hashKeys(kernels, rows, seed);
  return kept.slice().sort((a, b) => compare(keys[a] ?? 0n, keys[b] ?? 0n) || a - b);
}

const PIECE = 1 << 13;

function hashKeys(kernels: Kernels, rows: number, seed: bigint): BigUint64Array {
  const keys = new BigUint64Array(rows);
  // The kernel's scratch is small and its memory is never given back, so keys are fetched in pieces.
  const pointer = kernels.allocate(PIECE * 8);
  for (let first = 0; first < rows; first += PIECE) {
    const last = Math.min(rows, first + PIECE);
    kernels.hashRanks(seed, pointer - first * 8, first, last);
    keys.set(new BigUint64Array(kernels.memory.buffer, pointer, last - first), first);
  }
  return keys;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
