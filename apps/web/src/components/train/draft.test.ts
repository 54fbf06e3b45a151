import type { ManifestColumn } from '@neurodata/protocol';
import { trainSpecSchema } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { checkDraft, draftFor, trainSpecOf } from './draft.ts';

const columns: ManifestColumn[] = [
  { name: 'id', kind: 'categorical', missing: 0, distinct: 344 },
  { name: 'species', kind: 'categorical', missing: 0, distinct: 3 },
  { name: 'beak', kind: 'numeric', missing: 2, distinct: 165 },
  { name: 'constant', kind: 'numeric', missing: 0, distinct: 1 },
  { name: 'sex', kind: 'categorical', missing: 10, distinct: 2 },
];

test('a fresh draft leaves out names and constants and can be started', () => {
  const draft = draftFor(columns);
  expect(checkDraft(draft)).toBeUndefined();
  const spec = trainSpecOf(draft, columns);
  expect(trainSpecSchema.parse(spec)).toEqual(spec);
  expect(spec).toMatchObject({ target: 'species', features: [{ name: 'beak', kind: 'numeric' }, { name: 'sex', kind: 'categorical' }] });
});

test('a wrong number is named with its range', () => {
  const draft = draftFor(columns);
  expect(checkDraft({ ...draft, numbers: { ...draft.numbers, maxIterations: '2.5' } })).toBe('Iterations must be a whole number from 1 to 10000.');
  expect(checkDraft({ ...draft, numbers: { ...draft.numbers, C: '' } })).toMatch(/^C must be/);
  expect(checkDraft({ ...draft, features: [] })).toBe('Choose at least one feature.');
});
