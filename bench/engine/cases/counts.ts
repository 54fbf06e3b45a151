import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { auc } from '../qualities.ts';

/** Counts from 0 to about 8, some of them more frequent in the second class. */
export const benchCase: BenchCase = {
  name: 'counts',
  task: 'classification',
  make: () => {
    const { columns, target, trainRows } = makeTable({ trainRows: 200_000, width: 30, seed: 4, target: (_, random) => (random.uniform() < 0.4 ? 1 : 0) });
    const counts = columns.map((column, index) => column.map((value, row) => Math.floor(value * value * (index % 5 === 0 && target?.[row] === 1 ? 1.3 : 1))));
    return { columns: counts, target, trainRows };
  },
  spec: { algorithm: 'multinomial-naive-bayes' },
  sklearn: ['MultinomialNB()'],
  method: 'predict_proba',
  timed: 'fit',
  quality: auc,
};
