/** How many rows of the class, and of the others, have a probability at or above each of the different ones, the highest first. */
export type Thresholds = { positives: number; negatives: number; truePositives: Float64Array; falsePositives: Float64Array };

/** Ranks the rows by the probability of one class. Equal probabilities are one threshold, as in scikit-learn. */
export function thresholdsOf(parameters: { outputs: Float64Array; width: number; actual: Float64Array; place: number }): Thresholds {
  const { outputs, width, actual, place } = parameters;
  const own: number[] = [];
  const others: number[] = [];
  for (let row = 0; row < actual.length; row += 1) (actual[row] === place ? own : others).push(outputs[row * width + place] ?? 0);
  // Two sorts of plain numbers are far quicker than one of rows by a comparison.
  const up = Float64Array.from(own).sort();
  const down = Float64Array.from(others).sort();
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  for (let p = up.length, n = down.length; p > 0 || n > 0; ) {
    const next = Math.max(up[p - 1] ?? -Infinity, down[n - 1] ?? -Infinity);
    while (p > 0 && up[p - 1] === next) p -= 1;
    while (n > 0 && down[n - 1] === next) n -= 1;
    truePositives.push(up.length - p);
    falsePositives.push(down.length - n);
  }
  return { positives: up.length, negatives: down.length, truePositives: Float64Array.from(truePositives), falsePositives: Float64Array.from(falsePositives) };
}

/**
 * Area under the ROC curve: how often a row of the class ranks above one of the others, ties counting half
 * (Mann and Whitney 1947). Counts stay whole numbers to the last division. Null unless there are rows of both.
 */
export function rocAuc({ positives, negatives, truePositives, falsePositives }: Thresholds): number | null {
  if (positives === 0 || negatives === 0) return null;
  let twice = 0;
  for (let index = 0; index < truePositives.length; index += 1) {
    const passed = (falsePositives[index] ?? 0) - (falsePositives[index - 1] ?? 0);
    twice += passed * ((truePositives[index] ?? 0) + (truePositives[index - 1] ?? 0));
  }
  return twice / (2 * positives * negatives);
}

/** Average precision: the precision at each threshold, weighted by the recall that it adds. Null without rows of the class. */
export function averagePrecision({ positives, truePositives, falsePositives }: Thresholds): number | null {
  if (positives === 0) return null;
  let sum = 0;
  for (let index = 0; index < truePositives.length; index += 1) {
    const found = truePositives[index] ?? 0;
    sum += (found - (truePositives[index - 1] ?? 0)) * (found / (found + (falsePositives[index] ?? 0)));
  }
  return sum / positives;
}
