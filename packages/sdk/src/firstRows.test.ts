import { expect, test } from 'vitest';
import { firstRows } from './firstRows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rowsOf = (text: string, rows: number): string => new TextDecoder().decode(firstRows(bytes(text), rows));

test('the header and the first rows, byte for byte', () => {
  expect(rowsOf('a,b\n1,2\n3,4\n', 1)).toBe('a,b\n1,2\n');
  expect(rowsOf('a,b\r\n1,2\r\n3,4', 1)).toBe('a,b\r\n1,2\r\n');
  expect(rowsOf('a,b\n"1\n1",2\n3,4\n', 1)).toBe('a,b\n"1\n1",2\n');
  expect(rowsOf('a,b\n"say ""x\n""",2\n3,4\n5,6\n', 2)).toBe('a,b\n"say ""x\n""",2\n3,4\n');
});

test('never the whole file', () => {
  for (const [text, rows] of [['a\n1\n2\n', 2], ['a\n1\n2', 2], ['a\n1\n2\n', 9], ['', 1]] as const) {
    expect(() => firstRows(bytes(text), rows)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  }
});
