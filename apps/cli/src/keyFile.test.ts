import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyFile, keyFilePath } from './keyFile.ts';

const address = '0x00000000000000000000000000000000000000AA';
let home = '';
beforeEach(async () => { home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-keys-')); });
afterEach(() => rm(home, { recursive: true, force: true }));

const entry = (index: number) => ({ publicKey: `0x${index.toString(16).padStart(64, '0')}` as const, secretKey: `0x${'5'.repeat(64)}` as const, label: `order ${index}`, createdAt: index });

test('secrets are kept, found, listed without their secret, and cleared', async () => {
  const store = keyFile(home, address);
  expect(await store.list()).toEqual([]);
  await store.put(entry(1));
  await store.put(entry(2));
  expect(await keyFile(home, address).find(entry(2).publicKey)).toBe(entry(2).secretKey);
  expect(await store.find(entry(3).publicKey)).toBeUndefined();
  expect(JSON.stringify(await store.list())).not.toContain('5555');
  expect((await stat(keyFilePath(home, address))).mode & 0o777).toBe(0o600);
  expect(await store.clear()).toBe(2);
  expect(await store.list()).toEqual([]);
});

test('many writers at the same time lose nothing and leave nothing behind', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => keyFile(home, address).put(entry(index))));
  expect(await keyFile(home, address).list()).toHaveLength(20);
  expect(await readdir(path.join(home, 'keys'))).toEqual([path.basename(keyFilePath(home, address))]);
});

test('a damaged file is refused and never replaced', async () => {
  const store = keyFile(home, address);
  await store.put(entry(1));
  const file = keyFilePath(home, address);
  await writeFile(file, '{"version":1,');
  await expect(store.put(entry(2))).rejects.toMatchObject({ code: 'NO_KEY' });
  expect(await readFile(file, 'utf8')).toBe('{"version":1,');
});

test('the lock of a killed process is taken over once it is old', async () => {
  const store = keyFile(home, address);
  await store.put(entry(1));
  const lock = `${keyFilePath(home, address)}.lock`;
  await writeFile(lock, '');
  const long = new Date(Date.now() - 60_000);
  await utimes(lock, long, long);
  await store.put(entry(2));
  expect(await store.list()).toHaveLength(2);
});
