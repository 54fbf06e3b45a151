import { EngineError } from '../../errors.ts';
import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { badModel, bodyDoubles } from '../../model/body.ts';
import { type ParameterValues, flagOf, optionalNumberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start } from '../algorithm.ts';
import { oneStepTrainer } from '../oneStep.ts';
import { columnMoments, momentsBytes } from '../rows/columnMoments.ts';
import { lineOf } from '../rows/rowShares.ts';
import { rowWeights } from '../rows/rowWeights.ts';
import { scoreInPieces } from '../rows/scoreInPieces.ts';
import { eigen, eigenBytes } from './eigen.ts';

/** Principal components by the covariance matrix: scikit-learn's PCA(svd_solver='covariance_eigh'). */
export const pca: Algorithm = {
  name: 'pca',
  title: 'Principal components',
  about: 'Replaces many columns by a few that keep most of their variance: for pictures, and as a step before others.',
  tasks: ['reduction'],
  parameters: [
    { name: 'n_components', kind: 'integer', title: 'Components', help: 'How many are kept, the one with the largest variance first.', default: null, least: 1, most: 100_000, orNull: 'as many as there are encoded columns' },
    { name: 'whiten', kind: 'boolean', title: 'Whiten', help: 'Whether each component is divided by its deviation.', default: false },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: false,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ width }) => momentsBytes(width) + eigenBytes(width) + 65_536,
  maxSteps: () => 1,
  start: async (start, states) => {
    const { values, left } = await fit(start);
    return oneStepTrainer({ losses: [1, left], values, states });
  },
  read: (body, shape, kernels) => createProjection(readPca(body, shape), shape, kernels),
};

/** What a model holds. `components`: a row for each, of length 1. `total`: the variance of all columns together. */
export type PcaModel = { means: Float64Array; variances: Float64Array; total: number; components: Float64Array };

/** How many components a model of so many encoded columns has. @throws EngineError BAD_SPEC */
function componentCount(parameters: ParameterValues, width: number): number {
  const count = optionalNumberOf(parameters, 'n_components') ?? width;
  if (count <= width) return count;
  throw new EngineError('BAD_SPEC', `spec.parameters.n_components is ${count}: it must be at most ${width}, the number of encoded columns.`);
}

async function fit({ problem, team, pause }: Start): Promise<{ values: Float64Array; left: number }> {
  const { width, parameters, trainRows } = problem;
  const count = componentCount(parameters, width);
  const { means, products } = await columnMoments({ problem, team, pause, withTarget: false, centred: true, ...rowWeights(problem) });
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const value = (products[i * width + j] ?? 0) / (trainRows - 1);
      covariance[i * width + j] = value;
      covariance[j * width + i] = value;
    }
  }
  let total = 0;
  for (let i = 0; i < width; i += 1) total += covariance[i * width + i] ?? 0;
  const { values, vectors } = await eigen(team.kernels, covariance, width, pause);
  const variances = values.subarray(0, count).map((value) => Math.max(value, 0));
  for (let row = 0; row < count; row += 1) fixSign(vectors.subarray(row * width, (row + 1) * width));
  let kept = 0;
  for (const variance of variances) kept += variance;
  // Not spread: arguments of a call are bounded, and components are not.
  const found = new Float64Array(width + count + 1 + count * width);
  found.set(means.subarray(0, width));
  found.set(variances, width);
  found[width + count] = total;
  found.set(vectors.subarray(0, count * width), width + count + 1);
  return {
    values: found,
    left: total > 0 ? Math.max(1 - kept / total, 0) : 0,
  };
}

/** The entry that is largest (the first of equals) is made positive: a component may be turned round. */
function fixSign(component: Float64Array): void {
  let largest = 0;
  for (const value of component) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (const [index, value] of component.entries()) component[index] = -value;
}

/** Body: the columns' means, the components' variances, the total variance, the components; f64 each. @throws EngineError BAD_MODEL */
export function readPca(body: Uint8Array, { width, parameters }: Pick<ModelShape, 'width' | 'parameters'>): PcaModel {
  const count = Math.min(optionalNumberOf(parameters, 'n_components') ?? width, width + 1);
  if (count > width) throw badModel('has more components than columns');
  const values = bodyDoubles(body, width + count + 1 + count * width);
  const variances = values.slice(width, width + count);
  if (variances.some((variance, index) => variance < 0 || variance > (variances[index - 1] ?? Infinity))) throw badModel('has variances that are negative or do not fall');
  const total = values[width + count] ?? 0;
  if (total < 0) throw badModel('has a negative total variance');
  return { means: values.slice(0, width), variances, total, components: values.slice(width + count + 1) };
}

/** output = component . (row - means), divided by the deviation where components are whitened (0 where that is 0). */
function createProjection({ means, variances, total, components }: PcaModel, { width, parameters }: ModelShape, kernels: Kernels): Predictor {
  const line = lineOf(width);
  const outputs = variances.length;
  const weights = allocate(kernels, outputs * line * 8);
  for (let row = 0; row < outputs; row += 1) doubles(kernels, weights + row * line * 8, width).set(components.subarray(row * width, (row + 1) * width));
  const scales = flagOf(parameters, 'whiten') ? variances.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0)) : undefined;
  const scored = scoreInPieces({
    kernels, width, outputs, intercept: false,
    score: ({ design, out, rows }) => {
      kernels.projectRows(design, line, weights, outputs, out, 0, rows);
      return -1;
    },
  });
  return {
    outputs,
    explainedVarianceRatio: Array.from(variances, (variance) => (total > 0 ? variance / total : 0)),
    predict: (design, rows) => {
      const found = scored.predict(design.map((value, index) => value - (means[index % width] ?? 0)), rows);
      return scales === undefined ? found : found.map((value, index) => value * (scales[index % outputs] ?? 0));
    },
  };
}
