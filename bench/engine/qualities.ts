import type { Quality } from './benchCase.ts';

/** Area under the ROC curve of the second of two classes; ties count half. Source: Mann and Whitney (1947). */
export const auc: Quality = {
  name: 'AUC',
  of: ({ outputs, width, actual }) => {
    const score = (row: number): number => outputs[row * width + width - 1] ?? 0;
    const order = Int32Array.from(actual, (_, row) => row).sort((a, b) => score(a) - score(b));
    let ranks = 0;
    let positives = 0;
    for (let start = 0, end = 0; start < order.length; start = end) {
      while (end < order.length && score(order[end] ?? 0) === score(order[start] ?? 0)) end += 1;
      for (const row of order.subarray(start, end)) {
        if (actual[row] !== 1) continue;
        positives += 1;
        ranks += (start + end + 1) / 2;
      }
    }
    return (ranks - (positives * (positives + 1)) / 2) / (positives * (actual.length - positives));
  },
};

/** Share of rows whose most likely class is right. */
export const accuracy: Quality = {
  name: 'accuracy',
  of: ({ outputs, width, actual }) => {
    let right = 0;
    for (let row = 0; row < actual.length; row += 1) {
      const own = outputs.subarray(row * width, (row + 1) * width);
      if (own.indexOf(own.reduce((most, value) => Math.max(most, value), -Infinity)) === actual[row]) right += 1;
    }
    return right / actual.length;
  },
};

/** Root of the mean squared error. */
export const rmse: Quality = {
  name: 'RMSE',
  of: ({ outputs, actual }) => Math.sqrt(outputs.reduce((sum, value, row) => sum + (value - (actual[row] ?? 0)) ** 2, 0) / outputs.length),
};

/** Mean squared distance of a cluster's rows to their own mean, over all rows: what k-means lowers. Outputs are cluster indices. */
export const inertia: Quality = {
  name: 'inertia',
  of: ({ outputs, design, designWidth }) => {
    const clusters = outputs.reduce((most, value) => Math.max(most, value), 0) + 1;
    const sums = new Float64Array(clusters * designWidth);
    const counts = new Float64Array(clusters);
    let squares = 0;
    for (let row = 0; row < outputs.length; row += 1) {
      const cluster = outputs[row] ?? 0;
      counts[cluster] = (counts[cluster] ?? 0) + 1;
      for (let column = 0; column < designWidth; column += 1) {
        const value = design[row * designWidth + column] ?? 0;
        const at = cluster * designWidth + column;
        sums[at] = (sums[at] ?? 0) + value;
        squares += value * value;
      }
    }
    for (const [at, sum] of sums.entries()) squares -= sum * sum / Math.max(counts[Math.floor(at / designWidth)] ?? 1, 1);
    return squares / outputs.length;
  },
};

/** Sum of the variances of the components: what a reduction keeps. */
export const variance: Quality = {
  name: 'variance kept',
  of: ({ outputs, width }) => {
    const rows = outputs.length / width;
    let total = 0;
    for (let column = 0; column < width; column += 1) {
      let sum = 0;
      let squares = 0;
      for (let row = 0; row < rows; row += 1) {
        const value = outputs[row * width + column] ?? 0;
        sum += value;
        squares += value * value;
      }
      total += squares / rows - (sum / rows) ** 2;
    }
    return total;
  },
};
