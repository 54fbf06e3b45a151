import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf, textOf } from '../src/spec/parameters.ts';
import { type Learner, type State, partBounds, sumInParts } from './learner.ts';
import { log } from './math.ts';
import { randomKey, uniform } from './random.ts';

/** Rows, and for each column the power of two that makes integers of it, whose sums are exact. */
type Table = { rows: number[][]; scales: number[]; mean: number[]; spread: number };
type Clusters = { owners: number[]; sums: bigint[][]; counts: number[] };

/** Lloyd's algorithm from k-means++ seeds, as `src/algorithms/kmeans`. Every row looks at every centre in every iteration. */
export const kMeans: Learner = ({ rows, parameters, maxSteps }) => {
  const table = measure(rows);
  const starts = numberOf(parameters, 'n_init');
  const tolerance = (numberOf(parameters, 'tol') * table.spread) / rows.length / (rows[0]?.length ?? 1);
  const states: State[] = [];
  let centres = seeds(rows, parameters, 0);
  let run = 0;
  let iteration = 0;
  let way = 0;
  let best: { loss: number; centres: number[][] } | undefined;
  let converged = false;
  for (;;) {
    const clusters = assign(table, centres);
    const loss = inertia(table, clusters, centres);
    const several = starts > 1 ? [best?.loss ?? -1, ...(best?.centres ?? centres.map((centre) => centre.map(() => 0))).flat()] : [];
    states.push({ loss, kept: doublesToBytes([states.length, run, iteration, way, ...centres.flat(), ...several]) });
    const settled = iteration > 0 && way <= tolerance;
    converged = settled && run === starts - 1;
    const ended = settled || iteration === numberOf(parameters, 'max_iter');
    if (converged || states.length > maxSteps || (ended && run === starts - 1)) {
      const found = best !== undefined && best.loss <= loss ? best.centres : centres;
      return { states, converged, body: doublesToBytes(found.flat()), predict: (row) => [nearest(row, found)], centres: found };
    }
    if (ended) {
      if (best === undefined || best.loss > loss) best = { loss, centres };
      run += 1;
      iteration = 0;
      way = 0;
      centres = seeds(rows, parameters, run);
    } else {
      const next = move(table, clusters, centres);
      way = 0;
      for (const [index, centre] of next.entries()) way += squared(centres[index] ?? [], centre);
      iteration += 1;
      centres = next;
    }
  }
};

function squared(a: number[], b: number[]): number {
  let sum = 0;
  for (const [index, value] of a.entries()) sum += (value - (b[index] ?? 0)) * (value - (b[index] ?? 0));
  return sum;
}

/** Of equal distances the lower index. */
function nearest(row: number[], centres: number[][]): number {
  const ways = centres.map((centre) => squared(row, centre));
  return ways.indexOf(ways.reduce((least, way) => (way < least ? way : least)));
}

function measure(rows: number[][]): Table {
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0));
  const scales = columns.map((column) => scaleOf(column.reduce((most, value) => Math.max(most, Math.abs(value)), 0), rows.length));
  const mean = columns.map((column, index) => Number(column.reduce((sum, value) => sum + fixed(value, scales[index] ?? 1), 0n)) / rows.length / (scales[index] ?? 1));
  return { rows, scales, mean, spread: sumInParts(rows.map((row) => squared(row, mean))) };
}

/** The largest power of two with which no value passes 2^50, and no sum of all rows 2^62. */
function scaleOf(largest: number, rows: number): number {
  let most = 2 ** 50;
  while (most * rows > 2 ** 62) most /= 2;
  let scale = 1;
  if (largest === 0) return scale;
  while (largest * scale * 2 <= most && scale < 1e300) scale *= 2;
  while (largest * scale > most) scale /= 2;
  return scale;
}

/** To the nearest integer, halves to the even one: what a sum as large as 1.5 x 2^52 leaves of a fraction. */
function fixed(value: number, scale: number): bigint {
  const large = 1.5 * 2 ** 52;
  return BigInt(value * scale + large - large);
}

function assign({ rows, scales }: Table, centres: number[][]): Clusters {
  const owners = rows.map((row) => nearest(row, centres));
  const sums = centres.map((centre) => centre.map(() => 0n));
  const counts = centres.map(() => 0);
  for (const [index, row] of rows.entries()) {
    const owner = owners[index] ?? 0;
    counts[owner] = (counts[owner] ?? 0) + 1;
    sums[owner] = (sums[owner] ?? []).map((sum, column) => sum + fixed(row[column] ?? 0, scales[column] ?? 1));
  }
  return { owners, sums, counts };
}

/** Sum of the squared distances to the centres, by the law of cosines around the mean of all rows. */
function inertia({ scales, mean, spread }: Table, { sums, counts }: Clusters, centres: number[][]): number {
  let cross = 0;
  let own = 0;
  for (const [cluster, centre] of centres.entries()) {
    const count = counts[cluster] ?? 0;
    for (const [column, value] of centre.entries()) {
      const middle = mean[column] ?? 0;
      const way = value - middle;
      cross += way * (Number(sums[cluster]?.[column] ?? 0n) / (scales[column] ?? 1) - count * middle);
      own += count * (way * way);
    }
  }
  const total = spread - 2 * cross + own;
  return total < 0 ? 0 : total;
}

/** Means of the clusters; an empty one takes the farthest row that no other has taken, if it is off its centre. */
function move({ rows, scales }: Table, { owners, sums, counts }: Clusters, centres: number[][]): number[][] {
  const far = rows.map((row, index) => ({ index, way: squared(row, centres[owners[index] ?? 0] ?? []) })).sort((a, b) => b.way - a.way || a.index - b.index);
  let taken = 0;
  return centres.map((centre, cluster) => {
    const count = counts[cluster] ?? 0;
    if (count > 0) return centre.map((_, column) => Number(sums[cluster]?.[column] ?? 0n) / count / (scales[column] ?? 1));
    const next = far[taken];
    taken += 1;
    return next !== undefined && next.way > 0 ? (rows[next.index] ?? centre) : centre;
  });
}

function seeds(rows: number[][], parameters: Parameters<Learner>[0]['parameters'], run: number): number[][] {
  const clusters = numberOf(parameters, 'n_clusters');
  const stream = randomKey(BigInt(numberOf(parameters, 'random_state')), run);
  const any = (index: number): number => Math.floor(uniform(stream, index) * rows.length);
  const chosen: number[] = [];
  if (textOf(parameters, 'init') === 'random') {
    for (let index = 0; chosen.length < clusters; index += 1) if (!chosen.includes(any(index))) chosen.push(any(index));
  } else {
    chosen.push(any(0));
    while (chosen.length < clusters) chosen.push(farSeed(rows, chosen, { stream, trials: 2 + Math.floor(log(clusters)) }));
  }
  return chosen.map((row) => rows[row] ?? []);
}

/** Of a few rows, drawn with chances in proportion to their squared distance, the one that leaves the least. */
function farSeed(rows: number[][], chosen: number[], { stream, trials }: { stream: bigint; trials: number }): number {
  const closest = rows.map((row) => chosen.map((seed) => squared(row, rows[seed] ?? [])).reduce((least, way) => (way < least ? way : least)));
  const candidates = Array.from({ length: trials }, (_, trial) => draw(closest, uniform(stream, chosen.length * 8 + trial)));
  const left = candidates.map((seed) => sumInParts(rows.map((row, index) => Math.min(closest[index] ?? 0, squared(row, rows[seed] ?? [])))));
  return candidates[left.indexOf(Math.min(...left))] ?? 0;
}

function draw(closest: number[], share: number): number {
  const parts = partBounds(closest.length).map(([first, last]) => ({ first, last, sum: closest.slice(first, last).reduce((sum, way) => sum + way, 0) }));
  let rest = share * parts.reduce((total, { sum }) => total + sum, 0);
  for (const { first, last, sum } of parts) {
    if (rest < sum) {
      let total = 0;
      for (let row = first; row < last; row += 1) {
        total += closest[row] ?? 0;
        if (total > rest) return row;
      }
      return last - 1;
    }
    rest -= sum;
  }
  return closest.length - 1;
}
