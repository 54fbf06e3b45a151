import { CompressionType, type Table as ArrowTable, dictionary, float64, int64, setCompressionCodec, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { profileCsv, profileTable, train } from '../src/index.ts';
import { readLz4Frame } from '../src/table/lz4Frame.ts';
import { formatOf, readTable } from '../src/table/readTable.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

type Row = { y: string; n: number | null; c: string | null; whole: number };
const rows: Row[] = Array.from({ length: 60 }, (_, index) => ({
  y: index % 3 === 0 ? 'no' : 'yes', n: index % 7 === 0 ? null : [0.1, 1e-310, 1e300, 123456.789, 5e-324][index % 5] ?? 0, c: index % 11 === 0 ? null : ['rot', 'grün', 'a "b", c', '😀'][index % 4] ?? '', whole: index - 30,
}));
const schema = [{ name: 'y', kind: 'categorical' }, { name: 'n', kind: 'numeric' }, { name: 'c', kind: 'categorical' }, { name: 'whole', kind: 'numeric' }] as const;

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function parquetOf(table: Row[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: 'y', data: table.map(({ y }) => y), type: 'STRING' }, { name: 'n', data: table.map(({ n }) => n), type: 'DOUBLE' },
      { name: 'c', data: table.map(({ c }) => c), type: 'STRING' }, { name: 'whole', data: table.map(({ whole }) => BigInt(whole)), type: 'INT64' },
    ],
  }));
}

function arrowTable(table: Row[]): ArrowTable {
  const columns = { y: table.map(({ y }) => y), n: table.map(({ n }) => n), c: table.map(({ c }) => c), whole: table.map(({ whole }) => whole) };
  return tableFromArrays(columns, { types: { y: utf8(), n: float64(), c: dictionary(utf8()), whole: int64() } });
}

function arrowOf(table: Row[], format: 'file' | 'stream'): Uint8Array {
  const bytes = tableToIPC(arrowTable(table), { format });
  if (!bytes) throw new Error('nothing was written');
  return bytes;
}

const files = {
  csv: bytesOf(`y,n,c,whole\n${rows.map(({ y, n, c, whole }) => [y, n ?? 'NA', c === null ? '' : quoted(c), whole].join(',')).join('\n')}\n`),
  json: bytesOf(JSON.stringify(rows, undefined, 1)),
  ndjson: bytesOf(`${rows.map(({ n, c, ...rest }) => JSON.stringify({ ...rest, ...(n === null ? {} : { n }), c: c ?? '' })).join('\n')}\n`),
  parquet: parquetOf(rows),
  arrow: arrowOf(rows, 'file'),
  'arrow-stream': arrowOf(rows, 'stream'),
};

test('the same table in every format is the same table', async () => {
  const digests = await Promise.all(Object.values(files).map(async (bytes) => tableDigest(await readTable(bytes, schema))));
  expect(Object.entries(files).map(([, bytes]) => formatOf(bytes))).toEqual(Object.keys(files));
  expect(new Set(digests).size).toBe(1);
});

test('and trains to the same model', async () => {
  const spec = specOf('y', [{ name: 'c', kind: 'categorical' }, { name: 'whole', kind: 'numeric' }]);
  const results = await Promise.all(Object.values(files).map((csv) => train({ csv, spec })));
  for (const result of results) expect(result).toEqual(results[0]);
});

test('a real table as JSON trains as it does as CSV', async () => {
  const [header = '', ...lines] = new TextDecoder().decode(penguinsCsv()).trim().split('\n');
  const names = header.split(',');
  const json = bytesOf(JSON.stringify(lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])))));
  expect((await train({ csv: json, spec: penguinsSpec })).modelDigest).toBe((await train({ csv: penguinsCsv(), spec: penguinsSpec })).modelDigest);
});

test('and is described alike', async () => {
  const described = await Promise.all(Object.values(files).map((bytes) => profileTable(bytes)));
  expect(described.map(({ format }) => format)).toEqual(['csv', 'json', 'ndjson', 'parquet', 'arrow', 'arrow-stream']);
  const [csv, ...others] = described.map(({ rows: count, columns }) => ({ count, columns }));
  for (const { count, columns } of others) expect({ count, columns: csv?.columns.map(({ name }) => columns.find((one) => one.name === name)) }).toEqual(csv);
  expect(profileCsv(files.csv)).toEqual({ rows: 60, columns: csv?.columns });
  expect(csv?.columns.map(({ kind, missing }) => [kind, missing])).toEqual([['categorical', 0], ['numeric', 9], ['categorical', 6], ['numeric', 0]]);
});

test('columns of objects are all fields that appear; what is neither number nor text is refused', async () => {
  const of = (value: unknown): Promise<unknown> => profileTable(bytesOf(JSON.stringify(value))).then(({ rows: count, columns }) => [count, columns.map(({ name, kind, missing, distinct }) => [name, kind, missing, distinct])]);
  expect(await of([{ a: 1 }, { a: '2', b: true }, { b: null, c: 2 ** 60 }])).toEqual([3, [['a', 'numeric', 1, 2], ['b', 'categorical', 2, 1], ['c', 'numeric', 2, 1]]]);
  await expect(of([{ a: 1 }, { a: { nested: 1 } }])).rejects.toThrow('Column "a" holds in row 2 neither a finite number nor a text');
  await expect(of([{ a: 2 ** 60 }, { a: 'text' }])).rejects.toThrow('Column "a" holds in row 1 neither');
  await expect(of([{ '': 1 }])).rejects.toThrow('Column 1 has no name');
  await expect(of([1])).rejects.toThrow('Row 1 is not an object');
  await expect(of([])).rejects.toThrow('The file is empty');
});

async function refusal(bytes: Uint8Array, columns: readonly { name: string; kind: 'numeric' | 'categorical' }[] = schema): Promise<string> {
  try {
    await readTable(bytes, columns);
    return 'accepted';
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
}

test('what is not a table is refused by its name', async () => {
  const one = [{ name: 'n', kind: 'numeric' }] as const;
  const text = [{ name: 'n', kind: 'categorical' }] as const;
  expect([
    await refusal(bytesOf('[]')),
    await refusal(bytesOf('[1]')),
    await refusal(bytesOf('[{"n":1},]'), one),
    await refusal(bytesOf('[{"n":NaN}]'), one),
    await refusal(bytesOf('{"n":1}\n{"n":"two"}'), one),
    await refusal(bytesOf('{"n":1}\n\n{"n":2}'), one),
    await refusal(bytesOf('{"m":1}'), one),
    await refusal(bytesOf('{"n":{"deep":1}}'), one),
    await refusal(bytesOf('{"n":9007199254740993}'), text),
    await refusal(bytesOf('{"n":1e400}'), one),
    await refusal(files.parquet.subarray(0, 100)),
    await refusal(files.parquet, one.map(({ kind }) => ({ name: 'absent', kind }))),
    await refusal(new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'n', data: [1, NaN], type: 'DOUBLE' }] })), one),
  ]).toMatchInlineSnapshot(`
    [
      "EMPTY_FILE: The file is empty: a table needs at least one row.",
      "BAD_JSON: Row 1 is not an object: write each row as an object of its fields.",
      "BAD_JSON: Row 2 is not valid JSON: write numbers as JSON does, and no NaN or Infinity.",
      "BAD_JSON: Row 1 is not valid JSON: write numbers as JSON does, and no NaN or Infinity.",
      "BAD_NUMBER: Column "n" holds no finite decimal number in row 3 (the header is row 1): correct it, leave it empty, or use the column as categorical.",
      "BAD_JSON: Line 2 is not valid JSON: write numbers as JSON does, and no NaN or Infinity.",
      "MISSING_COLUMN: The table has no column "n": its columns are "m".",
      "BAD_NUMBER: Column "n" holds no finite decimal number in row 2 (the header is row 1): correct it, leave it empty, or use the column as categorical.",
      "BAD_NUMBER: Column "n" holds no finite decimal number in row 2 (the header is row 1): correct it, leave it empty, or use the column as categorical.",
      "BAD_NUMBER: Column "n" holds no finite decimal number in row 2 (the header is row 1): correct it, leave it empty, or use the column as categorical.",
      "BAD_PARQUET: The file is not a Parquet file that can be read: write it again, with snappy, gzip, zstd or no compression.",
      "MISSING_COLUMN: The table has no column "absent": its columns are "y", "n", "c", "whole".",
      "BAD_NUMBER: Column "n" holds no finite decimal number in row 3 (the header is row 1): correct it, leave it empty, or use the column as categorical.",
    ]
  `);
});

test('where in memory a file lies does not matter', async () => {
  for (const bytes of Object.values(files)) {
    // Buffers give views where typed arrays give copies.
    const odd = Buffer.concat([Buffer.from('odd'), bytes]).subarray(3);
    expect(tableDigest(await readTable(odd, schema))).toBe(tableDigest(await readTable(bytes, schema)));
  }
});

test('Arrow that is cut off, compressed by its word, or says more than it holds is refused', async () => {
  const whole = files.arrow;
  const found = new Set<string>();
  // Every byte of a small file, flipped: refused by name, or the table is read; nothing else is thrown.
  const small = arrowOf(rows.slice(0, 3), 'stream');
  for (let at = 0; at < small.length; at += 1) {
    const broken = small.slice();
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    found.add((await refusal(broken)).split(':')[0] ?? '');
  }
  expect([...found].filter((code) => !['accepted', 'BAD_ARROW', 'MISSING_COLUMN', 'BAD_NUMBER', 'TOO_LARGE', 'EMPTY_FILE', 'BAD_CSV', 'NOT_UTF8', 'RAGGED_ROW', 'DUPLICATE_COLUMN', 'EMPTY_COLUMN_NAME'].includes(code))).toEqual([]);
  expect(found).toContain('BAD_ARROW');
  for (const part of [0.2, 0.5, 0.9]) expect(await refusal(whole.subarray(0, Math.floor(whole.length * part)))).toMatch(/^BAD_ARROW/);
  expect(await refusal(whole, [{ name: 'absent', kind: 'numeric' }])).toBe('MISSING_COLUMN: The table has no column "absent": its columns are "y", "n", "c", "whole".');
});

/** LZ4 as a frame of one block: a run of four bytes or more of one kind is a match that overlaps itself, all else is literal. */
function lz4Of(bytes: Uint8Array): Uint8Array {
  const block: number[] = [];
  const length = (count: number): number[] => (count < 15 ? [] : [...Array.from({ length: Math.floor((count - 15) / 255) }, () => 255), (count - 15) % 255]);
  let [from, at] = [0, 1];
  while (at < bytes.length - 16) {
    let run = 0;
    while (at + run < bytes.length - 16 && bytes[at + run] === bytes[at - 1]) run += 1;
    if (run >= 4) {
      block.push((Math.min(15, at - from) << 4) | Math.min(15, run - 4), ...length(at - from), ...bytes.subarray(from, at), 1, 0, ...length(run - 4));
      [from, at] = [at + run, at + run + 1];
    } else at += 1;
  }
  block.push(Math.min(15, bytes.length - from) << 4, ...length(bytes.length - from), ...bytes.subarray(from));
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, block.length, true);
  return Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, ...size, ...block, 0, 0, 0, 0]);
}

const codecs = { lz4: [CompressionType.LZ4_FRAME, lz4Of], zstd: [CompressionType.ZSTD, (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes))] } as const;

test.each(['lz4', 'zstd'] as const)('Arrow compressed by %s is the same table, and is not believed either', async (name) => {
  const [codec, encode] = codecs[name];
  const decode = (): never => {
    throw new Error('the reader has its own');
  };
  const many = Array.from({ length: 40 }, () => rows).flat();
  const write = (table: Row[]): Uint8Array => {
    setCompressionCodec(codec, { encode, decode });
    return tableToIPC(arrowTable(table), { format: 'stream', codec }) ?? new Uint8Array();
  };
  const packed = write(many);
  expect(packed.length).toBeLessThan(arrowOf(many, 'stream').length);
  expect(tableDigest(await readTable(packed, schema))).toBe(tableDigest(await readTable(arrowOf(many, 'stream'), schema)));
  const small = write(rows.slice(0, 30));
  const found = new Set<string>();
  for (let at = 0; at < small.length; at += 3) {
    const broken = small.slice();
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    found.add((await refusal(broken)).split(':')[0] ?? '');
  }
  expect(found).not.toContain('undefined');
  expect(found).toContain('BAD_ARROW');
});

test('an LZ4 frame is read back: literals, matches that overlap, blocks that look back, blocks that are plain', () => {
  const frame = (...blocks: number[]): Uint8Array => Uint8Array.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, ...blocks, 0, 0, 0, 0]);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  // "abc", then six bytes from three back; a plain block "de"; then four bytes from two back, and "!".
  const whole = frame(6, 0, 0, 0, 0x32, 97, 98, 99, 3, 0, 2, 0, 0, 0x80, 100, 101, 5, 0, 0, 0, 0x00, 2, 0, 0x10, 33);
  expect(text(readLz4Frame(whole, 16))).toBe('abcabcabcdedede!');
  for (const [bytes, length] of [[whole, 15], [whole, 17], [whole.subarray(0, 20), 16], [frame(3, 0, 0, 0, 0x00, 1, 0), 4], [frame(3, 0, 0, 0, 0x11, 97, 9), 6], [frame(2, 0, 0, 0, 0xf0, 255), 300], [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 1]] as const) {
    expect(() => readLz4Frame(bytes, length)).toThrow(RangeError);
  }
});

test('a JSON list is read an element at a time, however long it is', async () => {
  const one = [{ name: 'n', kind: 'numeric' }] as const;
  const long = 'a, ] } \\\\ \\" é '.repeat(100_000);
  const row = JSON.stringify({ deep: { list: [1, '[', { a: [] }] }, text: long });
  const times = Math.ceil(2 ** 26 / row.length) + 1;
  const bytes = bytesOf(` [${Array.from({ length: times }, (_, index) => `{"n":${index},${row.slice(1)}`).join(' ,\n')} ] \n`);
  expect(bytes.length).toBeGreaterThan(2 ** 26);
  const { rows, columns } = await readTable(bytes, one);
  expect([rows, columns[0]]).toEqual([times, { name: 'n', kind: 'numeric', values: Float64Array.from({ length: times }, (_, index) => index) }]);
});

test('a list that does not end, or goes on behind its end, is no list', async () => {
  const one = [{ name: 'n', kind: 'numeric' }] as const;
  for (const text of ['[', '[{"n":1}', '[{"n":1},', '[{"n":1}]]', '[{"n":1}] {}', '[{"n":1} {"n":2}]', '[{"n":1]', '[{"n":"1]', '[{"n":1},,{"n":2}]', '[,{"n":1}]', '[ ,]', '[{"n":1}}]', '[{"n":"\\"}]']) {
    expect([text, (await refusal(bytesOf(text), one)).slice(0, 8)]).toEqual([text, 'BAD_JSON']);
  }
  expect(await refusal(bytesOf(' [ \n ] '), one)).toMatch(/^EMPTY_FILE/);
});
