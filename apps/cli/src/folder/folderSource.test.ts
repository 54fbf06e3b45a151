import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFolderSource } from './folderSource.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'neurodata-source-'));
  await mkdir(path.join(root, 'tables'));
  await writeFile(path.join(root, 'rows.csv'), 'a,b\n1,x\n2,y\n');
  await writeFile(path.join(root, 'tables/sums.csv'), 'a,b\n1,"=SUM(A1,A2)"\n2,-x\n');
  await writeFile(path.join(root, 'tables/lines.ndjson'), '{"a":"x"}\n{"a":"b\\u0000"}\n');
  await writeFile(path.join(root, 'tables/plain.csv'), 'a\n-5\n+3\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('cells that do harm are found in a folder\'s other tables, and those that a spreadsheet may run are told', async () => {
  const { folder, warnings } = await readFolderSource(root, {});
  expect([folder.main, folder.tables.map((table) => table.path)]).toEqual(['rows.csv', ['tables/lines.ndjson', 'tables/plain.csv', 'tables/sums.csv']]);
  expect(folder.hazards).toEqual([
    expect.stringMatching(/^tables\/lines\.ndjson: Column 1 holds a NUL character/),
    expect.stringMatching(/^tables\/sums\.csv: Column 2 holds a cell that spreadsheets run as a formula/),
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^tables\/sums\.csv: 2 cells begin with = \+ - @ or a tab and are no numbers/)]);
});

test('and of the main table once, with its own', async () => {
  const { folder, table } = await readFolderSource(root, {}, 'tables/sums.csv');
  expect([folder.hazards, table?.warnings]).toEqual([[expect.stringContaining('lines.ndjson')], [expect.stringMatching(/^2 cells begin/)]]);
});

test('other tables are described and looked through at any size', { timeout: 120_000 }, async () => {
  const large = await mkdtemp(path.join(tmpdir(), 'neurodata-large-'));
  try {
    await writeFile(path.join(large, 'a.csv'), 'a\n1\n');
    await writeFile(path.join(large, 'b.csv'), `n,text\n${'12345.678,a text that fills its line with words\n'.repeat(1_500_000)}1,"=SUM(A1,A2)"\n`);
    const { folder, warnings } = await readFolderSource(large, {});
    expect(folder.tables).toMatchObject([{ path: 'b.csv', rows: 1_500_001, columns: [{ name: 'n', estimated: true }, { name: 'text' }] }]);
    expect(folder.hazards).toEqual([expect.stringMatching(/^b\.csv: Column 2 holds a cell/)]);
    expect(warnings).toEqual([expect.stringMatching(/^b\.csv: 1 cell begins/)]);
  } finally {
    await rm(large, { recursive: true, force: true });
  }
});
