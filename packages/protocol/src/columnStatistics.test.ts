import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnHistogramSchema, findHistogramProblem, publishedHistogram } from './columnHistogram.ts';
import { MOST_DIGITS, type MeasuredColumn, columnStatisticsSchema, findStatisticsProblem, publishedStatistics } from './columnStatistics.ts';

const numeric: MeasuredColumn = { name: 'salary', kind: 'numeric', missing: 3, distinct: 90, min: 1234.56, max: 98_765.43, mean: 40_321.987, deviation: 12_345.678, quartiles: [20_111, 39_999.5, 60_001] };
const cities: MeasuredColumn = { name: 'city', kind: 'categorical', missing: 0, distinct: 4, top: [{ value: 'Oslo', count: 61 }, { value: 'Bergen', count: 30 }, { value: 'Alta', count: 9 }] };

test('figures are rounded to a hundredth of the spread or more, bounds outwards', () => {
  expect(publishedStatistics({ measured: numeric, rows: 103 })).toEqual({ min: 1000, max: 99_000, mean: 40_000, deviation: 12_000, quartiles: [20_000, 40_000, 60_000], step: 1000 });
  expect(publishedStatistics({ measured: numeric, rows: 103, choice: { digits: 1 } })).toMatchObject({ min: 0, max: 100_000, step: 10_000 });
  expect(publishedStatistics({ measured: { ...numeric, min: 0.31, max: 0.47, mean: 0.4, deviation: 0.03, quartiles: [0.3333, 0.4, 0.45] }, rows: 103 })).toEqual({ min: 0.31, max: 0.47, mean: 0.4, deviation: 0.03, quartiles: [0.334, 0.4, 0.45], step: 0.002 });
});

test('nothing is told of few cells, of texts that were not chosen, or where the publisher wants none', () => {
  expect(publishedStatistics({ measured: numeric, rows: 22 })).toBeUndefined();
  expect(publishedStatistics({ measured: numeric, rows: 103, choice: { digits: 0 } })).toBeUndefined();
  expect(publishedStatistics({ measured: cities, rows: 100 })).toBeUndefined();
  expect(publishedStatistics({ measured: cities, rows: 100, choice: { topOf: ['city'] } })).toEqual({ top: [{ value: 'Oslo', share: 0.61 }, { value: 'Bergen', share: 0.3 }] });
});

test('what is published of a measured column holds of it, whatever the numbers', () => {
  const wide = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.double({ min: -1, max: 1, noNaN: true }));
  fc.assert(fc.property(fc.array(wide, { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: MOST_DIGITS }), (numbers, digits) => {
    const [min = 0, low = 0, middle = 0, high = 0, max = 0] = numbers.map((value) => value + 0).sort((a, b) => a - b);
    const measured: MeasuredColumn = { name: 'x', kind: 'numeric', missing: 0, distinct: 5, min, max, mean: middle, quartiles: [low, middle, high] };
    const said = publishedStatistics({ measured, rows: 50, choice: { digits } });
    if (!said) return;
    expect(columnStatisticsSchema.parse(JSON.parse(JSON.stringify(said)))).toEqual(said);
    expect(findStatisticsProblem({ said, measured, rows: 50 })).toBeUndefined();
  }), { numRuns: 2_000 });
});

test('each false figure is found, and the truth is not told', () => {
  const said = publishedStatistics({ measured: numeric, rows: 103 });
  if (!said || 'top' in said) throw new Error('figures were expected');
  const problem = (change: object, measured: MeasuredColumn = numeric): string | undefined => findStatisticsProblem({ said: { ...said, ...change }, measured, rows: 103 });
  expect([
    problem({}), problem({ min: 2000 }), problem({ max: 98_000 }), problem({ min: 0 }), problem({ mean: 42_000 }), problem({ deviation: 11_000 }), problem({ quartiles: [20_000, 40_000, 62_000] }),
    problem({}, cities),
  ]).toMatchInlineSnapshot(`
    [
      undefined,
      "bounds that do not enclose its values",
      "bounds that do not enclose its values",
      "a min that is off by more than the step",
      "a mean that is off by more than the step",
      "a deviation that is off by more than the step",
      "a quartile 3 that is off by more than the step",
      "figures of a column that holds texts",
    ]
  `);
  const top = (value: string, share: number, measured = cities): string | undefined => findStatisticsProblem({ said: { top: [{ value, share }] }, measured, rows: 100 });
  expect([top('Oslo', 0.61), top('Oslo', 0.7), top('Rome', 0.3), top('Oslo', 0.6, numeric)]).toMatchInlineSnapshot(`
    [
      undefined,
      "a share of a value that is off by more than a hundredth",
      "a commonest value that is none",
      "commonest values of a column that holds numbers",
    ]
  `);
});

const grid = { width: 5_000, first: 0, counts: [30, 4, 3, 12, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 40, 2, 1] };
const spread: MeasuredColumn = { ...numeric, histogram: grid };

test('buckets are joined until enough rows are in each, and the publisher may ask for more', () => {
  const of = (choice: object): unknown => {
    const said = publishedStatistics({ measured: spread, rows: 106, choice });
    return said && 'step' in said ? said.histogram : undefined;
  };
  expect(of({})).toEqual({ edges: [0, 5_000, 20_000, 85_000, 100_000], shares: [0.29, 0.18, 0.11, 0.42], width: 5_000, leastRows: 10 });
  expect(of({ leastRows: 25 })).toEqual({ edges: [0, 5_000, 85_000, 100_000], shares: [0.29, 0.29, 0.42], width: 5_000, leastRows: 25 });
  expect(of({ leastRows: 1 })).toMatchObject({ leastRows: 10 });
  expect(of({ leastRows: 60 })).toBeUndefined();
  // Rounded to ten thousand, a grid of five thousand would tell more.
  expect(of({ digits: 1 })).toBeUndefined();
});

test('rare values are not told, and the publisher may say what is rare', () => {
  expect(publishedStatistics({ measured: cities, rows: 100, choice: { topOf: ['city'], leastRows: 40 } })).toEqual({ top: [{ value: 'Oslo', share: 0.61 }] });
  expect(publishedStatistics({ measured: cities, rows: 100, choice: { topOf: ['city'], leastRows: 2 } })).toEqual({ top: [{ value: 'Oslo', share: 0.61 }, { value: 'Bergen', share: 0.3 }] });
});

test('whatever the counts, what is told has enough rows in each bucket and holds', () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 22 }), fc.integer({ min: -30, max: 30 }), fc.constantFrom(0.001, 0.02, 0.5, 1, 20, 5e9), fc.integer({ min: 1, max: 80 }), (counts, first, width, leastRows) => {
    const measured = { width, first, counts };
    const said = publishedHistogram({ measured, leastRows, step: width });
    if (!said) return;
    expect(columnHistogramSchema.parse(JSON.parse(JSON.stringify(said)))).toEqual(said);
    expect(findHistogramProblem(said, measured)).toBeUndefined();
    for (const [index] of said.shares.entries()) {
      const inside = counts.filter((_, cell) => (first + cell) * width >= (said.edges[index] ?? 0) - width / 2 && (first + cell) * width < (said.edges[index + 1] ?? 0) - width / 2);
      expect(inside.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(Math.max(10, leastRows));
    }
  }), { numRuns: 500 });
});

test('a false histogram is found', () => {
  const said = publishedHistogram({ measured: grid, step: 1 });
  if (!said) throw new Error('a histogram was expected');
  const problem = (change: object, measured: typeof grid | undefined = grid): string | undefined => findHistogramProblem({ ...said, ...change }, measured);
  expect([
    problem({}), problem({ shares: [0.2, 0.27, 0.11, 0.42] }), problem({ edges: [0, 10_000, 20_000, 85_000, 100_000] }), problem({ edges: [0, 5_000, 20_000, 85_000, 95_000] }), problem({ edges: [0, 20_000, 5_000, 85_000, 100_000] }),
    problem({ edges: [0, 5_100, 20_000, 85_000, 100_000] }), problem({ width: 2_500 }), problem({ leastRows: 20 }), problem({ edges: [0, 5_000, 20_000, 100_000] }), findHistogramProblem(said, undefined),
  ]).toMatchInlineSnapshot(`
    [
      undefined,
      "a share of a bucket that is off by more than a hundredth",
      "a share of a bucket that is off by more than a hundredth",
      "a histogram whose edges are not those of its grid",
      "a histogram whose edges are not those of its grid",
      "a histogram whose edges are not those of its grid",
      "a histogram of another grid",
      "a bucket of fewer rows than it says",
      "a histogram whose edges are not those of its grid",
      "a histogram of another grid",
    ]
  `);
});
