import { expect, test } from 'vitest';
import { emptyDraft } from '../publishDraft.ts';
import { draftProblems } from './publishInput.ts';

test('a column whose commonest values cannot be told is named beside its field, once the table is known', () => {
  const columns = [{ name: 'side', kind: 'categorical' as const }, { name: 'mass', kind: 'numeric' as const }];
  const problemOf = (topValues: string, known = columns as { name: string; kind: 'categorical' | 'numeric' }[] | undefined): string | undefined => draftProblems({ ...emptyDraft, topValues }, { token: undefined, isTable: true, columns: known }).topValues;
  expect([problemOf(''), problemOf('side'), problemOf(' side , '), problemOf('colour', undefined)]).toEqual(Array(4).fill(undefined));
  expect(problemOf('side, colour')).toBe('The table has no column colour that holds texts. There are side.');
  expect(problemOf('mass')).toBe('The table has no column mass that holds texts. There are side.');
  expect(problemOf('mass', [columns[1]!])).toBe('No column of the table holds texts: leave this empty.');
  expect(draftProblems({ ...emptyDraft, statistics: false, topValues: 'colour' }, { token: undefined, isTable: true, columns })).toEqual({});
});
