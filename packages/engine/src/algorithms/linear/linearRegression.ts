import { fitIntercept, linearModel } from './linearModel.ts';

/** Ordinary least squares: scikit-learn's LinearRegression. */
export const linearRegression = linearModel({
  name: 'linear-regression',
  title: 'Linear regression',
  about: 'A weight for each column, so that squared errors are smallest. Where columns repeat each other, the shortest of all such weights.',
  parameters: [fitIntercept],
  alpha: () => 0,
});
