import type { Manifest } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { manifestDiff } from './manifestDiff.ts';

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
