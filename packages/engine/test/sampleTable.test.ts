import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import * as fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { profileTable, sampleStream, sampleTable } from '../src/index.ts';
import { readTable } from '../src/table/readTable.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { bytesOf } from './spec.ts';

type Choice = Parameters<typeof sampleTable>[1];
const sampled = async (text: string, choice: Choice): Promise<string> => new TextDecoder().decode((await sampleTable(bytesOf(text), choice)).bytes);
const first = (text: string, rows: number): Promise<string> => sampled(text, { rows });

test('CSV: the header and the first rows, byte for byte', async () => {
  expect(await first('a,b\n1,2\n3,4\n', 1)).toBe('a,b\n1,2\n');
  expect(await first('a,b\r\n1,2\r\n3,4', 1)).toBe('a,b\r\n1,2\r\n');
  expect(await first('a,b\n"1\n1",2\n3,4\n', 1)).toBe('a,b\n"1\n1",2\n');
  expect(await first('a,b\n"say ""x\n""",2\n3,4\n5,6\n', 2)).toBe('a,b\n"say ""x\n""",2\n3,4\n');
});

const table = (rows: number): string => `a,b\n${Array.from({ length: rows }, (_, index) => `${index},x\n`).join('')}`;
const drawn = (text: string, rows: number, seed: number): Promise<string> => sampled(text, { rows, seed });
const numbersIn = (text: string): number[] => text.trimEnd().split('\n').slice(1).map((record) => Number(record.split(',')[0]));

test('rows drawn by a seed: the same each time, others by another seed, in the order of the file', async () => {
  expect(await drawn(table(10), 3, 7)).toBe(await drawn(table(10), 3, 7));
  // As samples were drawn ever since there are some.
  expect(await drawn(table(10), 3, 7)).toBe('a,b\n5,x\n7,x\n9,x\n');
  expect(await drawn(table(10), 3, 8)).not.toBe(await drawn(table(10), 3, 7));
  await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 200 }), fc.integer({ min: 0, max: 1_000_000 }), fc.nat(), async (count, seed, wanted) => {
    const rows = 1 + (wanted % (count - 1));
    const numbers = numbersIn(await drawn(table(count), rows, seed));
    expect(new Set(numbers).size).toBe(rows);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.every((number) => number >= 0 && number < count)).toBe(true);
  }));
});

test('each row is drawn about as often', async () => {
  const hits = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 2_000; seed += 1) for (const row of numbersIn(await drawn(table(10), 3, seed))) hits[row]! += 1;
  // 600 each on average; 21 is the standard deviation.
  for (const hit of hits) expect(Math.abs(hit - 600)).toBeLessThan(100);
});

test('CSV: a last record without a line end, quoted line breaks and empty lines', async () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const lines = await drawn('a,b\r\n"1\n1",2\r\n\r\n3,4\r\n5,6', 2, seed);
    expect(['a,b\r\n"1\n1",2\r\n3,4\r\n', 'a,b\r\n"1\n1",2\r\n5,6', 'a,b\r\n3,4\r\n5,6']).toContain(lines);
  }
});

test('NDJSON and JSON: records byte for byte', async () => {
  expect(await first('{"a": 1.50}\r\n{"a":2}\n{"a":3}', 2)).toBe('{"a": 1.50}\r\n{"a":2}\n');
  expect(await sampled('{"a":1}\n{"a":2}\n{"a":3}', { rows: 2, seed: 3 })).toMatch(/^\{"a":[12]\}\n\{"a":[23]\}\n?$/);
  expect(await first(' [ {"a": "],[", "b": 1.50} ,\n  {"a": "\\"]"}, {"a": null} ] ', 2)).toBe('[\n{"a": "],[", "b": 1.50},\n{"a": "\\"]"}\n]\n');
});

test('what is read in pieces gives the same rows: across parts, in other dialects, and where a format is held whole', async () => {
  async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1_000_003) yield bytes.slice(at, at + 1_000_003);
  }
  const places = Array.from({ length: 250_000 }, (_, place) => place);
  const texts = [
    `a,b\n${places.map((place) => `${place},${place % 7 === 0 ? '"x\n, ""y"' : 'some words'}\n`).join('')}`,
    `a;b\r\n${places.map((place) => `${place};some, words`).join('\r\n')}`,
    places.map((place) => JSON.stringify({ a: place, b: 'some words' })).join('\n'),
    JSON.stringify(places.slice(0, 1_000).map((place) => ({ a: place }))),
  ];
  for (const bytes of texts.map(bytesOf)) for (const choice of [{ rows: 3 }, { rows: 50, seed: 7 }]) {
    expect(await sampleStream(() => pieces(bytes), choice)).toEqual(await sampleTable(bytes, choice));
  }
  const few = bytesOf('a,b\n1,2\n3,4\n');
  for (const choice of [{ rows: 2 }, { rows: 2, seed: 1 }]) await expect(sampleStream(() => pieces(few), choice)).rejects.toMatchObject({ code: 'TOO_FEW_ROWS' });
});

type Row = { y: string | null; n: number | null; c: string | null; whole: number };
const rows: Row[] = Array.from({ length: 60 }, (_, index) => ({
  y: index % 3 === 0 ? 'no' : 'yes', n: index % 7 === 0 ? null : [0.1, 1e-310, 1e300, 123456.789, 5e-324][index % 5] ?? 0, c: index % 11 === 0 ? null : ['rot', 'grün', 'a "b", c', 'two\nlines', '😀'][index % 5] ?? '', whole: index - 30,
}));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const parquetOf = (list: Row[]): Uint8Array => new Uint8Array(parquetWriteBuffer({
  columnData: [
    { name: 'y', data: list.map(({ y }) => y), type: 'STRING' }, { name: 'n', data: list.map(({ n }) => n), type: 'DOUBLE' },
    { name: 'c', data: list.map(({ c }) => c), type: 'STRING' }, { name: 'whole', data: list.map(({ whole }) => BigInt(whole)), type: 'INT64' },
  ],
}));
const files = {
  csv: bytesOf(`y,n,c,whole\n${rows.map(({ y, n, c, whole }) => [y, n ?? 'NA', c === null ? '' : quoted(c), whole].join(',')).join('\n')}\n`),
  json: bytesOf(JSON.stringify(rows, undefined, 1)),
  ndjson: bytesOf(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`),
  parquet: parquetOf(rows),
};
const schema = [{ name: 'y', kind: 'categorical' }, { name: 'n', kind: 'numeric' }, { name: 'c', kind: 'categorical' }, { name: 'whole', kind: 'numeric' }] as const;

test('the same rows are drawn from the same table in each format, with the same cells', async () => {
  for (const choice of [{ rows: 9 }, { rows: 23, seed: 5 }]) {
    const samples = await Promise.all(Object.values(files).map((bytes) => sampleTable(bytes, choice)));
    expect(samples.map(({ format }) => format)).toEqual(['csv', 'json', 'ndjson', 'csv']);
    for (const { bytes, format } of samples) expect(await profileTable(bytes)).toMatchObject({ rows: choice.rows, format });
    const digests = await Promise.all(samples.map(async ({ bytes }) => tableDigest(await readTable(bytes, schema))));
    expect(new Set(digests).size).toBe(1);
  }
  const texts = rows.map((row): Row => ({ ...row, y: null }));
  expect(new TextDecoder().decode((await sampleTable(parquetOf(texts), { rows: 2 })).bytes)).toBe('y,n,c,whole\n,,,-30\n,1e-310,grün,-29\n');
});

test('a single column of gaps keeps its rows', async () => {
  const gaps = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x', null, 'y'], type: 'STRING' }] }));
  const { bytes } = await sampleTable(gaps, { rows: 2 });
  expect(new TextDecoder().decode(bytes)).toBe('a\nx\n""\n');
  expect(await profileTable(bytes)).toMatchObject({ rows: 2, columns: [{ missing: 1 }] });
});

test('never the whole file', async () => {
  for (const bytes of Object.values(files)) {
    await expect(sampleTable(bytes, { rows: 60 })).rejects.toMatchObject({ code: 'TOO_FEW_ROWS', message: 'A sample of 60 rows would be the whole file: choose fewer rows.' });
    await expect(sampleTable(bytes, { rows: 99, seed: 1 })).rejects.toMatchObject({ code: 'TOO_FEW_ROWS' });
  }
  for (const [text, count] of [['a\n1\n2\n', 2], ['a\n1\n2', 2], ['a\n1\n2\n', 9], ['', 1], ['{"a":1}', 1], ['[{"a":1}]', 1]] as const) {
    await expect(first(text, count)).rejects.toMatchObject({ code: 'TOO_FEW_ROWS' });
  }
  await expect(first('[{"a":1}', 1)).rejects.toMatchObject({ code: 'BAD_JSON' });
});

test('other dialects and Arrow become plain CSV, with the rows that the same table has', async () => {
  const plain = 'a,b\n1,"x, y"\n2,z"i\n3,w\n4,\n';
  const other = 'a;b\n1;x, y\n2;z"i\n3;w\n4;\n';
  const wide = new Uint8Array(Buffer.from(`\uFEFF${other}`, 'utf16le'));
  for (const choice of [{ rows: 2 }, { rows: 3, seed: 5 }]) {
    const schema = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'categorical' }] as const;
    const digestOf = async (file: Uint8Array): Promise<string> => tableDigest(await readTable((await sampleTable(file, choice)).bytes, schema));
    const digest = await digestOf(bytesOf(plain));
    const arrow = tableToIPC(tableFromArrays({ a: [1, 2, 3, 4], b: ['x, y', 'z"i', 'w', null] }), { format: 'stream' });
    for (const file of [bytesOf(other), wide, arrow ?? new Uint8Array()]) expect(await digestOf(file)).toBe(digest);
    expect((await sampleTable(wide, choice)).format).toBe('csv');
  }
});

test('of a file no more is read than its first rows need', async () => {
  let given = 0;
  const reading = (bytes: Uint8Array) => async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1 << 20) {
      given += 1;
      yield bytes.slice(at, at + (1 << 20));
    }
  };
  const long = bytesOf(`a,b\n${'1,"ä\n2"\n'.repeat(2_000_000)}`);
  expect(new TextDecoder().decode((await sampleStream(reading(long), { rows: 2 })).bytes)).toBe('a,b\n1,"ä\n2"\n1,"ä\n2"\n');
  const list = bytesOf(`[${'{"a":1,"b":"some words"},'.repeat(1_000_000)}{"a":2}]`);
  expect(new TextDecoder().decode((await sampleStream(reading(list), { rows: 1 })).bytes)).toBe('[\n{"a":1,"b":"some words"}\n]\n');
  // A part of each.
  expect(given).toBeLessThanOrEqual(10);
  await expect(sampleStream(reading(bytesOf('a\n1\n')), { rows: 1 })).rejects.toThrow('would be the whole file');
});
