import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { badModel, bodyDoubles } from '../../model/body.ts';
import { doublesToBytes } from '../../run/checkpoint.ts';
import { flagOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import { lineOf } from '../rows/rowShares.ts';
import { scoreInPieces } from '../rows/scoreInPieces.ts';
import { type LeastSquares, MOST_ROUNDS, coefficientsOf, createLeastSquares, keptOf, leastSquaresBytes, refine } from './leastSquares.ts';

/** The parameter that both linear models have. */
export const fitIntercept = { name: 'fit_intercept', kind: 'boolean', title: 'Intercept', help: 'Whether there is a constant; without one the model is 0 where all columns are 0.', default: true } as const;

/** What linear and ridge regression have in common. */
export function linearModel(own: Pick<Algorithm, 'name' | 'title' | 'about' | 'parameters'> & { alpha: (start: Start) => number }): Algorithm {
  const { alpha, ...rest } = own;
  return {
    ...rest,
    tasks: ['regression'],
    preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
    takesMissing: false,
    takesWeights: true,
    copiesRows: false,
    checkpoints: 'whole',
    memory: ({ width }) => leastSquaresBytes(width),
    maxSteps: () => MOST_ROUNDS,
    start: async (start, states) => trainerOf(await createLeastSquares({ ...start, alpha: alpha(start) }, states), start),
    read: readLinear,
  };
}

function trainerOf(fit: LeastSquares, { pause }: Start): Trainer {
  return {
    get step() {
      return fit.step;
    },
    get loss() {
      return fit.loss;
    },
    get converged() {
      return fit.done;
    },
    advance: () => refine(fit, pause),
    state: () => doublesToBytes(keptOf(fit)),
    body: () => doublesToBytes(coefficientsOf(fit)),
  };
}

/** Body: the intercept (0 where none is fitted), then a weight for each column; f64 each. */
function readLinear(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor {
  const columns = shape.width + 1;
  const line = lineOf(columns);
  const values = bodyDoubles(body, columns);
  if (!flagOf(shape.parameters, 'fit_intercept') && values[0] !== 0) throw badModel('has an intercept, which its parameters exclude');
  const weights = allocate(kernels, line * 8);
  doubles(kernels, weights, columns).set(values);
  return scoreInPieces({
    kernels, width: shape.width, outputs: 1, intercept: true,
    score: ({ design, out, rows }) => {
      kernels.projectRows(design, line, weights, 1, out, 0, rows);
      return -1;
    },
  });
}
