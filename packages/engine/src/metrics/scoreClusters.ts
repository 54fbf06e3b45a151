import type { Predictor } from '../algorithms/algorithm.ts';
import { sharedKernels } from '../kernels/index.ts';
import type { Problem } from '../algorithms/algorithm.ts';
import type { Pause } from '../run/pause.ts';
import type { Scored } from './metrics.ts';
import { pickRows } from './pickRows.ts';
import { finiteOrNull } from './round.ts';

const ROWS_A_PIECE = 4_096;
const MOST_ROWS = 2_000;
/** Products that the silhouette may take: about a second. */
const MOST_WORK = 2 ** 28;

/** outputs: the cluster of each test row. */
type Clustered = { problem: Problem; predictor: Predictor; outputs: Float64Array; pause: Pause };

/** Scores of clusters over the encoded columns of the test rows. */
export async function scoreClusters(clustered: Clustered): Promise<Scored> {
  const silhouette = await silhouetteOf(clustered);
  const { centres } = clustered.predictor;
  if (centres === undefined) return { scores: { silhouette }, confusion: [] };
  return { scores: { silhouette, inertiaPerRow: await inertiaOf(clustered, centres) }, confusion: [] };
}

/**
 * Rousseeuw 1987, as scikit-learn's silhouette_score: the mean of (b - a) / max(a, b), a the mean distance to the own
 * cluster's other rows, b to the nearest other cluster's; 0 for a row alone. Null unless there are 2 to rows - 1 clusters.
 */
async function silhouetteOf({ problem, outputs, pause }: Clustered): Promise<number | null> {
  const { width, trainRows, spec } = problem;
  const most = Math.max(2, Math.min(MOST_ROWS, Math.floor(Math.sqrt(MOST_WORK / width))));
  const picked = pickRows({ kernels: sharedKernels(), rows: problem.testRows, most, seed: spec.split.seed });
  const labels = Array.from(picked, (row) => outputs[row] ?? 0);
  const clusters = [...new Set(labels)].sort((a, b) => a - b);
  if (clusters.length < 2 || clusters.length >= picked.length) return null;
  const places = Int32Array.from(labels, (label) => clusters.indexOf(label));
  const sizes = clusters.map((_, place) => places.reduce((count, one) => count + (one === place ? 1 : 0), 0));
  const design = problem.encodeAt(picked.map((row) => trainRows + row));
  let sum = 0;
  for (let row = 0; row < picked.length; row += 1) {
    sum += silhouetteOfRow(distancesOf({ design, width, places, row, clusters: clusters.length }), sizes, places[row] ?? 0);
    await pause();
  }
  return finiteOrNull(sum / picked.length);
}

/** Sums of the distances of a row to the rows of each cluster. */
function distancesOf({ design, width, places, row, clusters }: { design: Float64Array; width: number; places: Int32Array; row: number; clusters: number }): Float64Array {
  const sums = new Float64Array(clusters);
  for (let other = 0; other < places.length; other += 1) {
    const place = places[other] ?? 0;
    sums[place] = (sums[place] ?? 0) + Math.sqrt(squaredDistance(design, row * width, design, other * width, width));
  }
  return sums;
}

function silhouetteOfRow(sums: Float64Array, sizes: number[], own: number): number {
  const size = sizes[own] ?? 0;
  if (size === 1) return 0;
  const within = (sums[own] ?? 0) / (size - 1);
  let nearest = Infinity;
  for (const [place, sum] of sums.entries()) {
    const mean = sum / (sizes[place] ?? 1);
    if (place !== own && mean < nearest) nearest = mean;
  }
  const larger = within > nearest ? within : nearest;
  return larger === 0 ? 0 : (nearest - within) / larger;
}

/** The mean of the squared distances to the centre of the row's cluster. */
async function inertiaOf({ problem, outputs, pause }: Clustered, centres: Float64Array): Promise<number | null> {
  const { width, trainRows, testRows } = problem;
  let sum = 0;
  for (let first = 0; first < testRows; first += ROWS_A_PIECE) {
    const last = Math.min(testRows, first + ROWS_A_PIECE);
    const design = problem.encode(trainRows + first, trainRows + last);
    for (let row = first; row < last; row += 1) sum += squaredDistance(design, (row - first) * width, centres, (outputs[row] ?? 0) * width, width);
    await pause();
  }
  return finiteOrNull(sum / testRows);
}

function squaredDistance(a: Float64Array, aStart: number, b: Float64Array, bStart: number, width: number): number {
  let sum = 0;
  for (let index = 0; index < width; index += 1) {
    const difference = (a[aStart + index] ?? 0) - (b[bStart + index] ?? 0);
    sum += difference * difference;
  }
  return sum;
}
