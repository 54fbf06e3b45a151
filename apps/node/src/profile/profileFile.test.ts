import { profileTable } from '@neurodata/engine';
import { float64, tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLocked } from './openLocked.ts';
import { type FileProfile } from './profile.ts';
import { profileFile } from './profileFile.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-profile-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 1_000 }, (_, index) => ({ n: index % 10 === 0 ? null : index / 4, twice: (index / 4) * -2, city: index % 3 === 0 ? 'Oslo' : index % 7 === 0 ? null : 'a "b", c', id: `k${index}` }));
const text = (delimiter: string): string => `n${delimiter}twice${delimiter}city${delimiter}id\n${rows.map(({ n, twice, city, id }) => [n ?? 'NA', twice, city === null ? '' : `"${city.replaceAll('"', '""')}"`, id].join(delimiter)).join('\n')}\n`;

async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

const files: Record<string, () => Uint8Array | string> = {
  csv: () => text(','),
  'semicolons': () => text(';'),
  'utf-16': () => Buffer.from(`\uFEFF${text('\t')}`, 'utf16le'),
  ndjson: () => rows.map((row) => JSON.stringify(row)).join('\n'),
  json: () => JSON.stringify(rows),
  parquet: () => new Uint8Array(parquetWriteBuffer({ columnData: [
    { name: 'n', data: rows.map(({ n }) => n), type: 'DOUBLE' }, { name: 'twice', data: rows.map(({ twice }) => twice), type: 'DOUBLE' },
    { name: 'city', data: rows.map(({ city }) => city), type: 'STRING' }, { name: 'id', data: rows.map(({ id }) => id), type: 'STRING' },
  ] })),
  arrow: () => tableToIPC(tableFromArrays({ n: rows.map(({ n }) => n), twice: rows.map(({ twice }) => twice), city: rows.map(({ city }) => city), id: rows.map(({ id }) => id) }, { types: { n: float64() } }), { format: 'file' }) ?? '',
};

test.each(Object.keys(files))('DuckDB and the engine describe the same table alike: %s', async (name) => {
  const file = await fileOf(`table.${name}`, files[name]?.() ?? '');
  const profile = await profileFile(file, { timeoutMs: 100_000 });
  const engine = await profileTable(new Uint8Array(await readFile(file)));
  expect(profile.rows).toBe(1_000);
  expect(profile.exact).toBe(true);
  expect(profile.columns.map((column) => [column.name, column.kind, column.missing, column.distinct])).toEqual(engine.columns.map((column) => [column.name, column.kind, column.missing, column.distinct]));
  for (const [index, { numbers, top }] of profile.columns.entries()) {
    const said = engine.columns[index];
    if (numbers) {
      expect([numbers.min, numbers.max, numbers.quantiles[1], numbers.quantiles[2], numbers.quantiles[3]]).toEqual([said?.min, said?.max, ...(said?.quartiles ?? [])]);
      expect(numbers.mean).toBeCloseTo(said?.mean ?? NaN, 8);
      expect(numbers.deviation).toBeCloseTo(said?.deviation ?? NaN, 8);
      expect(numbers.histogram.reduce((sum, count) => sum + count, 0)).toBe(1_000 - (said?.missing ?? 0));
    } else if (top && (said?.distinct ?? 0) < 100) expect(top).toEqual(said?.top);
  }
  expect(profile.correlations[0]).toMatchObject({ a: 'n', b: 'twice' });
  expect(profile.correlations[0]?.r).toBeCloseTo(-1, 10);
  expect(profile.warnings).toContain('Column id is different in each row: it may name people or things.');
});

test('a large file is described by estimates, and progress is told', async () => {
  const file = await fileOf('large.csv', text(','));
  const seen: string[] = [];
  const profile: FileProfile = await profileFile(file, { exactBytes: 10, onProgress: ({ stage, part }) => seen.push(`${stage} ${part === 1 ? 'done' : ''}`) });
  expect(profile.exact).toBe(false);
  expect(Math.abs((profile.columns[3]?.distinct ?? 0) - 1_000)).toBeLessThan(100);
  expect(profile.columns[2]?.top?.[0]).toEqual({ value: 'a "b", c', count: 571 });
  expect(seen).toEqual(expect.arrayContaining(['counting done', 'measuring done', 'drawing done']));
});

test('what is broken, no table, too much or too slow is refused, and nothing is left', async () => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('neurodata-profile-') && !name.startsWith('neurodata-profile-test'));
  await expect(profileFile(await fileOf('ragged.csv', `a,b\n${'1,2\n'.repeat(50)}3\n`))).rejects.toMatchObject({ code: 'BAD_INPUT', remedy: expect.stringContaining('Correct the file') as string });
  await expect(profileFile(await fileOf('torch.csv', Buffer.from('8004950a', 'hex')))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(profileFile(await fileOf('cut.parquet', Buffer.from('PAR1abcdefgh')))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  const many = await fileOf('many.csv', `a\n${Array.from({ length: 400_000 }, (_, index) => `text ${index} ${index * 7919}`).join('\n')}\n`);
  await expect(profileFile(many, { timeoutMs: 5 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  await expect(profileFile(many, { memoryMb: 12, temporaryMb: 1, threads: 1 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  await expect(profileFile(many, { signal: AbortSignal.abort(new Error('no more')) })).rejects.toThrow('no more');
  const after = (await readdir(tmpdir())).filter((name) => name.startsWith('neurodata-profile-') && !name.startsWith('neurodata-profile-test'));
  expect(after.filter((name) => !before.includes(name))).toEqual([]);
});

test('the database reads its file and nothing else', async () => {
  const [own, other] = [await fileOf('own.csv', 'a\n1\n'), await fileOf('other.csv', 'a\nsecret\n')];
  const connection = await openLocked({ file: own, memoryMb: 64, threads: 1, temporary: path.join(folder, 'spill'), temporaryMb: 16 });
  const run = (sql: string): Promise<string> => connection.runAndReadAll(sql).then((result) => JSON.stringify(result.getRowObjectsJson()), (error: unknown) => `refused: ${(error as Error).message.split('\n')[0]}`);
  expect(await run(`SELECT * FROM read_csv('${own}')`)).toBe('[{"a":"1"}]');
  for (const sql of [`SELECT * FROM read_csv('${other}')`, `SELECT * FROM read_text('/etc/passwd')`, `SELECT * FROM glob('/etc/*')`, `COPY (SELECT 1) TO '${path.join(folder, 'out.csv')}'`, `ATTACH '${path.join(folder, 'x.db')}' AS x`, `INSTALL httpfs`, `LOAD httpfs`, `SELECT * FROM read_csv('https://example.org/a.csv')`, `SET enable_external_access = true`, `SET allowed_paths = ['/etc/passwd']`, `SET memory_limit = '1GB'`]) {
    expect([sql, (await run(sql)).slice(0, 8)]).toEqual([sql, 'refused:']);
  }
  connection.closeSync();
});

test.runIf(process.platform === 'linux')('a process that dies is told as such, and the file is as it was', async () => {
  const file = await fileOf('dies.csv', `a\n${'1\n'.repeat(100)}`);
  const children = (): number[] => readdirSync('/proc/self/task').flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  const before = new Set(children());
  let killed = 0;
  const profiled = profileFile(file, {
    onProgress: () => {
      for (const pid of children().filter((one) => !before.has(one))) {
        process.kill(pid, 'SIGKILL');
        killed += 1;
      }
    },
  });
  await expect(profiled).rejects.toMatchObject({ code: 'INTERNAL', retryable: true, message: expect.stringContaining('the file is untouched') as string });
  expect(killed).toBeGreaterThan(0);
  expect(await readFile(file, 'utf8')).toContain('a\n1\n');
});
