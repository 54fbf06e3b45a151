import { assert, integer, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { firstRows, sampleRows } from './sampleRows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rowsOf = (text: string, rows: number): string => new TextDecoder().decode(firstRows(bytes(text), rows));

test('the header and the first rows, byte for byte', () => {
  expect(rowsOf('a,b\n1,2\n3,4\n', 1)).toBe('a,b\n1,2\n');
  expect(rowsOf('a,b\r\n1,2\r\n3,4', 1)).toBe('a,b\r\n1,2\r\n');
  expect(rowsOf('a,b\n"1\n1",2\n3,4\n', 1)).toBe('a,b\n"1\n1",2\n');
  expect(rowsOf('a,b\n"say ""x\n""",2\n3,4\n5,6\n', 2)).toBe('a,b\n"say ""x\n""",2\n3,4\n');
});

const table = (rows: number): string => `a,b\n${Array.from({ length: rows }, (_, index) => `${index},x\n`).join('')}`;
const drawn = (text: string, rows: number, seed: number): string => new TextDecoder().decode(sampleRows(bytes(text), { rows, seed }));

test('rows drawn by a seed: the same each time, others by another seed, in the order of the file', () => {
  expect(drawn(table(10), 3, 7)).toBe(drawn(table(10), 3, 7));
  expect(drawn(table(10), 3, 7)).toMatchInlineSnapshot(`
    "a,b
    5,x
    7,x
    9,x
    "
  `);
  expect(drawn(table(10), 3, 8)).not.toBe(drawn(table(10), 3, 7));
  assert(property(integer({ min: 2, max: 200 }), integer({ min: 0, max: 1_000_000 }), nat(), (count, seed, wanted) => {
    const rows = 1 + (wanted % (count - 1));
    const [header, ...records] = drawn(table(count), rows, seed).trimEnd().split('\n');
    const numbers = records.map((record) => Number(record.split(',')[0]));
    expect(header).toBe('a,b');
    expect(new Set(numbers).size).toBe(rows);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.every((number) => number >= 0 && number < count)).toBe(true);
  }));
});

test('each row is drawn about as often', () => {
  const hits = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 2_000; seed += 1) for (const record of drawn(table(10), 3, seed).trimEnd().split('\n').slice(1)) hits[Number(record.split(',')[0])]! += 1;
  // 600 each on average; 21 is the standard deviation.
  for (const hit of hits) expect(Math.abs(hit - 600)).toBeLessThan(100);
});

test('a last record without a line end, quoted line breaks and empty lines', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const lines = drawn('a,b\r\n"1\n1",2\r\n\r\n3,4\r\n5,6', 2, seed);
    expect(['a,b\r\n"1\n1",2\r\n3,4\r\n', 'a,b\r\n"1\n1",2\r\n5,6', 'a,b\r\n3,4\r\n5,6']).toContain(lines);
  }
});

test('never the whole file', () => {
  expect(() => sampleRows(bytes(table(3)), { rows: 3, seed: 1 })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  for (const [text, rows] of [['a\n1\n2\n', 2], ['a\n1\n2', 2], ['a\n1\n2\n', 9], ['', 1]] as const) {
    expect(() => firstRows(bytes(text), rows)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  }
});
