import { NeuroError } from './errors.ts';

export const intervals = ['day', 'week', 'month'] as const;
export type Interval = (typeof intervals)[number];

/** Of one answer. */
export const mostBuckets = 400;
const day = 86_400;

/** The start of the interval that a time is in: UTC, weeks from Monday. */
export function startOf(interval: Interval, at: number): number {
  const midnight = Math.floor(at / day) * day;
  if (interval === 'day') return midnight;
  // 1970-01-01 was a Thursday.
  if (interval === 'week') return midnight - ((midnight / day + 3) % 7) * day;
  const date = new Date(at * 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1_000;
}

function after(interval: Interval, start: number): number {
  if (interval !== 'month') return start + (interval === 'day' ? day : 7 * day);
  const date = new Date(start * 1_000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1_000;
}

/**
 * The borders of all intervals that touch [from, to], ascending: one more than there are intervals, and none is left out. Throws
 * BAD_INPUT where that is more than 400 intervals, or `to` is before `from`.
 */
export function bucketsOf(parameters: { interval: Interval; from: number; to: number }): number[] {
  const { interval, from, to } = parameters;
  if (to < from) throw new NeuroError('The range ends before it begins.', { code: 'BAD_INPUT', remedy: 'Give from and to in Unix seconds, from first.' });
  const borders = [startOf(interval, from)];
  while ((borders.at(-1) ?? 0) <= to) {
    if (borders.length > mostBuckets) throw new NeuroError(`That are more than ${mostBuckets} intervals.`, { code: 'BAD_INPUT', remedy: 'Ask for a shorter range or longer intervals.' });
    borders.push(after(interval, borders.at(-1) ?? 0));
  }
  return borders;
}
