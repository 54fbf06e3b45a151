import type { BenchCase } from '../benchCase.ts';
import { makeTable } from '../makeTable.ts';
import { variance } from '../qualities.ts';

/** Columns that share some of what moves them. */
export const benchCase: BenchCase = {
  name: 'pca',
  task: 'reduction',
  make: () => {
    const { columns, trainRows } = makeTable({ trainRows: 200_000, width: 50, seed: 5, target: null });
    const mixed = columns.map((column, index) => column.map((value, row) => value + (columns[index % 5]?.[row] ?? 0) * (1 + index / 10)));
    return { columns: mixed, target: null, trainRows };
  },
  spec: { algorithm: 'pca', parameters: { n_components: 10 } },
  sklearn: ['PCA(10)', "PCA(10, svd_solver='covariance_eigh')", "PCA(10, svd_solver='randomized')"],
  method: 'transform',
  timed: 'fit',
  quality: variance,
};
