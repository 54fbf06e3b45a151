import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sharedFolder } from './sharedFolder.ts';

let all = '';
beforeAll(async () => { all = await mkdtemp(path.join(os.tmpdir(), 'neurodata-shared-')); });
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(all, { recursive: true, force: true });
});

test('a folder is made once, whoever comes at the same time, and what fails leaves nothing', async () => {
  vi.stubEnv('NEURODATA_TEST_SHARED', undefined);
  expect(await sharedFolder('one', () => Promise.reject(new Error('not asked for')))).toBeUndefined();
  vi.stubEnv('NEURODATA_TEST_SHARED', path.join(all, 'shared'));
  await expect(sharedFolder('one', () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  let made = 0;
  const make = async (folder: string): Promise<void> => writeFile(path.join(folder, 'made'), String((made += 1)));
  const folders = new Set(await Promise.all([1, 2, 3].map(() => sharedFolder('one', make))));
  expect([...folders]).toEqual([path.join(all, 'shared', 'one')]);
  const before = made;
  expect(await sharedFolder('one', make)).toBe([...folders][0]);
  expect(made).toBe(before);
  expect(Number(await readFile(path.join(all, 'shared/one/made'), 'utf8'))).toBeLessThanOrEqual(made);
  expect(await readdir(path.join(all, 'shared'))).toEqual(['one']);
});
