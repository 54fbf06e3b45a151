import { expect, test } from 'vitest';
import { type Interval, bucketsOf, startOf } from './timeBuckets.ts';

const at = (text: string): number => Date.parse(`${text}Z`) / 1_000;
const days = (interval: Interval, from: string, to: string): string[] => bucketsOf({ interval, from: at(from), to: at(to) }).map((border) => new Date(border * 1_000).toISOString().slice(0, 10));

test('borders lie where people expect them, in leap years and over the turn of the year', () => {
  expect(days('day', '2024-02-28T13:00', '2024-03-01T00:00')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02']);
  expect(days('week', '2024-12-31T23:59', '2025-01-06T00:00')).toEqual(['2024-12-30', '2025-01-06', '2025-01-13']);
  expect(days('month', '2023-11-30T00:00', '2024-02-29T23:59')).toEqual(['2023-11-01', '2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01']);
  expect(startOf('week', 0)).toBe(-3 * 86_400);
});

test('every second of ten years falls into exactly one interval', () => {
  for (const interval of ['day', 'week', 'month'] as const) {
    for (let time = at('2020-01-01T00:00'); time < at('2030-01-01T00:00'); time += 86_399 * 17) {
      const borders = bucketsOf({ interval, from: time, to: time });
      expect(borders).toHaveLength(2);
      expect(borders[0]! <= time && time < borders[1]!).toBe(true);
    }
  }
});

test('a range is bounded', () => {
  expect(() => bucketsOf({ interval: 'day', from: 0, to: 401 * 86_400 })).toThrow('more than 400');
  expect(bucketsOf({ interval: 'day', from: 0, to: 400 * 86_400 - 1 })).toHaveLength(401);
  expect(() => bucketsOf({ interval: 'month', from: 9, to: 8 })).toThrow('ends before');
});
