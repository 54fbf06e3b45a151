/** A number between two, at least a and below b where they differ. */
function between(a: number, b: number): number {
  const middle = a / 2 + b / 2;
  return middle >= a && middle < b ? middle : a;
}

/** Upper bounds of a column's bins but the last: between neighbours where few values differ, else at the quantiles i / most. */
export function thresholdsOf(column: readonly number[], most: number): number[] {
  const sorted = column.filter((value) => !Number.isNaN(value)).map((value) => (value === 0 ? 0 : value)).sort((a, b) => a - b);
  const different = [...new Set(sorted)];
  if (different.length <= most) return different.slice(1).map((value, index) => between(different[index] ?? 0, value));
  const found: number[] = [];
  for (let i = 1; i < most; i += 1) {
    const place = (i * (sorted.length - 1)) / most;
    const middle = between(sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0);
    if (middle < (sorted.at(-1) ?? 0) && middle > (found.at(-1) ?? -Infinity)) found.push(middle);
  }
  return found;
}

/** The bin of missing numbers. */
export const MISSING = 255;

/** How many thresholds lie below a value. */
export function binOf(value: number, thresholds: readonly number[]): number {
  return Number.isNaN(value) ? MISSING : thresholds.filter((threshold) => threshold < value).length;
}

/** What a split behind a bin compares with: beyond the last bin, the greatest double. */
export function thresholdOf(thresholds: readonly number[], bin: number): number {
  return thresholds[bin] ?? Number.MAX_VALUE;
}

/** 2^k as a product of twos. */
export function powerOfTwo(k: number): number {
  let power = 1;
  for (let i = 0; i < Math.abs(k); i += 1) power *= k < 0 ? 0.5 : 2;
  return power;
}

/** The smallest k of at least -960 with value <= 2^k. */
export function exponentOf(value: number): number {
  let k = -960;
  while (value > powerOfTwo(k)) k += 1;
  return k;
}

/** The nearest integer, an even one where two are as near. */
export function nearest(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}
