import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { neutralCsv } from '../src/index.ts';
import { countRunCells } from '../src/table/neutralCsv.ts';
import { fieldText, walkCsv } from '../src/table/csv.ts';
import { bytesOf } from './spec.ts';

const text = (csv: string): string => new TextDecoder().decode(neutralCsv(bytesOf(csv)).bytes);

test('an apostrophe stands before what a spreadsheet runs, and before nothing else', () => {
  expect(text('a,=b\n=1+1,-5\n"+cmd|\'/c calc\'!A0",+3.5e1\n@home,"a ""=b"""\n"\tx","-1,5"\n')).toBe('a,\'=b\n\'=1+1,-5\n\'+cmd|\'/c calc\'!A0,+3.5e1\n\'@home,"a ""=b"""\n"\'\tx","\'-1,5"\n');
});

test('a file without such cells keeps every byte, whatever its dialect', () => {
  for (const csv of ['a,b\r\n1,-2\r\n', 'a;b\n"x";-3\n', '\uFEFFa\n-1']) {
    const file = bytesOf(csv);
    expect(neutralCsv(file)).toEqual({ bytes: file, changed: 0 });
  }
  expect(text('a;b\n=x;"1,5"\n')).toBe('a,b\n\'=x,"1,5"\n');
});

test('all other cells are as they were, and twice is as good as once', () => {
  const cell = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', 'a', '1', '.', ',', '"', '\n', ' ', 'é', "'") });
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), (rows) => {
    const csv = bytesOf([['p', 'q'], ...rows].map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n'));
    const { bytes, changed } = neutralCsv(csv);
    const read: string[][] = [];
    walkCsv(bytes, () => (row, column, field) => {
      (read[row] ??= [])[column] = fieldText(bytes, field);
    });
    const expected = rows.map((row) => row.map((one) => (/^[=+\-@\t\r]/.test(one) && !/^[+-](\d+\.?\d*|\.\d+)$/.test(one) ? `'${one}` : one)));
    expect(read).toEqual(expected);
    expect(changed).toBe(expected.flat().filter((one, index) => one !== rows.flat()[index]).length);
    expect(countRunCells(bytes)).toBe(0);
  }));
});
