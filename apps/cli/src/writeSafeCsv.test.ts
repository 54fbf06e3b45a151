import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSafeCsv } from './writeSafeCsv.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-safe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a copy stands beside the file, which stays as it was bought', async () => {
  const file = path.join(folder, 'rows.csv');
  await writeFile(file, 'a;b\n=x;1\n');
  const asked: string[] = [];
  expect(await writeSafeCsv(file, async (copy) => void asked.push(copy))).toEqual({ file: path.join(folder, 'rows.safe.csv'), changed: 1 });
  expect(asked).toEqual([path.join(folder, 'rows.safe.csv')]);
  expect(await readFile(file, 'utf8')).toBe('a;b\n=x;1\n');
  expect(await readFile(asked[0] ?? '', 'utf8')).toBe("a,b\n'=x,1\n");
});

test('no copy of what is no CSV, or over a file that is in the way', async () => {
  const json = path.join(folder, 'rows.json');
  await writeFile(json, '[{"a":1}]');
  await expect(writeSafeCsv(json, async () => undefined)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  const file = path.join(folder, 'other.csv');
  await writeFile(file, 'a\n=x\n');
  await expect(writeSafeCsv(file, () => Promise.reject(new Error('in the way')))).rejects.toThrow('in the way');
  expect((await readdir(folder)).filter((name) => name.startsWith('other') || name.endsWith('.part'))).toEqual(['other.csv']);
});
