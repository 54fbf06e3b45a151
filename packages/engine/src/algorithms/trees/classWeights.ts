import type { Problem } from '../algorithm.ts';

/** Sample weights of the train rows times class weights (`balanced`: rows / (classes * rows of the class)); null where all are 1. */
export function classWeights({ weights, trainRows, targets, classes }: Problem, balanced: boolean): Float64Array | null {
  if (!balanced || classes.length === 0) return weights?.slice(0, trainRows) ?? null;
  const counts = classes.map(() => 0);
  for (const target of targets.subarray(0, trainRows)) counts[target] = (counts[target] ?? 0) + 1;
  return Float64Array.from({ length: trainRows }, (_, row) => (weights?.[row] ?? 1) * (trainRows / (classes.length * (counts[targets[row] ?? 0] ?? 1))));
}
