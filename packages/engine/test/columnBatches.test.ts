import { tableFromIPC, tableToIPC } from '@uwdata/flechette';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type DescribedTable, profileStream, profileTable, sampleStream, sampleTable, walkRowDigests, walkTableRows } from '../src/index.ts';
import { jsonParts } from '../src/table/jsonParts.ts';
import { type TableFile, tableFileOf } from '../src/table/tableFile.ts';
import { walkArrow } from '../src/table/walkArrow.ts';
import { walkElements } from '../src/table/walkRecords.ts';
import { walkParquet } from '../src/table/walkParquet.ts';
import { type Row, arrowTable, fileOf, messagesOf, parquetOf, rowsOf, streamOf } from './columnFiles.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

type Walk = typeof walkArrow;

async function rowsIn(walk: Walk, source: Uint8Array | TableFile): Promise<Row[]> {
  const found: Row[] = [];
  await walk(source, (names) => names.map((name) => ({ name, take: (row, value) => void Object.assign((found[row] ??= { n: null, c: null }), { [name]: value ?? null }) })));
  return found;
}

/** What batches were given, by the row behind them, and the most bytes that were asked for at once. */
async function batchesOf(walk: Walk, file: TableFile): Promise<{ ends: number[]; most: number }> {
  const ends: number[] = [];
  let most = 0;
  const watched: TableFile = { size: file.size, read: async (offset, length) => {
    most = Math.max(most, length);
    return file.read(offset, length);
  } };
  await walk(watched, (names) => names.map((name) => ({ name, take: () => undefined })), (end) => void ends.push(end));
  return { ends, most };
}

const rows = rowsOf(1_000);
const other = rowsOf(700, 900).map(({ n, c }) => ({ n, c: c === null ? null : `other ${c}` }));

test('a Parquet file is read row group by row group, from wherever its bytes are', async () => {
  const parquet = parquetOf(rows, 3);
  expect(await rowsIn(walkParquet, parquet)).toEqual([...rows, ...rows, ...rows]);
  expect(await rowsIn(walkParquet, fileOf([parquet.subarray(0, 999), parquet.subarray(999)]))).toEqual([...rows, ...rows, ...rows]);
  expect((await batchesOf(walkParquet, tableFileOf(parquet))).ends).toEqual([1_000, 2_000, 3_000]);
});

test('a Parquet file whose row groups are not the rows that it tells of is refused', async () => {
  const parquet = parquetOf(rows, 2);
  const short = { size: parquet.length - 40, read: tableFileOf(parquet).read };
  await expect(rowsIn(walkParquet, short)).rejects.toMatchObject({ code: 'BAD_PARQUET' });
  // Bytes of a column: what is read there is no page.
  const broken = parquet.slice().fill(0xff, 4, 200);
  await expect(rowsIn(walkParquet, broken)).rejects.toMatchObject({ code: 'BAD_PARQUET' });
});

test('nothing is read behind the rows that are wanted', async () => {
  const ends: number[] = [];
  await walkParquet(parquetOf(rows, 5), (names) => names.map((name) => ({ name, take: () => undefined })), (end) => ends.push(end) < 2);
  expect(ends).toEqual([1_000, 2_000]);
  const asked: number[] = [];
  const parquet = parquetOf(rows, 50);
  const file: TableFile = { size: parquet.length, read: async (offset, length) => {
    asked.push(length);
    return parquet.subarray(offset, offset + length);
  } };
  const choice = { rows: 3 };
  expect(await sampleStream(() => pieces(parquet, 1 << 16), choice, file)).toEqual(await sampleTable(parquet, choice));
  // The footer, and two columns of the first row group.
  expect(asked).toHaveLength(3);
  const drawn = { rows: 20, seed: 4 };
  expect(await sampleStream(() => pieces(parquet, 1 << 16), drawn, file)).toEqual(await sampleTable(parquet, drawn));
});

describe('Arrow', () => {
  test('is read a few batches at a time, each with the dictionaries that stand before it', async () => {
    const [one, two] = [await messagesOf(streamOf(rows)), await messagesOf(streamOf(other))];
    // The second dictionary takes the first one's place; then the first one comes back.
    const turns = Array.from({ length: 400 }, (_, turn) => (turn % 3 === 1 ? two : one));
    const file = fileOf([one.schema, ...turns.flatMap(({ rest }) => rest)]);
    const wanted = turns.flatMap((turn) => (turn === two ? other : rows));
    expect(await rowsIn(walkArrow, file)).toEqual(wanted);
    const { ends, most } = await batchesOf(walkArrow, file);
    expect(ends.length).toBeGreaterThan(1);
    expect(ends.at(-1)).toBe(wanted.length);
    expect(most).toBeLessThan(1 << 17);
    // As the library reads all of it.
    const table = tableFromIPC(await file.read(0, file.size));
    expect(table.getChild('c').toArray()).toEqual(wanted.map(({ c }) => c));
  });

  test('as a file is read by its footer', async () => {
    const { schema, rest } = await messagesOf(streamOf(rows));
    const batches = tableFromIPC([schema, ...rest, ...rest.slice(-1), ...rest.slice(-1)]);
    const file = tableToIPC(batches, { format: 'file' }) ?? new Uint8Array();
    expect(await rowsIn(walkArrow, file)).toEqual([...rows, ...rows, ...rows]);
    expect(await rowsIn(walkArrow, Buffer.concat([Buffer.from('x'), file]).subarray(1))).toEqual([...rows, ...rows, ...rows]);
    for (const part of [0.3, 0.6, 0.99]) await expect(rowsIn(walkArrow, file.subarray(0, Math.floor(file.length * part)))).rejects.toMatchObject({ code: 'BAD_ARROW' });
  });

  test('that is cut off between two batches has those before; within one it is refused', async () => {
    const { schema, rest } = await messagesOf(streamOf(rows));
    const whole = [schema, ...rest, ...rest.slice(-1)];
    expect(await rowsIn(walkArrow, fileOf(whole.slice(0, -1)))).toEqual(rows);
    const bytes = Buffer.concat(whole);
    await expect(rowsIn(walkArrow, bytes.subarray(0, bytes.length - 8))).rejects.toMatchObject({ code: 'BAD_ARROW' });
  });

  test("an empty stream's reason is that it has no rows", async () => {
    await expect(rowsIn(walkArrow, streamOf([]))).rejects.toMatchObject({ code: 'EMPTY_FILE' });
    await expect(rowsIn(walkArrow, Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0))).rejects.toMatchObject({ code: 'EMPTY_FILE' });
  });

  test('is given to whoever writes it as rows, some at a time', async () => {
    const { schema, rest } = await messagesOf(streamOf(rows));
    const file = fileOf([schema, ...Array.from({ length: 500 }, () => rest).flat()]);
    let [times, count] = [0, 0];
    await walkTableRows(file, async ({ names, rows: some, cell }) => {
      times += 1;
      expect([names, cell(1, 0), cell(0, 3)]).toEqual([['n', 'c'], rows[0]?.c, null]);
      count += some;
    });
    expect([times > 1, count]).toEqual([true, 500_000]);
  });
});

const exact = ({ rows: count, columns }: DescribedTable): unknown => ({ count, columns: columns.map(({ name, kind, missing, distinct, min, max }) => ({ name, kind, missing, distinct, min, max })) });

test('described while they pass by, formats have the figures that the whole table has, and the same rows', async () => {
  const files = { json: bytesOf(JSON.stringify(rows, undefined, 1)), parquet: parquetOf(rows, 2), arrow: tableToIPC(arrowTable(rows), { format: 'file' }) ?? new Uint8Array(), 'arrow-stream': streamOf(rows) };
  for (const [format, bytes] of Object.entries(files)) {
    for (const file of [undefined, tableFileOf(bytes)]) {
      const digests: string[] = [];
      const streamed = await profileStream(pieces(bytes, 777), { ...(file ? { file } : {}), takeRow: (low, high) => void digests.push(`${low} ${high}`) });
      expect(streamed.format).toBe(format);
      expect(streamed.columns.every(({ estimated }) => estimated)).toBe(true);
      expect(exact(streamed)).toEqual(exact(await profileTable(bytes)));
      const wanted: string[] = [];
      await walkRowDigests(bytes, (low, high) => void wanted.push(`${low} ${high}`));
      expect(digests).toEqual(wanted);
    }
  }
});

test('a JSON list is cut by its elements, wherever its bytes are cut', async () => {
  const elements = [{ a: 'x, ] } \\ " é' }, { a: [1, [2, {}]], b: '[' }, { a: null }, {}];
  for (const text of [JSON.stringify(elements), ` [ ${elements.map((element) => JSON.stringify(element, undefined, 2)).join(' ,\n')} ] \n`, `\uFEFF${JSON.stringify(elements)}`]) {
    for (const size of [1, 2, 3, 7, 1_000]) {
      const found: unknown[] = [];
      for await (const part of jsonParts(pieces(bytesOf(text), size))) {
        expect(part.before).toBe(found.length);
        walkElements(part.bytes, { count: part.rows, before: part.before }, () => (_, record) => void found.push(record));
      }
      expect(found).toEqual(elements);
    }
  }
});

test('a list that passes by is refused for the reason for which a whole one is', async () => {
  const texts = [
    '[', '[]', ' [ \n ] ', '[{"n":1}', '[{"n":1},', '[{"n":1}]]', '[{"n":1}] {}', '[{"n":1} {"n":2}]', '[{"n":1]', '[{"n":"1]', '[{"n":1},,{"n":2}]', '[,{"n":1}]', '[ ,]', '[{"n":1}}]', '[{"n":"\\"}]', '[1]', '[{"n":1},2]', '[[]]', '[{"n":NaN}]', '[{"n":{}}]', '[{"":1}]', '[{"n":"\u0001"}]',
  ];
  const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`);
  for (const text of texts) {
    const whole = await refusal(profileTable(bytesOf(text)));
    expect([text, await refusal(profileStream(pieces(bytesOf(text), 2)))]).toEqual([text, whole]);
    expect(whole).not.toBe('accepted');
  }
  const bad = Uint8Array.of(...bytesOf('[{"a":"'), 0xff, ...bytesOf('"}]'));
  expect(await refusal(profileStream(pieces(bad, 3)))).toBe(await refusal(profileTable(bad)));
});

test('samples of lists that pass by are those of the whole list', async () => {
  const list = bytesOf(JSON.stringify(rowsOf(170_000).map((row, at) => ({ at, ...row })), undefined, 1));
  expect(list.length).toBeGreaterThan(2 ** 23);
  for (const choice of [{ rows: 3 }, { rows: 40, seed: 9 }]) expect(await sampleStream(() => pieces(list, 1 << 20), choice)).toEqual(await sampleTable(list, choice));
});

/** Of tables that are held this would be more than the heap, or the process, may have. */
test.each([['json', 60, 1_200_000, 250], ['arrow', 400, 8_000_000, 250], ['parquet', 100, 2_000_000, 400]] as const)('memory does not grow with a table: %s', async (format, times, count, limitMb) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=64', path.join(import.meta.dirname, 'describeLarge.ts'), format, String(times)]);
  const { rows: found, bytes, mostMb } = JSON.parse(stdout) as { rows: number; bytes: number; mostMb: number };
  expect([found, bytes > 0]).toEqual([count, true]);
  expect(mostMb).toBeLessThan(limitMb);
}, 120_000);
