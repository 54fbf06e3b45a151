import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { auc } from '../qualities.ts';

export const benchCase: BenchCase = {
  name: 'knn',
  task: 'classification',
  make: () => makeTable({ trainRows: 40_000, width: 10, seed: 7, target: (row, random) => ((row[0] ?? 0) * (row[1] ?? 0) + (row[2] ?? 0) + random.normal() > 0 ? 1 : 0) }),
  spec: { algorithm: 'k-nearest-neighbours' },
  sklearn: ['kd_tree', 'ball_tree', 'brute'].map((algorithm) => `KNeighborsClassifier(5, algorithm='${algorithm}', n_jobs=threads)`),
  method: 'predict_proba',
  timed: 'predict',
  quality: auc,
};
