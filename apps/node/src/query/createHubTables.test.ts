import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HubTable, HubTables } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHubTables } from './createHubTables.ts';
import { createTurns } from './createTurns.ts';
import { queryFile } from './queryFile.ts';

let home: string;
let tables: HubTables;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'neurodata-tables-'));
  tables = createHubTables({ folder: path.join(home, 'viewer') });
});
afterAll(async () => {
  await tables.stop();
  await rm(home, { recursive: true });
});

const people = 'name,age,city,__row,since\nSimone,31,"São Paulo",a,2020-01-01\nÉmile,29,Paris,b,2021-05-02\nO\'Hara,44,"New, York",c,\nAda,,Paris,d,2019-01-01\nBo,31,paris-nord,e,2022-02-02\n';

/** A file as a source opens it, in pieces. */
async function table(name: string, text: string | Uint8Array): Promise<HubTable> {
  const file = path.join(home, name);
  await writeFile(file, text);
  const { size } = await stat(file);
  return { key: name, data: { size, checks: () => 'content', read: async function* ({ offset, length }) { if (length > 0) yield* createReadStream(file, { start: offset, end: offset + length - 1, highWaterMark: 7 }) as AsyncIterable<Uint8Array>; } } };
}

async function bytesOf(data: HubTable['data'], offset: number, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of data.read({ offset, length })) pieces.push(piece);
  return Buffer.concat(pieces);
}

const page = { offset: 0, length: 100 };
const indexes = async (asked: HubTable, question: object): Promise<number[]> => (await tables.select(asked, { ...page, ...question })).rows.map(({ index }) => index);

test('rows are filtered, in the order of the table or another, page by page', async () => {
  const rows = await table('people.csv', people);
  const first = await tables.select(rows, { where: "age > 30 AND (name = 'Simone' OR city = 'New, York')", offset: 0, length: 1 });
  expect(first).toEqual({
    total: 2, rows: [{ index: 0, row: { name: 'Simone', age: 31, city: 'São Paulo', __row: 'a', since: '2020-01-01' } }],
    features: [['name', 'string'], ['age', 'int64'], ['city', 'string'], ['__row', 'string'], ['since', 'date32']].map(([name, dtype], index) => ({ feature_idx: index, name, type: { dtype, _type: 'Value' } })),
  });
  expect(await tables.select(rows, { where: 'age > 30', offset: 9, length: 1 })).toMatchObject({ total: 3, rows: [] });
  expect(await indexes(rows, { where: "name = 'O''Hara' OR since >= '2021-05-02'" })).toEqual([1, 2, 4]);
  expect(await indexes(rows, { where: 'NOT age = 31' })).toEqual([1, 2]);
  expect(await indexes(rows, { where: 'age IS NULL' })).toEqual([3]);
  expect(await indexes(rows, { orderBy: 'AGE desc, name' })).toEqual([2, 4, 0, 1, 3]);
  for (const where of ["age = 'x'", 'nothing = 1']) await expect(tables.select(rows, { where, ...page }), where).rejects.toMatchObject({ status: 422, code: 'InvalidParameter' });
});

test('words are found in texts, whatever their case and accents, in short rows first, and are no patterns', async () => {
  const rows = await table('people.csv', people);
  const found = (words: string): Promise<number[]> => indexes(rows, { words });
  expect([await found('PARIS'), await found('sao bo'), await found('emile'), await found('par'), await found('31'), await found('.*'), await found('york, (new')]).toEqual([[3, 1, 4], [4, 0], [1], [], [], [], [2]]);
  await expect(found('a '.repeat(40) + [...Array(40).keys()].join(' '))).rejects.toMatchObject({ status: 422 });
});

test('words are found in all their English forms, and what fits best comes first', async () => {
  const lines = [
    'A connection was made, and many other things happened on that long day in the harbour.', 'They connect; connected they stay: connecting.', 'Nothing here.', 'Connections of ports.', 'The ports of Rome', 'Un café à Rome', 'connexion', 'con',
  ];
  const texts = await table('texts.csv', `id,text\n${lines.map((line, index) => `${index},"${line}"`).join('\n')}\n`);
  const found = (words: string): Promise<number[]> => indexes(texts, { words });
  // One word three times in seven, once in three, once in sixteen.
  expect(await found('connect')).toEqual([1, 3, 0]);
  expect(await found('CONNECTIONS')).toEqual([1, 3, 0]);
  // Both words; the rarer one in a short row; the other three times in a longer one, and once in a long one.
  expect(await found('connecting ports')).toEqual([3, 4, 1, 0]);
  expect([await found('port'), await found('cafe'), await found('rome café'), await found('con'), await found('nothings')]).toEqual([[4, 3], [5], [5, 4], [7], [2]]);
  const second = await tables.select(texts, { words: 'connect', offset: 1, length: 1 });
  expect([second.total, second.rows]).toEqual([3, [{ index: 3, row: { id: 3, text: lines[3] } }]]);
  expect(await tables.select(texts, { words: 'connect', offset: 9, length: 1 })).toMatchObject({ total: 3, rows: [] });
});

test('a table of any format becomes Parquet once, and is read in parts', async () => {
  const rows = await table('rows.ndjson', '{"a":1,"b":{"c":["Ü"]},"d":NaN}\n{"a":2,"b":null,"d":1.5}\n'.replace('NaN', '1e999'));
  const { data, sha256 } = await tables.parquet(rows);
  const bytes = await bytesOf(data, 0, data.size);
  expect([bytes.length, bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString(), sha256.length]).toEqual([data.size, 'PAR1', 'PAR1', 64]);
  expect(await bytesOf(data, 4, 10)).toEqual(bytes.subarray(4, 14));
  await writeFile(path.join(home, 'copy.parquet'), bytes);
  const to = path.join(home, 'sum.csv');
  await queryFile({ file: path.join(home, 'copy.parquet'), sql: 'SELECT sum(a) AS s FROM data', format: 'csv', to });
  expect(await readFile(to, 'utf8')).toBe('s\n3\n');
  // Of a Parquet file, too; nested texts are searched, and what JSON has no number for is missing.
  const again = await table('copy.parquet', bytes);
  expect(await tables.select(again, { words: 'u', ...page })).toMatchObject({ total: 1, features: [{ name: 'a', type: { dtype: 'int64' } }, { name: 'b', type: { _type: 'Json' } }, { name: 'd' }], rows: [{ index: 0, row: { a: 1, b: { c: ['Ü'] }, d: null } }] });
});

test('what is no table, or too large, is refused, and nothing of it stays', async () => {
  await expect(tables.parquet(await table('x.pdf', '%PDF-1.7 hello'))).rejects.toMatchObject({ status: 422 });
  await expect(tables.parquet(await table('broken.csv', 'a,b\n1,2\n3\n'))).rejects.toMatchObject({ status: 422 });
  const small = createHubTables({ folder: path.join(home, 'small'), mostBytes: 10 });
  await expect(small.select(await table('people.csv', people), page)).rejects.toMatchObject({ status: 422, code: 'TooBigContent' });
  const [own] = await readdir(path.join(home, 'viewer'));
  expect((await readdir(path.join(home, 'viewer', own!))).filter((name) => !name.endsWith('.parquet'))).toEqual([]);
  expect((await stat(path.join(home, 'viewer', own!))).mode & 0o777).toBe(0o700);
});

test('the oldest copies go where there is no room, and all of them at the end or after a crash', async () => {
  const folder = path.join(home, 'kept');
  // As a process that was killed leaves it: no process has this number.
  await mkdir(path.join(folder, '99999999-left'), { recursive: true });
  const kept = createHubTables({ folder, keepBytes: 1 });
  const [one, other] = [await table('people.csv', people), await table('more.csv', `${people}Eve,1,Rome,f,\n`)];
  const { data } = await kept.parquet(one);
  expect((await kept.select(other, page)).total).toBe(6);
  const [own, ...more] = await readdir(folder);
  expect([more, (await readdir(path.join(folder, own!))).length]).toEqual([[], 1]);
  // What was promised is made again.
  expect((await bytesOf(data, 0, data.size)).length).toBe(data.size);
  await kept.stop();
  expect(existsSync(path.join(folder, own!))).toBe(false);
});

test('so much is done at once, so much waits, and the rest is sent away', async () => {
  const inTurn = createTurns({ atOnce: 1, waiting: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = inTurn(async () => { await promise; order.push('first'); });
  const second = inTurn(async () => { order.push('second'); throw new Error('its own'); });
  await expect(inTurn(async () => undefined)).rejects.toMatchObject({ status: 503 });
  resolve();
  await first;
  await expect(second).rejects.toThrow('its own');
  expect([order, await inTurn(async () => 'free')]).toEqual([['first', 'second'], 'free']);
});
