import type { Task } from '../src/algorithms/algorithm.ts';
import type { ParameterValues } from '../src/spec/parameters.ts';

/** What a learner of the twin sees: encoded train rows (NaN where a number is missing), and their targets. */
export type Data = {
  rows: number[][];
  /** Class indices, or numbers; none for clustering and reduction. */
  targets: number[];
  weights: number[] | null;
  /** 0 unless it is classification. */
  classes: number;
  task: Task;
  parameters: ParameterValues;
  maxSteps: number;
};

/** A state: the objective and what its checkpoint keeps, the start first. */
export type State = { loss: number; kept: Uint8Array };

/** `predict` gives a row's outputs; `centres` and `explainedVarianceRatio` are the `Predictor`'s. */
export type Learned = {
  states: State[];
  converged: boolean;
  body: Uint8Array;
  predict: (row: number[]) => number[];
  centres?: number[][];
  explainedVarianceRatio?: number[];
};

/** What an algorithm of the engine does, written to be read. */
export type Learner = (data: Data) => Learned;

const PARTS = 16;

/** The bounds [first, last) of the parts into which the engine cuts so many rows. */
export function partBounds(rows: number): [first: number, last: number][] {
  const start = (part: number): number => Math.floor((rows * part) / PARTS);
  return Array.from({ length: PARTS }, (_, part) => [start(part), start(part + 1)]);
}

/** Terms added up as the engine does: within each part from the first to the last, then part by part. */
export function sumInParts(terms: readonly number[]): number {
  let total = 0;
  for (const [first, last] of partBounds(terms.length)) {
    let part = 0;
    for (const term of terms.slice(first, last)) part += term;
    total += part;
  }
  return total;
}
