/** Scores that are shares of rows or of variance: people read them in per cent. */
const shares = new Set(['accuracy', 'balancedAccuracy', 'explainedVariance']);

/** A score as people read it: "97.67 %", "0.1234", or that it is not defined. */
export function formatScore(name: string, value: number | null): string {
  if (value === null) return 'not defined for these rows';
  if (shares.has(name)) return `${(value * 100).toFixed(2)} %`;
  return Math.abs(value) >= 10_000 || (value !== 0 && Math.abs(value) < 0.001) ? value.toPrecision(4) : value.toFixed(4);
}

/** A score of a trial run, which has two digits: "98 %", "0.12". */
export function formatRounded(name: string, value: number | null): string {
  if (value === null) return formatScore(name, value);
  return shares.has(name) ? `${Number((value * 100).toPrecision(2))} %` : String(value);
}
