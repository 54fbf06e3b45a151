import { type Matrix, at } from './matrix.ts';

/** Eigenvalues, largest first, and their vectors as rows. Householder's reduction, then QL steps with implicit shifts. */
export function eigen(input: Matrix): { values: number[]; vectors: Matrix } {
  const largest = input.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest > 0 ? largest : 1;
  const matrix = input.map((row) => row.map((value) => value / scale));
  const { beside, reflections } = reduce(matrix);
  const diagonal = matrix.map((_, index) => at(matrix, index, index));
  const vectors: Matrix = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  for (const { k, beta, v } of reflections.toReversed()) {
    for (let i = k + 1; i < matrix.length; i += 1) {
      const row = vectors[i] ?? [];
      const factor = -(beta * tailDot(row.slice(k + 1), v));
      for (const [index, value] of v.entries()) row[k + 1 + index] = (row[k + 1 + index] ?? 0) + factor * value;
    }
  }
  iterate(diagonal, beside, vectors);
  const order = [...diagonal.keys()].sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0) || a - b);
  return { values: order.map((index) => (diagonal[index] ?? 0) * scale), vectors: order.map((index) => vectors[index] ?? []) };
}

function tailDot(a: number[], b: number[]): number {
  let total = 0;
  for (const [index, value] of a.entries()) total += value * (b[index] ?? 0);
  return total;
}

/** Leaves three diagonals of the matrix, and returns the one beside the main one. */
function reduce(matrix: Matrix): { beside: number[]; reflections: { k: number; beta: number; v: number[] }[] } {
  const size = matrix.length;
  const beside = matrix.map(() => 0);
  const reflections = [];
  for (let k = 0; k < size - 2; k += 1) {
    const own = (matrix[k] ?? []).slice(k + 1);
    const [head = 0, ...rest] = own;
    const tail = tailDot(rest, rest);
    if (tail < 2 ** -200) {
      beside[k] = head;
      continue;
    }
    const length = Math.sqrt(head * head + tail);
    const alpha = head > 0 ? -length : length;
    const v = [head - alpha, ...rest];
    const beta = 2 / ((head - alpha) * (head - alpha) + tail);
    beside[k] = alpha;
    const product = v.map((_, j) => {
      let total = 0;
      for (const [i, value] of v.entries()) total += value * at(matrix, k + 1 + i, k + 1 + j);
      return beta * total;
    });
    const half = -(0.5 * beta * tailDot(product, v));
    const w = product.map((value, index) => value + half * (v[index] ?? 0));
    for (const [i, value] of v.entries()) {
      const row = matrix[k + 1 + i] ?? [];
      for (const [j, other] of v.entries()) row[k + 1 + j] = (row[k + 1 + j] ?? 0) - (value * (w[j] ?? 0) + (w[i] ?? 0) * other);
    }
    reflections.push({ k, beta, v });
  }
  if (size > 1) beside[size - 2] = at(matrix, size - 2, size - 1);
  return { beside, reflections };
}

/** d: the diagonal, e: what stands beside it; both end as the eigenvalues and zeros. */
function iterate(d: number[], e: number[], vectors: Matrix): void {
  const get = (list: number[], index: number): number => list[index] ?? 0;
  const size = d.length;
  const nothing = 2 ** -52 * Math.max(0, ...d.map((value, index) => Math.abs(value) + Math.abs(get(e, index))));
  for (let l = 0; l < size; l += 1) {
    for (;;) {
      let m = l;
      while (m < size - 1 && Math.abs(get(e, m)) > Math.max(nothing, 2 ** -52 * (Math.abs(get(d, m)) + Math.abs(get(d, m + 1))))) m += 1;
      if (m === l) break;
      const half = (get(d, l + 1) - get(d, l)) / (2 * get(e, l));
      const root = Math.sqrt(half * half + 1);
      let g = get(d, m) - get(d, l) + get(e, l) / (half + (half < 0 ? -root : root));
      let [s, c, p] = [1, 1, 0];
      let stopped = false;
      for (let i = m - 1; i >= l && !stopped; i -= 1) {
        const [f, b] = [s * get(e, i), c * get(e, i)];
        const length = Math.sqrt(f * f + g * g);
        stopped = length < 2 ** -300;
        e[i + 1] = stopped ? 0 : length;
        if (stopped) {
          d[i + 1] = get(d, i + 1) - p;
          e[m] = 0;
          continue;
        }
        [s, c, g] = [f / length, g / length, get(d, i + 1) - p];
        const r = (get(d, i) - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        rotate(vectors, i, c, s);
      }
      if (stopped) continue;
      d[l] = get(d, l) - p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

function rotate(vectors: Matrix, i: number, c: number, s: number): void {
  const low = vectors[i] ?? [];
  const high = vectors[i + 1] ?? [];
  vectors[i] = low.map((value, index) => c * value - s * (high[index] ?? 0));
  vectors[i + 1] = high.map((value, index) => s * (low[index] ?? 0) + c * value);
}
