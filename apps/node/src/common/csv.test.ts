import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.each([
  [['a', 1, 2n, true, null, undefined, ''], 'a,1,2,true,,,'],
  [['say "hi"', 'a,b', 'two\r\nlines', ' edge '], '"say ""hi""","a,b","two\r\nlines"," edge "'],
  [['=1+1', '+1', '-1', '-1.5', '-x', '@SUM(A1)', '\t=1', '=cmd|"/C calc"!A0'], `'=1+1,'+1,-1,-1.5,'-x,'@SUM(A1),'\t=1,"'=cmd|""/C calc""!A0"`],
  [[10n ** 77n], `1${'0'.repeat(77)}`],
])('line %#', (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});
