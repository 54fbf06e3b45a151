import type { BenchCase, BenchData } from '../benchCase.ts';
import { inertia } from '../qualities.ts';
import { createRandomNumbers } from '../randomNumbers.ts';

const TRAIN_ROWS = 200_000;
const WIDTH = 10;
const CLUSTERS = 8;

/** Eight clouds that touch. */
function makeClouds(): BenchData {
  const random = createRandomNumbers(6);
  const rows = TRAIN_ROWS * 1.25;
  const centres = Array.from({ length: CLUSTERS }, () => Array.from({ length: WIDTH }, () => 1.5 * random.normal()));
  const columns = Array.from({ length: WIDTH }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row += 1) {
    const centre = centres[Math.floor(random.uniform() * CLUSTERS)] ?? [];
    for (const [index, column] of columns.entries()) column[row] = (centre[index] ?? 0) + random.normal();
  }
  return { columns, target: null, trainRows: TRAIN_ROWS };
}

export const benchCase: BenchCase = {
  name: 'k-means',
  task: 'clustering',
  make: makeClouds,
  spec: { algorithm: 'k-means', parameters: { n_clusters: CLUSTERS } },
  sklearn: ["KMeans(8, n_init=1, random_state=0)", "KMeans(8, n_init=1, random_state=0, algorithm='elkan')"],
  method: 'predict',
  timed: 'fit',
  quality: inertia,
};
