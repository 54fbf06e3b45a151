import type { Data } from './learner.ts';

/** Sample weight times class weight of each train row; `balanced` as in scikit-learn. */
export function rowWeights({ rows, targets, weights, classes, parameters }: Data): number[] {
  const own = weights ?? rows.map(() => 1);
  if (parameters['class_weight'] !== 'balanced') return own;
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const sums = Array.from({ length: classes }, (_, place) => sum(own.filter((__, row) => targets[row] === place)));
  return own.map((weight, row) => {
    const ofClass = sums[targets[row] ?? 0] ?? 0;
    return ofClass > 0 ? weight * (sum(own) / (classes * ofClass)) : 0;
  });
}
