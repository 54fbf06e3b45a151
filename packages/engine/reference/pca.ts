import { doublesToBytes } from '../src/run/checkpoint.ts';
import { eigen } from './eigen.ts';
import { sum } from './features.ts';
import type { Learner } from './learner.ts';
import { laneDot } from './logisticPoint.ts';
import { at } from './matrix.ts';
import { momentsOf } from './moments.ts';

/** Principal components by the covariance matrix, as `src/algorithms/pca`. */
export const pca: Learner = ({ rows, parameters }) => {
  const { means, products } = momentsOf(rows, rows.map(() => 1), true);
  const covariance = products.map((row) => row.map((value) => value / (rows.length - 1)));
  const total = sum(covariance.map((_, index) => at(covariance, index, index)));
  const { values, vectors } = eigen(covariance);
  const count = typeof parameters['n_components'] === 'number' ? parameters['n_components'] : means.length;
  const variances = values.slice(0, count).map((value) => Math.max(value, 0));
  const components = vectors.slice(0, count).map((component) => {
    const most = component.reduce((largest, value) => (Math.abs(value) > Math.abs(largest) ? value : largest), 0);
    return most < 0 ? component.map((value) => -value) : component;
  });
  const numbers = [...means, ...variances, total, ...components.flat()];
  const states = [
    { loss: 1, kept: doublesToBytes([0]) },
    { loss: total > 0 ? Math.max(1 - sum(variances) / total, 0) : 0, kept: doublesToBytes([1, ...numbers]) },
  ];
  const scale = (index: number): number => {
    const variance = variances[index] ?? 0;
    if (parameters['whiten'] !== true) return 1;
    return variance > 0 ? 1 / Math.sqrt(variance) : 0;
  };
  const predict = (row: number[]): number[] => components.map((component, index) => laneDot(component, row.map((value, column) => value - (means[column] ?? 0))) * scale(index));
  return { states, converged: true, body: doublesToBytes(numbers), predict, explainedVarianceRatio: variances.map((variance) => (total > 0 ? variance / total : 0)) };
};
