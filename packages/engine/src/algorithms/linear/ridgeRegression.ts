import { numberOf } from '../../spec/parameters.ts';
import { fitIntercept, linearModel } from './linearModel.ts';

/** Least squares with an l2 penalty: scikit-learn's Ridge. */
export const ridgeRegression = linearModel({
  name: 'ridge-regression',
  title: 'Ridge regression',
  about: 'Linear regression whose weights are kept small: steadier where columns are many or alike.',
  parameters: [
    { name: 'alpha', kind: 'number', title: 'Strength of the penalty', help: 'As in scikit-learn, alpha |w|² is added to the sum of squared errors, the intercept left out.', default: 1, least: 0, most: 1e12 },
    fitIntercept,
  ],
  alpha: ({ problem }) => numberOf(problem.parameters, 'alpha'),
});
