import type { Metrics } from './metrics.ts';

const leastRows = 20;

/**
 * What a trial run tells of its model: its scores and counts of rows, to two significant digits. Nothing by class, row, fold, feature or
 * step is left, and no name of a class; no score either where it was measured on fewer than twenty rows, since that tells of single ones.
 *
 * @example roundMetrics(metrics).scores // { accuracy: 0.97 } of { accuracy: 0.96511 }
 */
export function roundMetrics({ task, trainRows, testRows, droppedRows, scores }: Metrics): Metrics {
  const measured = task === 'reduction' ? trainRows : testRows;
  const rounded = Object.entries(scores).map(([name, score]) => [name, score === null || measured < leastRows ? null : twoDigits(score)]);
  return { task, trainRows: twoDigits(trainRows), testRows: twoDigits(testRows), droppedRows: twoDigits(droppedRows), scores: Object.fromEntries(rounded), classes: [], confusion: [] };
}

/** The result of a run as its receipt tells it: whole, or of a trial only what `roundMetrics` leaves, without its losses. */
export function toldResult<T extends { metrics: Metrics; lossCurve: number[] }>(result: T, rounded: boolean): T {
  return rounded ? { ...result, metrics: roundMetrics(result.metrics), lossCurve: [] } : result;
}

/** ECMAScript fixes `toPrecision` to the last digit, so that whoever rounds gets the same. */
function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
