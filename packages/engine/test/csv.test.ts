import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumber } from '../src/cell.ts';
import { parseCsv } from '../src/csv.ts';
import { sha256Hex } from '../src/hash.ts';
import { profileCsv } from '../src/index.ts';
import { tableDigest } from '../src/table.ts';
import { bytesOf } from './spec.ts';

test('quotes, commas, line ends and a BOM', () => {
  expect(parseCsv(bytesOf('\uFEFFa,"b ""c""",d\r\n1,"x,\r\ny",\n"",NA,ä'))).toEqual({
    rows: 2,
    names: ['a', 'b "c"', 'd'],
    columns: [['1', ''], ['x,\r\ny', 'NA'], ['', 'ä']],
  });
});

test('an empty line is a row of a table with one column, and a last line end is not', () => {
  expect(parseCsv(bytesOf('a\n1\n\n2\n')).columns).toEqual([['1', '', '2']]);
});

test('what is quoted is read back', () => {
  const cell = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
    const quoted = [['a', 'b'], ...rows].map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
    const { columns } = parseCsv(bytesOf(quoted.join('\n')));
    expect(columns).toEqual([rows.map(([a]) => a), rows.map(([, b]) => b)]);
  }));
});

test('decimal numbers, and nothing else', () => {
  expect(['1', '-0', '+.5', '2.', '1e3', '-1.5E-2', '9007199254740993'].map(readNumber)).toEqual([1, 0, 0.5, 2, 1000, -0.015, 9007199254740992]);
  for (const text of [' 1', '1 ', '', '.', '1e', '0x1', '1_000', '1,5', 'Infinity', 'NaN', '1e400', '١']) expect(readNumber(text)).toBeUndefined();
});

test('the table digest is that of the documented encoding, and does not see quoting or line ends', () => {
  const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  const text = (value: string): number[] => [...u32(bytesOf(value).length), ...bytesOf(value)];
  const encoded = [...bytesOf('NDT1'), ...u32(2), ...u32(2), ...text('a'), ...text('1'), ...u32(0xffffffff), ...text('b'), ...text('ä€😀'), ...text('x')];
  const digest = tableDigest(parseCsv(bytesOf('a,b\n1,ä€😀\nNA,x\n')));
  expect(digest).toBe(sha256Hex(Uint8Array.from(encoded)));
  expect(tableDigest(parseCsv(bytesOf('\uFEFF"a",b\r\n"1",ä€😀\r\n,"x"')))).toBe(digest);
  expect(tableDigest(parseCsv(bytesOf('a,b\n1,ä€😀\nx,x\n')))).not.toBe(digest);
});

test('long cells do not change the digest\'s encoding', () => {
  const long = 'é'.repeat(100_000);
  const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
  const parts = [bytesOf('NDT1'), u32(1), u32(2), u32(1), bytesOf('a'), u32(200_000), bytesOf(long), u32(1), bytesOf('b')];
  expect(tableDigest(parseCsv(bytesOf(`a\n${long}\nb`)))).toBe(sha256Hex(new Uint8Array(Buffer.concat(parts))));
});

test('a profile', () => {
  expect(profileCsv(bytesOf('n,c,mixed,none\n1,x,1,\n2,y,NA,NA\n,x,two,\n4.5,NA,2,\n'))).toEqual({
    rows: 4,
    columns: [
      { name: 'n', kind: 'numeric', missing: 1, distinct: 3, min: 1, max: 4.5, mean: 2.5 },
      { name: 'c', kind: 'categorical', missing: 1, distinct: 2 },
      { name: 'mixed', kind: 'categorical', missing: 1, distinct: 3 },
      { name: 'none', kind: 'categorical', missing: 4, distinct: 0 },
    ],
  });
});
