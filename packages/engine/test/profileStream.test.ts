import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findStatisticsProblem, publishedStatistics } from '@neurodata/protocol';
import { type DescribedTable, LANES, type Lanes, countRunCells, createLane, profileStream, profileTable, walkRowDigests } from '../src/index.ts';
import { createDistinct, countDistinct, meetValue, mergeDistinct } from '../src/table/stream/distinct.ts';
import { countNumber, createGrid, describeGrid, mergeGrid } from '../src/table/stream/grid.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** The same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** About 5 MB: two parts, numbers, codes, few and many different texts, missing cells. */
function tableRows(rows: number): { id: number; code: string; value: number | null; kind: string; note: string }[] {
  const random = randomNumbers(7);
  return Array.from({ length: rows }, (_, id) => ({
    id, code: `x${Math.floor(random() * 1e9).toString(36)}`, value: random() < 0.05 ? null : Math.round((random() + random() + random()) * 1e4) / 100, kind: ['a', 'b', 'c', 'dd'][Math.floor(random() ** 2 * 4)] ?? '', note: `é, "${id % 7}"`,
  }));
}

const rows = tableRows(110_000);
const asCsv = (delimiter: string): string => [['id', 'code', 'value', 'kind', 'note'].join(delimiter), ...rows.map(({ id, code, value, kind, note }) => [id, code, value ?? '', kind, `"${note.replaceAll('"', '""')}"`].join(delimiter))].join('\n');
const csv = bytesOf(asCsv(','));
const facts = ({ columns, ...table }: DescribedTable): unknown => ({ ...table, columns: columns.map(({ name, kind, missing, min, max }) => ({ name, kind, missing, min, max })) });

test('what is exact is what the whole table says; estimates are as near as they are said to be', async () => {
  const [whole, streamed] = [await profileTable(csv), await profileStream(pieces(csv, 100_003))];
  expect(facts({ rows: streamed.rows, columns: streamed.columns, format: streamed.format })).toEqual(facts(whole));
  for (const [index, column] of whole.columns.entries()) {
    const seen = streamed.columns[index];
    expect(seen?.estimated).toBe(true);
    if (column.distinct <= 2 ** 14) expect(seen?.distinct).toBe(column.distinct);
    else expect(Math.abs((seen?.distinct ?? 0) / column.distinct - 1)).toBeLessThan(0.04);
    if (column.kind === 'categorical') continue;
    const spread = (column.max ?? 0) - (column.min ?? 0);
    expect(Math.abs((seen?.mean ?? NaN) - (column.mean ?? NaN))).toBeLessThan(spread * 1e-9);
    expect(Math.abs((seen?.deviation ?? NaN) - (column.deviation ?? NaN))).toBeLessThan(spread * 1e-7);
    for (const [at, quartile] of (column.quartiles ?? []).entries()) expect(Math.abs((seen?.quartiles?.[at] ?? NaN) - quartile)).toBeLessThanOrEqual(spread / 2 ** 15);
    expect(seen?.histogram?.width).toBe(column.histogram?.width);
    const total = whole.rows - column.missing;
    for (const [at, count] of (column.histogram?.counts ?? []).entries()) expect(Math.abs((seen?.histogram?.counts[at] ?? NaN) - count) / total).toBeLessThan(0.001);
  }
  const top = streamed.columns[3]?.top ?? [];
  expect(top.map(({ value }) => value)).toEqual(whole.columns[3]?.top?.map(({ value }) => value));
  for (const [at, { count }] of top.entries()) expect(Math.abs(count - (whole.columns[3]?.top?.[at]?.count ?? 0)) / whole.rows).toBeLessThan(0.05);
});

test('the same bytes give the same figures, however they come and whatever the dialect', async () => {
  const [first, second] = [await profileStream(pieces(csv, 1 << 16)), await profileStream(pieces(csv, 7_777_777))];
  expect(second).toEqual(first);
  const semicolons = await profileStream(pieces(bytesOf(asCsv(';')), 50_000));
  expect(facts(semicolons)).toEqual(facts(first));
  const utf16 = new Uint8Array(new Uint16Array([0xfeff, ...Array.from(asCsv('\t'), (letter) => letter.charCodeAt(0))]).buffer);
  expect(facts(await profileStream(pieces(utf16, 99_999)))).toEqual(facts(first));
});

test('NDJSON is described as the same table, its columns in the order in which they appear', async () => {
  const ndjson = bytesOf(rows.map((row) => JSON.stringify(row)).join('\n'));
  const streamed = await profileStream(pieces(ndjson, 65_536));
  expect(facts({ ...streamed, format: 'csv' })).toEqual(facts(await profileStream(pieces(csv, 65_536))));
  const late = bytesOf(`${'{"a":1,"pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}\n'.repeat(90_000)}{"z":1}\n${'{"y":2,"z":3}\n'.repeat(400_000)}`);
  const described = await profileStream(pieces(late, 1 << 20));
  expect(described.columns.map(({ name, missing }) => [name, missing])).toEqual([['a', 400_001], ['pad', 400_001], ['z', 90_000], ['y', 90_001]]);
});

test('what a publisher says of a stream, a validator finds true of the same bytes', async () => {
  const [said, measured] = [await profileStream(pieces(csv, 65_536)), await profileStream(pieces(csv, 4_000_000))];
  for (const [index, column] of said.columns.entries()) {
    for (const digits of [1, 2, 6]) {
      const statistics = publishedStatistics({ measured: column, rows: said.rows, choice: { digits, topOf: ['kind'] } });
      if (!statistics) continue;
      expect(findStatisticsProblem({ said: statistics, measured: measured.columns[index]!, rows: measured.rows })).toBeUndefined();
      // As fine as the cells allow, and no finer.
      if ('step' in statistics) expect(statistics.step).toBeGreaterThanOrEqual(2 * (column.resolution ?? 0));
    }
  }
});

test('cells that do harm are found wherever they stand, and so is data about people', async () => {
  const lines = Array.from({ length: 250_000 }, (_, index) => `${index},plain text ${index % 50},user${index}@example.org`);
  lines[249_990] = '=1,@SUM(A1),nobody';
  const table = bytesOf(`n,text,contact\n${lines.join('\n')}\n`);
  const { columns, runCells } = await profileStream(pieces(table, 1 << 18));
  expect(columns.map(({ name, kind, hazard }) => [name, kind, hazard])).toEqual([['n', 'categorical', undefined], ['text', 'categorical', 'formula'], ['contact', 'categorical', undefined]]);
  expect(runCells).toBe(countRunCells(table));
  expect(columns[2]?.personal?.[0]).toMatchObject({ kind: 'e-mail' });
  expect(columns[2]?.personal?.[0]?.values).toBeGreaterThan(1_000);
  lines[249_991] = '1,a\0b,nobody';
  lines[249_990] = '1,a,nobody';
  expect((await profileStream(pieces(bytesOf(`n,text,contact\n${lines.join('\n')}\n`), 1 << 18))).columns[1]?.hazard).toBe('nul');
});

test('a refusal names the row as counted from the beginning of the file', async () => {
  const lines = Array.from({ length: 300_000 }, (_, index) => `${index},some text to fill a line`);
  lines[299_000] = '1,2,3';
  await expect(profileStream(pieces(bytesOf(`a,b\n${lines.join('\n')}\n`), 1 << 20))).rejects.toThrow('Row 299002 has 3 fields');
  const objects = Array.from({ length: 300_000 }, (_, index) => `{"a":${index}}`);
  objects[299_000] = '{"a":}';
  await expect(profileStream(pieces(bytesOf(objects.join('\n')), 1 << 20))).rejects.toThrow('Line 299001');
  await expect(profileStream(pieces(bytesOf(''), 1))).rejects.toMatchObject({ code: 'EMPTY_FILE' });
  await expect(profileStream(pieces(bytesOf('a,b\n'), 1))).rejects.toMatchObject({ code: 'EMPTY_FILE' });
});

test('digests of rows are those that the whole table has', async () => {
  const sum = async (walk: (take: (low: number, high: number) => void) => Promise<unknown>): Promise<number[]> => {
    const sums = [0, 0, 0];
    await walk((low, high) => {
      sums[0] = ((sums[0] ?? 0) + 1);
      sums[1] = ((sums[1] ?? 0) + low) % 2 ** 40;
      sums[2] = ((sums[2] ?? 0) ^ high) >>> 0;
    });
    return sums;
  };
  expect(await sum((takeRow) => profileStream(pieces(csv, 77_777), { takeRow }))).toEqual(await sum((take) => walkRowDigests(csv, take)));
});

test('lanes may be anywhere: their states are plain data', async () => {
  const startLanes = async (setup: Parameters<typeof createLane>[0]): Promise<Lanes> => {
    const lanes = Array.from({ length: LANES }, () => createLane(setup));
    return { take: async (lane, part) => lanes[lane]?.take(structuredClone(part)), states: async () => lanes.map((lane) => structuredClone(lane.state())) };
  };
  expect(await profileStream(pieces(csv, 65_536), { startLanes })).toEqual(await profileStream(pieces(csv, 65_536)));
});

test('counts on a grid are the same in whatever order numbers come, and whatever was merged', () => {
  const numbers = fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, 1e-300, 1e300, -1e300, 1.7e308)), { minLength: 1, maxLength: 3_000 });
  fc.assert(fc.property(numbers, fc.integer({ min: 0, max: 3_000 }), (values, cut) => {
    const plain = values.map((value) => value + 0);
    const counted = (list: readonly number[]): ReturnType<typeof createGrid> => {
      const grid = createGrid(2 ** 10);
      for (const value of list) countNumber(grid, value);
      return grid;
    };
    const whole = describeGrid(counted(plain));
    expect(describeGrid(counted(plain.toSorted((a, b) => a - b)))).toEqual(whole);
    const [left, right] = [counted(plain.slice(0, cut)), counted(plain.slice(cut))];
    if (right.min <= right.max && left.min <= left.max) {
      mergeGrid(left, right);
      expect(describeGrid(left)).toEqual(whole);
    }
    const total = (whole.histogram?.counts ?? []).reduce((sum, count) => sum + count, 0);
    if (whole.histogram) expect(total).toBe(plain.length);
  }), { numRuns: 150 });
});

test('numbers of different values are exact up to the limit, and about right above', () => {
  const random = randomNumbers(3);
  const some = (count: number, most = 2 ** 10): ReturnType<typeof createDistinct> => {
    const distinct = createDistinct(most);
    for (let index = 0; index < count; index += 1) meetValue(distinct, Math.floor(random() * 2 ** 32), Math.floor(random() * 2 ** 32));
    return distinct;
  };
  expect([0, 1, 500, 1_024].map((count) => countDistinct(some(count), 1e9))).toEqual([0, 1, 500, 1_024]);
  for (const count of [2_000, 50_000, 1_000_000]) expect(Math.abs(countDistinct(some(count), 1e9) / count - 1)).toBeLessThan(0.12);
  const [a, b] = [some(700), some(700)];
  mergeDistinct(a, b);
  expect(Math.abs(countDistinct(a, 1e9) / 1_400 - 1)).toBeLessThan(0.12);
});
