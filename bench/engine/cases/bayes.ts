import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { auc } from '../qualities.ts';

export const benchCase: BenchCase = {
  name: 'bayes',
  task: 'classification',
  make: () => makeTable({
    trainRows: 200_000, width: 30, seed: 3,
    target: (row, random) => (row.reduce((sum, value, index) => sum + value * ((index % 7) - 3) * 0.2, 2 * random.normal()) > 0 ? 1 : 0),
  }),
  spec: { algorithm: 'gaussian-naive-bayes' },
  sklearn: ['GaussianNB()'],
  method: 'predict_proba',
  timed: 'fit',
  quality: auc,
};
