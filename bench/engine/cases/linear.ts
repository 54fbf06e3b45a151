import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { rmse } from '../qualities.ts';

export const benchCase: BenchCase = {
  name: 'linear',
  task: 'regression',
  make: () => makeTable({
    trainRows: 200_000, width: 50, seed: 2,
    target: (row, random) => row.reduce((sum, value, index) => sum + value * ((index % 7) - 3), 5 * random.normal()),
  }),
  spec: { algorithm: 'linear-regression' },
  sklearn: ['LinearRegression()'],
  method: 'predict',
  timed: 'fit',
  quality: rmse,
};
