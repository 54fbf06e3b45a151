import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { auc } from '../qualities.ts';

export const benchCase: BenchCase = {
  name: 'forest',
  task: 'classification',
  make: () => makeTable({
    trainRows: 100_000, width: 20, seed: 2,
    target: ([a = 0, b = 0, c = 0, d = 0, ...others], random) => {
      const bent = a * b + Math.sin(3 * c) + (d > 0.5 ? 1 : 0) + others.reduce((sum, value, index) => sum + value * (((index * 5) % 7) - 3) * 0.1, 0);
      return bent + random.normal() > 0.3 ? 1 : 0;
    },
  }),
  spec: { algorithm: 'random-forest', parameters: { n_estimators: 100 } },
  sklearn: ['RandomForestClassifier(n_estimators=100, n_jobs=threads)'],
  method: 'predict_proba',
  timed: 'fit',
  quality: auc,
};
