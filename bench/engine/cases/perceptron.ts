import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { auc } from '../qualities.ts';

export const benchCase: BenchCase = {
  name: 'mlp',
  task: 'classification',
  make: () => makeTable({ trainRows: 40_000, width: 20, seed: 8, target: (row, random) => ((row[0] ?? 0) * (row[1] ?? 0) + (row[2] ?? 0) - Math.abs(row[3] ?? 0) + random.normal() > 0 ? 1 : 0) }),
  // So many epochs on both sides.
  spec: { algorithm: 'multilayer-perceptron', parameters: { max_iter: 10, n_iter_no_change: 10 } },
  sklearn: ['MLPClassifier((100,), max_iter=10, n_iter_no_change=10, random_state=0)'],
  // Real tables are small: ten epochs of them are a beginning, and show how weights were drawn.
  learned: {
    spec: { algorithm: 'multilayer-perceptron', parameters: { max_iter: 200 } },
    sklearn: ['MLPClassifier((100,), max_iter=200, random_state=0)'],
  },
  method: 'predict_proba',
  timed: 'fit',
  quality: auc,
};
