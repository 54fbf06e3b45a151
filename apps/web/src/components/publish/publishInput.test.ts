import { expect, test } from 'vitest';
import { emptyDraft } from '../publishDraft.ts';
import { type Known, draftProblems } from './publishInput.ts';

test('a column whose commonest values cannot be told is named beside its field, once the table is known', () => {
  const columns = [{ name: 'side', kind: 'categorical' as const }, { name: 'mass', kind: 'numeric' as const }];
  const problemOf = (topValues: string, known: Partial<Known> = { columns }): string | undefined => draftProblems({ ...emptyDraft, topValues }, { token: undefined, isTable: true, ...known }).topValues;
  expect([problemOf(''), problemOf('side'), problemOf(' side , '), problemOf('colour', {})]).toEqual(Array(4).fill(undefined));
  expect(problemOf('side, colour')).toBe('The table has no column colour that holds texts. There are side.');
  expect(problemOf('mass')).toBe('The table has no column mass that holds texts. There are side.');
  expect(problemOf('mass', { columns: columns.slice(1) })).toBe('No column of the table holds texts: leave this empty.');
  expect(draftProblems({ ...emptyDraft, statistics: false, topValues: 'colour' }, { token: undefined, isTable: true, columns })).toEqual({});
  const tables = [{ path: 'a/codes.csv', table: { columns } }];
  expect([problemOf('side, a/codes.csv:side', { columns, tables }), problemOf('a/codes.csv:mass', { columns, tables })]).toEqual([undefined, 'The table has no column a/codes.csv:mass that holds texts. There are side.']);
});
