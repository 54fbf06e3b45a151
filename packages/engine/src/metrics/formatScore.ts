/** Scores that are shares of rows or of variance: people read them in per cent. */
const shares = new Set(['accuracy', 'balancedAccuracy', 'explainedVariance']);

/** A score as people read it: "97.67 %", "0.1234", or that it is not defined. */
export function formatScore(name: string, value: number | null): string {
  if (value === null) return 'not defined for these rows';
  if (shares.has(name)) return `${(value * 100).toFixed(2)} %`;
  return Math.abs(value) >= 10_000 || (value !== 0 && Math.abs(value) < 0.001) ? value.toPrecision(4) : value.toFixed(4);
}
