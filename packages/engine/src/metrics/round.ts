/** A finite value rounded to six decimals, for pictures: halves go up, and there is no -0. */
export function round(value: number): number {
  return Math.floor(value * 1e6 + 0.5) / 1e6 + 0;
}

/** A score, or null where it left the range of numbers. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
