import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queryFile } from './queryFile.ts';
import type { QueryFormat } from './query.ts';

let folder: string;
let rows: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-query-'));
  rows = path.join(folder, "ro'ws.csv");
  await writeFile(rows, 'species,bill length,note,day\nAdelie,39.1,=1+1,2020-01-01\nAdelie,,-5,2020-01-02\nGentoo,46.5,"@sum(a,b)",2020-01-03\nChinstrap,NA,"plain, ""quoted""",2020-01-04\n');
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function ask(sql: string, { format = 'csv', raw = false, file = rows, ...more }: { format?: QueryFormat; raw?: boolean; file?: string; timeoutMs?: number; memoryMb?: number } = {}) {
  const to = path.join(folder, `answer-${(count += 1)}`);
  const facts = await queryFile({ file, sql, format, raw, to, ...more });
  return { facts, to, text: format === 'parquet' || format === 'arrow' ? '' : await readFile(to, 'utf8') };
}

test('a table is asked in SQL, its columns typed by what they hold', async () => {
  const { facts, text } = await ask('SELECT species, avg("bill length") AS mean, count(*) n FROM data GROUP BY ALL ORDER BY species;');
  expect(facts).toEqual({ rows: 3, columns: [{ name: 'species', type: 'VARCHAR' }, { name: 'mean', type: 'DOUBLE' }, { name: 'n', type: 'BIGINT' }] });
  expect(text).toBe('species,mean,n\nAdelie,39.1,2\nChinstrap,,1\nGentoo,46.5,1\n');
  expect((await ask('FROM data WHERE day > DATE \'2020-01-03\' -- the last', { format: 'json' })).text).toBe('{"species":"Chinstrap","bill length":null,"note":"plain, \\"quoted\\"","day":"2020-01-04"}\n');
});

test('no cell of a CSV is a formula unless it is asked for raw', async () => {
  const sql = 'SELECT note AS "=note", 1 AS "n", [note] AS list FROM data LIMIT 3';
  expect((await ask(sql)).text).toBe('\'=note,n,list\n\'=1+1,1,[\'=1+1\']\n-5,1,[-5]\n"\'@sum(a,b)",1,"[\'@sum(a,b)\']"\n');
  expect((await ask('SELECT note AS "=note" FROM data LIMIT 3', { raw: true })).text).toBe('=note\n=1+1\n-5\n"@sum(a,b)"\n');
  expect((await ask('SELECT note FROM data LIMIT 1', { format: 'json' })).text).toBe('{"note":"=1+1"}\n');
});

test('Parquet goes out and comes back', async () => {
  const { to } = await ask('SELECT * FROM data', { format: 'parquet' });
  expect((await ask('SELECT species, note, day FROM data WHERE "bill length" > 40', { file: to })).text).toBe('species,note,day\nGentoo,"\'@sum(a,b)",2020-01-03\n');
});

test('Arrow goes out with its types, and comes back', async () => {
  const sql = `SELECT 1::TINYINT AS small, 9007199254740993 AS big, 18446744073709551615::UBIGINT AS whole, 0.5::FLOAT AS half, 1.25 AS price, sum(1) AS total, true AS yes, DATE '1969-12-31' AS day,
    TIMESTAMP '2020-01-02 03:04:05.678901' AS at, TIMESTAMPTZ '2020-01-02 03:04:05+00' AS zoned, TIME '01:02:03' AS clock, 'é' AS text, NULL AS none, [1, 2] AS list, {'a': 'x'} AS object, 2 AS small FROM data LIMIT 1`;
  const { facts, to } = await ask(sql, { format: 'arrow' });
  const table = tableFromIPC(await readFile(to), { useBigInt: true });
  expect(facts.rows).toBe(1);
  expect([table.numRows, table.toArray()[0]]).toEqual([1, {
    small: 1, big: 9_007_199_254_740_993n, whole: 18_446_744_073_709_551_615n, half: 0.5, price: 1.25, total: 4, yes: true, day: -86_400_000, at: expect.closeTo(1_577_934_245_678.901, 3), zoned: 1_577_934_245_000,
    clock: 3_723_000_000n, text: 'é', none: null, list: '[1,2]', object: '{"a":"x"}', small_1: 2,
  }]);
  const whole = await ask('SELECT * FROM data', { format: 'arrow' });
  expect((await ask('SELECT species, "bill length", note, day::DATE AS day FROM data', { file: whole.to, raw: true })).text).toBe((await ask('SELECT * FROM data', { raw: true })).text);
  const nothing = await ask('SELECT species FROM data WHERE false', { format: 'arrow' });
  expect([nothing.facts.rows, tableFromIPC(await readFile(nothing.to)).names]).toEqual([0, ['species']]);
});

test('a long answer is written in batches, in order', async () => {
  const { facts, to } = await ask("SELECT i AS n, CASE WHEN i % 3 = 0 THEN NULL ELSE 'row ' || i END AS label FROM range(400000) t(i)", { format: 'arrow' });
  const table = tableFromIPC(await readFile(to));
  const [n, label] = ['n', 'label'].map((name) => table.getChild(name)!);
  expect([facts.rows, table.numRows, n!.data.length > 2, n!.nullCount, label!.nullCount]).toEqual([400_000, 400_000, true, 0, 133_334]);
  expect([Array.from(n!.toArray() as ArrayLike<unknown>).every((value, index) => value === index), label!.at(399_998), label!.at(399_999)]).toEqual([true, 'row 399998', null]);
}, 120_000);

test('lists and lines of objects are tables too', async () => {
  const list = path.join(folder, 'rows.json');
  await writeFile(list, '[{"a":1,"b":"x"},{"a":2,"b":null}]');
  const lines = path.join(folder, 'rows.ndjson');
  await writeFile(lines, '{"a":1,"b":"x"}\n{"a":2}\n');
  for (const file of [list, lines]) expect((await ask('SELECT sum(a) AS s, count(b) AS n FROM data', { file })).text).toBe('s,n\n3,1\n');
});

test('rows keep their order, also where several threads read them', async () => {
  const long = path.join(folder, 'long.csv');
  await writeFile(long, `a,b\n${Array.from({ length: 400_000 }, (_, index) => `${index},some more text`).join('\n')}\n`);
  const { facts, text } = await ask('SELECT a FROM data WHERE a % 2 = 1', { file: long });
  expect(facts.rows).toBe(200_000);
  expect(text.split('\n').slice(1, -1).every((line, index) => Number(line) === index * 2 + 1)).toBe(true);
});

test('columns of the same name stay apart', async () => {
  expect((await ask('SELECT 1 AS a, 2 AS a')).text.split('\n')[1]).toBe('1,2');
});

test('nothing but one SELECT is answered, and no other file is reached', async () => {
  await writeFile(path.join(folder, 'other.csv'), 'secret\n1\n');
  const other = path.join(folder, 'other.csv');
  const wrong = [
    '', 'SELECT 1; SELECT 2', 'DROP VIEW data', 'CREATE TABLE x AS SELECT 1', `COPY data TO '${folder}/stolen.csv'`, 'SET enable_external_access = true', 'PRAGMA database_list', 'INSTALL httpfs', 'LOAD httpfs', `ATTACH '${folder}/x.db'`,
    'SELECT nothing FROM data', 'SELECT FROM WHERE', `SELECT 1) TO '${folder}/stolen.csv' (FORMAT csv) --`,
    `SELECT * FROM '${other}'`, `SELECT * FROM read_csv('${other}')`, `SELECT * FROM read_text('/etc/passwd')`, `SELECT * FROM glob('${folder}/*')`, "SELECT * FROM read_csv('https://example.com/x.csv')",
  ];
  for (const sql of wrong) await expect(ask(sql), sql).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(existsSync(path.join(folder, 'stolen.csv'))).toBe(false);
  await expect(ask('SELECT nothing FROM data')).rejects.toThrow(expect.objectContaining({ details: expect.stringContaining('Candidate bindings') }));
}, 180_000);

test('a query that never ends is ended, and one that asks for too much memory is told so', async () => {
  await expect(ask('SELECT count(*) FROM range(100000000000) a, range(100000000000) b', { timeoutMs: 3_000 })).rejects.toThrow(expect.objectContaining({ code: 'TIMEOUT' }));
  await expect(ask("SELECT length(repeat('x', 1000000000) || i) FROM range(8) t(i)", { memoryMb: 64 })).rejects.toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
}, 120_000);

test('what is no table is refused, and a file that is not there', async () => {
  await writeFile(path.join(folder, 'x.pdf'), '%PDF-1.7 hello');
  await expect(ask('SELECT 1', { file: path.join(folder, 'x.pdf') })).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  await expect(ask('SELECT 1', { file: path.join(folder, 'nowhere.csv') })).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test.each([['a row that is too short', 'a,b\n1,2\n3\n'], ['a row that is too long', 'a,b\n1,2\n3,4,5\n'], ['a quote that never ends', 'a,b\n1,"2\n3,4\n']])('a damaged table is refused, not mended: %s', async (_what, text) => {
  const file = path.join(folder, 'damaged.csv');
  await writeFile(file, text);
  await expect(ask('SELECT count(*) FROM data', { file })).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});
