import { expect, test } from 'vitest';
import type { ManifestColumn } from './manifestColumn.ts';
import { SYNTHETIC_LABEL, syntheticRows } from './syntheticRows.ts';

const columns: ManifestColumn[] = [
  { name: 'age', kind: 'numeric', missing: 100, distinct: 60, statistics: { min: 0, max: 90, mean: 40, quartiles: [20, 40, 60], step: 1, histogram: { edges: [0, 30, 60, 90], shares: [0.5, 0.1, 0.4], width: 5, leastRows: 10 } } },
  { name: 'city', kind: 'categorical', missing: 0, distinct: 9, statistics: { top: [{ value: 'Oslo', share: 0.7 }, { value: 'Alta', share: 0.2 }] } },
  { name: 'secret', kind: 'categorical', missing: 0, distinct: 900 },
  { name: 'income', kind: 'numeric', missing: 0, distinct: 500, statistics: { min: 1000, max: 9000, mean: 3000, quartiles: [2000, 3000, 4000], step: 500 } },
];

test('the same seed draws the same rows, labelled as what they are', () => {
  const drawn = syntheticRows({ columns, totalRows: 1000, rows: 4, seed: 7 });
  expect(drawn).toEqual(syntheticRows({ columns, totalRows: 1000, rows: 4, seed: 7 }));
  expect(drawn.rows).not.toEqual(syntheticRows({ columns, totalRows: 1000, rows: 4, seed: 8 }).rows);
  expect(drawn).toMatchObject({ synthetic: true, label: SYNTHETIC_LABEL, columns: ['age', 'city', 'secret', 'income'] });
});

test('rows are spread as the statistics say, and tell nothing that they do not', () => {
  const { rows } = syntheticRows({ columns, totalRows: 1000, rows: 20_000 });
  const ages = rows.map(([age]) => age).filter((age): age is number => age !== null);
  const part = (found: unknown[], of: unknown[] = rows): number => found.length / of.length;
  expect(1 - part(ages)).toBeCloseTo(0.1, 1);
  expect(part(ages.filter((age) => age < 30), ages)).toBeCloseTo(0.5, 1);
  expect(part(ages.filter((age) => age >= 30 && age < 60), ages)).toBeCloseTo(0.1, 1);
  expect(ages.every((age) => age >= 0 && age <= 90 && Number.isInteger(age))).toBe(true);
  expect(part(rows.filter(([, city]) => city === 'Oslo'))).toBeCloseTo(0.7, 1);
  expect(part(rows.filter(([, city]) => city === '(other)'))).toBeCloseTo(0.1, 1);
  expect(rows.every(([, , secret]) => secret === null)).toBe(true);
  expect(part(rows.filter(([, , , income]) => Number(income) < 3000))).toBeCloseTo(0.45, 1);
  expect(rows.every(([, , , income]) => Number(income) % 500 === 0)).toBe(true);
});
