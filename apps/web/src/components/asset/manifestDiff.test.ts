import type { Manifest } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { manifestDiff, tableChanges } from './manifestDiff.ts';

const column = (name: string, distinct: number, kind: 'numeric' | 'categorical' = 'numeric') => ({ name, kind, missing: 0, distinct });
const before = {
  name: 'Tides', description: 'High and low', license: 'CC0-1.0', keywords: ['sea'], 'nd:rows': 1000, 'nd:sealed': { fileName: 'tides.csv', size: 2000 }, 'nd:columns': [column('hour', 24), column('height', 90), column('old', 2, 'categorical')],
} as unknown as Manifest;

test('the same manifest has no changes', () => {
  expect(manifestDiff(before, before)).toEqual([]);
});

test('text, rows and columns: changed, gone and new', () => {
  const after = { ...before, keywords: [], isBasedOn: 'https://example.org', 'nd:rows': 1500, 'nd:columns': [column('height', 120), column('hour', 24), column('place', 3, 'categorical')] } as unknown as Manifest;
  expect(manifestDiff(before, after)).toEqual([
    { what: 'Source', after: 'https://example.org' },
    { what: 'Tags', before: 'sea' },
    { what: 'Rows', before: '1,000', after: '1,500' },
    { what: 'Column old', before: 'texts, 2 different, 0 missing' },
    { what: 'Column height', before: 'numbers, 90 different, 0 missing', after: 'numbers, 120 different, 0 missing' },
    { what: 'Column place', after: 'texts, 3 different, 0 missing' },
  ]);
});

test("a folder's other tables: each change behind the table's path", () => {
  const codes = { path: 'codes.csv', mediaType: 'text/csv', rows: 2, columns: [column('code', 2)] };
  const [old, now] = [[codes], [{ ...codes, rows: 3, columns: [column('code', 3), column('name', 3, 'categorical')] }]].map((tables) => ({ ...before, 'nd:tables': tables }) as unknown as Manifest);
  const diff = { path: 'codes.csv', schema: { added: [], removed: [], changed: [], reordered: false }, statistics: [] };
  expect(tableChanges(old!, now!, [{ ...diff, rows: { before: 2, after: 3 } }, { ...diff, path: 'gone.csv', rows: { before: 7, after: null } }])).toEqual([
    { what: 'codes.csv: Rows', before: '2', after: '3' },
    { what: 'codes.csv: Column code', before: 'numbers, 2 different, 0 missing', after: 'numbers, 3 different, 0 missing' },
    { what: 'codes.csv: Column name', after: 'texts, 3 different, 0 missing' },
    { what: 'gone.csv: Rows', before: '7' },
  ]);
  // Of one that was the main table what was told of that.
  expect(tableChanges(before, { ...before, 'nd:tables': [{ ...codes, path: 'old.csv' }] } as unknown as Manifest, [{ ...diff, path: 'old.csv', rows: { before: 1000, after: 2 } }])[1]).toMatchObject({ what: 'old.csv: Column hour' });
});
