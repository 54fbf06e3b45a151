import { createRequire } from 'node:module';
import path from 'node:path';
import { type DuckDBBindings, NODE_RUNTIME, VoidLogger, createDuckDB } from '@duckdb/duckdb-wasm/blocking';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { answerCsv, askSql, openTable, pageOf } from './answerSql.ts';
import { type Duck, firstSettings, lastSettings, textsOf } from './duck.ts';

const dist = path.dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));
const bundle = (name: string) => ({ mainModule: path.join(dist, `duckdb-${name}.wasm`), mainWorker: path.join(dist, `duckdb-node-${name}.worker.cjs`) });

let database: DuckDBBindings;
let duck: Duck;
beforeAll(async () => {
  database = await createDuckDB({ mvp: bundle('mvp'), eh: bundle('eh') }, new VoidLogger(), NODE_RUNTIME);
  await database.instantiate(() => undefined);
}, 60_000);
beforeEach(async () => {
  database.reset();
  database.open({ path: ':memory:' });
  const connection = database.connect();
  const run = async (sql: string): Promise<void> => void connection.query(sql);
  for (const setting of firstSettings) await run(setting);
  duck = {
    run, giveFile: async (name, bytes) => database.registerFileBuffer(name, bytes), dropFile: async (name) => void database.dropFile(name), check: async (sql) => connection.prepare(sql).close(),
    rows: async (sql) => textsOf(connection.query(sql)), lock: async () => { for (const setting of lastSettings) await run(setting); },
  };
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a table is counted by group, paged and saved', async () => {
  const rows = ['species,mass', ...Array.from({ length: 250 }, (_, at) => `${['Adelie', 'Gentoo'][at % 2]},${at % 5 === 0 ? 'NA' : 3_000 + at}`)];
  expect(await openTable(duck, bytesOf(`${rows.join('\n')}\n`))).toEqual({ columns: [{ name: 'species', type: 'VARCHAR' }, { name: 'mass', type: 'BIGINT' }], rows: 250 });
  expect(await askSql(duck, 'select species, count(*) from rows group by 1 order by 1;')).toMatchObject({ columns: [{ name: 'species' }, { name: 'count_star()', type: 'BIGINT' }], rows: 2, page: [['Adelie', '125'], ['Gentoo', '125']] });
  const all = await askSql(duck, 'FROM data');
  expect([all.rows, all.page.length, all.page[0], (await pageOf(duck, 2, 200)).length]).toEqual([250, 100, ['Adelie', null], 50]);
  const { columns } = await askSql(duck, `SELECT 1 AS a, 2 AS a, '=1+1' AS "=x", '-5' AS n, 'x, "y"' AS q, DATE '2024-01-02' AS d, [1, 2] AS l`);
  expect(new TextDecoder().decode(await answerCsv(duck, columns))).toBe(`a,a_1,'=x,n,q,d,l\n1,2,'=1+1,-5,"x, ""y""",2024-01-02,"[1, 2]"\n`.replace('a_1', columns[1]!.name));
});

test('other formats become the same table; texts that look like numbers stay texts', async () => {
  expect(await openTable(duck, bytesOf('[{"zip":"00501","n":1},{"zip":"10001","n":2.5}]'))).toEqual({ columns: [{ name: 'zip', type: 'VARCHAR' }, { name: 'n', type: 'DOUBLE' }], rows: 2 });
  expect((await askSql(duck, "SELECT n FROM data WHERE zip = '00501'")).page).toEqual([['1.0']]);
});

test('names of columns never run, and a query reaches nothing but the table', async () => {
  const hostile = ['a"; DROP TABLE data; --', "b'); ATTACH 'x'; --", '<img src=x onerror=alert(1)>'];
  const table = await openTable(duck, bytesOf(JSON.stringify([Object.fromEntries(hostile.map((name, at) => [name, `${at}`]))])));
  expect([table.columns.map(({ name }) => name), table.rows]).toEqual([hostile, 1]);
  expect((await askSql(duck, 'SELECT * FROM data')).columns.map(({ name }) => name)).toEqual(hostile);
  const refused = [
    ['', /Nothing is asked/], ['SELECT nope FROM data', /Binder Error[^]*nope/], ['SELEKT 1', /syntax error at or near "SELEKT"/], ['DROP TABLE data', /Only SELECT/], ['SELECT 1; SELECT 2', /multiple statements/i],
    ['SELECT 1) AS answer; DROP TABLE data; SELECT * FROM (SELECT 2', /syntax error|multiple statements/i], ["SET memory_limit = '4GB'", /Only SELECT|locked/], ["SELECT * FROM read_csv('https://example.org/x.csv')", /Permission|disabled|cannot/i],
    ["SELECT * FROM read_text('/etc/passwd')", /Permission|disabled|cannot/i], ["INSTALL json", /Only SELECT/], ["ATTACH '/tmp/x.db'", /Only SELECT/], ["COPY data TO '/tmp/x.csv'", /Only SELECT|Permission/],
  ] as const;
  for (const [sql, why] of refused) await expect(askSql(duck, sql), sql).rejects.toThrow(why);
  expect((await askSql(duck, 'SELECT count(*) FROM data')).page).toEqual([['1']]);
  await expect(duck.run("SET memory_limit = '4GB'")).rejects.toThrow(/lock/i);
});
