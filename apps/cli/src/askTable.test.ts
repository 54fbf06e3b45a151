import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askTable } from './askTable.ts';
import { createContext } from './context.ts';
import { selectionSql } from './downloadOrder.ts';

const context = createContext({ url: 'http://127.0.0.1:1' });
let folder: string;
let rows: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-ask-'));
  rows = path.join(folder, 'rows.csv');
  await writeFile(rows, `species,mass\n${Array.from({ length: 150 }, (_, index) => `${index % 2 ? 'Adelie' : '=cmd'},${index}`).join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

test('people see a table of the first rows, programs values', async () => {
  const result = await askTable(context, rows, 'SELECT * FROM data ORDER BY mass', {});
  expect(result!.text.split('\n').slice(0, 3).join('\n')).toMatch(/species\s+mass[\s\S]*=cmd\s+0/);
  expect(result!.text).toMatch(/\n50 more rows: write them with --output\.$/);
  expect(result!.value).toMatchObject({ rows: 150, columns: [{ name: 'species', type: 'VARCHAR' }, { name: 'mass', type: 'BIGINT' }], items: expect.objectContaining({ length: 100 }) });
});

test('a file is written by its name, for its owner alone, and replaced only where that is asked for', async () => {
  const output = path.join(folder, 'out.csv');
  const sql = 'SELECT species FROM data LIMIT 1';
  expect((await askTable(context, rows, sql, { output }))!.text).toBe(`Wrote ${output}: 1 row, 1 column`);
  expect([await readFile(output, 'utf8'), (await stat(output)).mode & 0o777]).toEqual(["species\n'=cmd\n", 0o600]);
  await expect(askTable(context, rows, sql, { output })).rejects.toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  await askTable(context, rows, sql, { output, force: true, raw: true });
  expect(await readFile(output, 'utf8')).toBe('species\n=cmd\n');
  await expect(askTable(context, rows, sql, { output: path.join(folder, 'out.xlsx') })).rejects.toThrow(/--format csv, parquet, arrow or json/);
  await expect(askTable(context, rows, 'SELECT nothing', { output: path.join(folder, 'never.csv') })).rejects.toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(existsSync(path.join(folder, 'never.csv'))).toBe(false);
});

test('what is no file is an asset, which needs an account', async () => {
  await expect(askTable(context, '7', 'SELECT 1', {})).rejects.toThrow();
  await expect(askTable(context, path.join(folder, 'nowhere.csv'), 'SELECT 1', {})).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test('a selection of columns and rows is a SELECT', () => {
  expect(selectionSql({ columns: ['bill length', 'a"b'], where: 'mass > 3 -- light' })).toBe('SELECT "bill length", "a""b" FROM data WHERE (\nmass > 3 -- light\n)');
  expect(selectionSql({ where: 'x' })).toBe('SELECT * FROM data WHERE (\nx\n)');
  expect(selectionSql({ format: 'parquet' })).toBe('SELECT * FROM data');
  expect(selectionSql({})).toBeUndefined();
});
