import { expect, test } from 'vitest';
import { emptyDraft } from '../publishDraft.ts';
import { sampleOf } from './sampleOf.ts';

test('the first rows are shown under an open licence, unless somebody chose otherwise or they tell of people', () => {
  const table = { rows: 344, columns: [{}] };
  expect(sampleOf(emptyDraft, table)).toBe('first');
  expect([sampleOf(emptyDraft, undefined), sampleOf(emptyDraft, { ...table, rows: 30 }), sampleOf({ ...emptyDraft, license: 'CC-BY-NC-4.0' }, table), sampleOf({ ...emptyDraft, open: true }, table), sampleOf({ ...emptyDraft, sample: 'none' }, table), sampleOf({ ...emptyDraft, sharing: false }, table)]).toEqual(Array(6).fill('none'));
  expect(sampleOf(emptyDraft, { ...table, columns: [{}, { personal: [{ kind: 'e-mail', values: 3, example: 'a…@…' }] }] })).toBe('none');
  expect(sampleOf({ ...emptyDraft, sample: 'random', license: 'own' }, table)).toBe('random');
});
