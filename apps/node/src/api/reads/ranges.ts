import { NeuroError, bucketsOf, startOf } from '@neurodata/protocol';
import type { Interval } from '@neurodata/protocol';
import type { Database } from '../../db/openDatabase.ts';
import { readClock } from './clock.ts';

type Asked = { from?: number | undefined; to?: number | undefined };
export type Range = { from: number; to: number };

const day = 86_400;
const usual: Record<Interval, number> = { day: 30 * day, week: 12 * 7 * day, month: 365 * day };
/** What one answer may cover, so that no query reads without end. */
const longest = 400 * day;

/** The range that was asked for, or the newest days. Throws BAD_INPUT where it is longer than 400 days. */
export async function readRange(db: Database, asked: Asked): Promise<Range> {
  const range = await withDefaults(db, asked, 'day');
  if (range.to < range.from) throw new NeuroError('The range ends before it begins.', { code: 'BAD_INPUT', remedy: 'Give from and to in Unix seconds, from first.' });
  if (range.to - range.from > longest) throw new NeuroError('The range is longer than 400 days.', { code: 'BAD_INPUT', remedy: 'Ask for it in parts.' });
  return range;
}

/** The borders of the intervals of the range that was asked for, or of the newest ones. */
export async function readBorders(db: Database, asked: Asked, interval: Interval): Promise<number[]> {
  // The week of the first day of 1970 begins before there were seconds.
  return bucketsOf({ interval, ...(await withDefaults(db, asked, interval)) }).map((border) => Math.max(border, 0));
}

async function withDefaults(db: Database, asked: Asked, interval: Interval): Promise<Range> {
  const to = asked.to ?? (await readClock(db));
  return { from: asked.from ?? startOf(interval, Math.max(0, to - usual[interval])), to };
}
