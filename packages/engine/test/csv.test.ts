import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumber, readPlainNumber } from '../src/table/cell.ts';
import { fieldText, walkCsv } from '../src/table/csv.ts';
import { readCsv } from '../src/table/readCsv.ts';
import { sha256Hex } from '../src/hash.ts';
import { profileCsv } from '../src/index.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { bytesOf } from './spec.ts';

/** The cells of a file, column by column. */
function cellsOf(csv: Uint8Array): { names: string[]; columns: string[][] } {
  let names: string[] = [];
  let columns: string[][] = [];
  walkCsv(csv, (header) => {
    names = header;
    columns = header.map(() => []);
    return (_, column, field) => columns[column]?.push(fieldText(csv, field));
  });
  return { names, columns };
}

test('quotes, commas, line ends and a BOM', () => {
  expect(cellsOf(bytesOf('\uFEFFa,"b ""c""",d\r\n1,"x,\r\ny",\n"",NA,ä'))).toEqual({
    names: ['a', 'b "c"', 'd'],
    columns: [['1', ''], ['x,\r\ny', 'NA'], ['', 'ä']],
  });
});

test('an empty line is a row of a table with one column, and a last line end is not', () => {
  expect(cellsOf(bytesOf('a\n1\n\n2\n')).columns).toEqual([['1', '', '2']]);
});

test('what is quoted is read back', () => {
  const cell = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), (rows) => {
    const quoted = [['a', 'b'], ...rows].map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
    expect(cellsOf(bytesOf(quoted.join('\n'))).columns).toEqual([rows.map(([a]) => a), rows.map(([, b]) => b)]);
  }));
});

test('long texts end where short ones do, wherever their quotes stand', () => {
  for (let length = 58; length < 72; length += 1) {
    const [plain, inside] = ['x'.repeat(length), `${'y'.repeat(length)}"${'z'.repeat(length)}`];
    const file = `a,b\n"${plain}","${inside.replaceAll('"', '""')}"\n"${plain}""",\n`;
    expect(cellsOf(bytesOf(file)).columns).toEqual([[plain, `${plain}"`], [inside, '']]);
    expect(() => cellsOf(bytesOf(`a,b\n1,"${plain}`))).toThrow('never closed');
  }
});

test('decimal numbers, and nothing else', () => {
  expect(['1', '-0', '+.5', '2.', '1e3', '-1.5E-2', '9007199254740993'].map(readNumber)).toEqual([1, 0, 0.5, 2, 1000, -0.015, 9007199254740992]);
  for (const text of [' 1', '1 ', '', '.', '1e', '0x1', '1_000', '1,5', 'Infinity', 'NaN', '1e400', '١']) expect(readNumber(text)).toBeUndefined();
});

test('the quick way to a number is the exact one', () => {
  const plain = (text: string): number | undefined => readPlainNumber(bytesOf(text), 0, bytesOf(text).length);
  const digits = fc.tuple(fc.constantFrom('', '-'), fc.integer({ min: 1, max: 17 }).chain((length) => fc.bigInt({ min: 0n, max: 10n ** BigInt(length) })).map(String), fc.nat({ max: 17 }));
  let quick = 0;
  fc.assert(fc.property(digits, ([sign, text, point]) => {
    const number = sign + text.slice(0, point) + (point < text.length ? `.${text.slice(point)}` : '');
    const value = plain(number);
    if (value === undefined) return;
    quick += 1;
    expect(Object.is(value, readNumber(number))).toBe(true);
  }), { numRuns: 2_000 });
  expect(quick).toBeGreaterThan(500);
  expect(['-0', '.5', '-.25', '2.', '0001'].map(plain)).toEqual([0, 0.5, -0.25, 2, 1]);
  expect(['.', '-', '-.', '', '1e3', '+1', ' 1', '1.2.3'].map(plain)).toEqual(Array.from({ length: 8 }, () => undefined));
});

test('up to 18 digits the quick way is exact, too, and asks where a number lies between two doubles', () => {
  const plain = (text: string): number | undefined => readPlainNumber(bytesOf(text), 0, bytesOf(text).length);
  const digits = fc.integer({ min: 16, max: 18 }).chain((length) => fc.bigInt({ min: 10n ** BigInt(length - 1), max: 10n ** BigInt(length) - 1n })).map(String);
  let quick = 0;
  fc.assert(fc.property(fc.constantFrom('', '-'), digits, fc.nat({ max: 22 }), (sign, text, places) => {
    const filled = text.padStart(places + 1, '0');
    const number = `${sign}${filled.slice(0, filled.length - places)}.${filled.slice(filled.length - places)}`;
    const value = plain(number);
    expect(value === undefined || Object.is(value, readNumber(number))).toBe(true);
    if (value !== undefined) quick += 1;
  }), { numRuns: 20_000 });
  expect(quick).toBeGreaterThan(19_500);
  // As tables that a program wrote hold them.
  fc.assert(fc.property(fc.double({ min: 1e-4, max: 1e6, noNaN: true }), (value) => Object.is(plain(String(value)), value)), { numRuns: 5_000 });
  // Halves between neighbours, and what stands one off.
  for (const half of [2n ** 53n + 1n, 2n ** 56n + 8n, 2n ** 58n + 32n, 3n * 2n ** 57n + 32n]) {
    expect(plain(String(half))).toBeUndefined();
    for (const near of [half - 1n, half + 1n]) expect(plain(String(near))).toBe(Number(near));
    expect(plain(`${half}.`)).toBeUndefined();
    expect(readNumber(String(half))).toBe(Number(half));
  }
  expect(['1234567890123456', '-0000000000000000.0', '0.00000000000000000001', '-999999999999999999'].map(plain)).toEqual([1234567890123456, 0, 1e-20, -1e18]);
  expect(['1234567890123456789', '0.00000000000000000000001', '1.2.3456789012345678', '1234567890.123456e10', '12345678 0123456789'].map(plain)).toEqual(Array.from({ length: 5 }, () => undefined));
});

test('the table digest is that of the documented encoding, and does not see quoting, line ends or other columns', () => {
  const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  const text = (value: string): number[] => [...u32(bytesOf(value).length), ...bytesOf(value)];
  const one = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
  const none = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
  const encoded = [...bytesOf('NDT2'), ...u32(2), ...u32(3), ...text('a'), 0, ...one, ...none, ...one, ...text('b'), 1, ...text('ä€😀'), ...text('x'), ...u32(0xffffffff)];
  const schema = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'categorical' }] as const;
  const digest = tableDigest(readCsv(bytesOf('a,b\n1,ä€😀\nNA,x\n1.0,\n'), schema));
  expect(digest).toBe(sha256Hex(Uint8Array.from(encoded)));
  expect(tableDigest(readCsv(bytesOf('\uFEFFz,"b","a"\r\n0,ä€😀,1e0\r\n,"x",\r\n,,1'), schema))).toBe(digest);
  expect(tableDigest(readCsv(bytesOf('a,b\n1,ä€😀\n2,x\n1,\n'), schema))).not.toBe(digest);
});

test('long cells and long columns do not change the digest\'s encoding', () => {
  const long = 'é'.repeat(100_000);
  const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
  const parts = [bytesOf('NDT2'), u32(1), u32(2), u32(1), bytesOf('a'), Uint8Array.of(1), u32(200_000), bytesOf(long), u32(1), bytesOf('b')];
  expect(tableDigest(readCsv(bytesOf(`a\n${long}\nb`), [{ name: 'a', kind: 'categorical' }]))).toBe(sha256Hex(new Uint8Array(Buffer.concat(parts))));
  const values = Float64Array.from({ length: 20_000 }, (_, index) => index / 7);
  const numbers = [bytesOf('NDT2'), u32(1), u32(20_000), u32(1), bytesOf('a'), Uint8Array.of(0), new Uint8Array(values.buffer)];
  expect(tableDigest(readCsv(bytesOf(`a\n${[...values].join('\n')}`), [{ name: 'a', kind: 'numeric' }]))).toBe(sha256Hex(new Uint8Array(Buffer.concat(numbers))));
});

test('a profile', () => {
  expect(profileCsv(bytesOf('n,c,mixed,none\n1,x,1,\n2,y,NA,NA\n,x,two,\n4.5,NA,2,\n'))).toEqual({
    rows: 4,
    columns: [
      { name: 'n', kind: 'numeric', missing: 1, distinct: 3, min: 1, max: 4.5, mean: 2.5, deviation: Math.sqrt(6.5 / 3), quartiles: [1.5, 2, 3.25] },
      { name: 'c', kind: 'categorical', missing: 1, distinct: 2, top: [{ value: 'x', count: 2 }, { value: 'y', count: 1 }] },
      { name: 'mixed', kind: 'categorical', missing: 1, distinct: 3, top: ['1', '2', 'two'].map((value) => ({ value, count: 1 })) },
      { name: 'none', kind: 'categorical', missing: 4, distinct: 0, top: [] },
    ],
  });
});

test('figures of a column do not depend on the order of its rows, and do not overflow', () => {
  const numbers = Array.from({ length: 999 }, (_, index) => `${((index * 7919) % 500) / 7}`);
  const of = (cells: string[]) => profileCsv(bytesOf(['x', ...cells].join('\n'))).columns[0];
  expect(of(numbers.toReversed())).toEqual(of(numbers));
  expect(of(['1.0', '1', '3'])).toMatchObject({ distinct: 2, mean: 5 / 3, quartiles: [1, 1, 2] });
  expect((of(['1.6e308', '1.6e308', '-1e308'])?.mean ?? 0) / 1e308).toBeCloseTo(2.2 / 3, 12);
  expect(of(['1.6e308', '-1.6e308'])).not.toHaveProperty('deviation');
  const texts = Array.from({ length: 300 }, (_, index) => `t${index % 23}`);
  expect(of(texts.toReversed())).toEqual(of(texts));
});
