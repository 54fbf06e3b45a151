import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStorage, parseCid } from './index.ts';
import { diskBlocks } from './node.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blocks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function list(blocks: { list(): AsyncIterable<CID> }): Promise<string[]> {
  const all: string[] = [];
  for await (const cid of blocks.list()) all.push(cid.toString());
  return all.sort();
}

async function fileOf(cid: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  return join(folder, names.find((name) => name.includes(cid)) ?? 'missing');
}

test('keeps, lists, sums and deletes', async () => {
  const blocks = diskBlocks({ folder });
  const storage = createStorage(blocks);
  expect(await list(blocks)).toEqual([]);
  const one = await storage.addRaw(Uint8Array.of(1, 2, 3));
  const two = await storage.addRaw(Uint8Array.of(4, 5));
  await storage.addRaw(Uint8Array.of(4, 5));
  await writeFile(join(folder, 'README'), 'foreign');
  const again = diskBlocks({ folder });
  expect(await list(again)).toEqual([one.cid, two.cid].sort());
  expect(await again.bytes()).toBe(5);
  await again.delete(parseCid(one.cid));
  await again.delete(parseCid(one.cid));
  expect(await again.has(parseCid(one.cid))).toBe(false);
  await expect(again.get(parseCid(one.cid))).rejects.toMatchObject({ code: 'NOT_FOUND', cid: one.cid });
  expect(await again.get(parseCid(two.cid))).toEqual(Uint8Array.of(4, 5));
});

test('a corrupted file is MISMATCH, not bytes; putting the block again repairs it', async () => {
  const blocks = diskBlocks({ folder });
  const storage = createStorage(blocks);
  const { cid } = await storage.addRaw(Uint8Array.of(1, 2, 3));
  const path = await fileOf(cid);
  for (const damaged of [Uint8Array.of(1, 2, 2), Uint8Array.of(1, 2), new Uint8Array()]) {
    await writeFile(path, damaged);
    await expect(blocks.get(parseCid(cid))).rejects.toMatchObject({ code: 'MISMATCH', cid });
    await storage.addRaw(Uint8Array.of(1, 2, 3));
    expect(await storage.readRaw(cid)).toEqual(Uint8Array.of(1, 2, 3));
  }
});

test('wrong bytes are never written', async () => {
  const blocks = diskBlocks({ folder });
  const { cid } = await createStorage(diskBlocks({ folder: join(folder, 'elsewhere') })).addRaw(Uint8Array.of(1));
  await expect(blocks.put(parseCid(cid), Uint8Array.of(2))).rejects.toMatchObject({ code: 'MISMATCH' });
  expect(await list(blocks)).toEqual([]);
});

test('half a file of a dead writer is ignored and removed, that of a live one stays', async () => {
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'tmp', 'dead'), 'half');
  await writeFile(join(folder, 'tmp', 'live'), 'half');
  await utimes(join(folder, 'tmp', 'dead'), new Date(0), new Date(0));
  const blocks = diskBlocks({ folder });
  const { cid } = await createStorage(blocks).addRaw(Uint8Array.of(1));
  expect(await readdir(join(folder, 'tmp'))).toEqual(['live']);
  expect(await list(blocks)).toEqual([cid]);
});

const WRITER = `
const [, folder, index, node] = process.argv;
const { createStorage } = await import(index);
const { diskBlocks } = await import(node);
const storage = createStorage(diskBlocks({ folder }));
for (let i = 0; ; i++) {
  const { cid } = await storage.addRaw(new Uint8Array(500_000).fill(i).fill(i >> 8, 0, 1));
  process.stdout.write(cid + '\\n');
}`;

/** Writes blocks in a child process, and kills it after it has acknowledged `count`. */
async function killedWriter(count: number): Promise<string[]> {
  const modules = ['./index.ts', './node.ts'].map((name) => new URL(name, import.meta.url).href);
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder, ...modules], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > count) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said.split('\n').slice(0, -1);
}

test('a killed writer loses nothing it acknowledged and leaves no half block', async () => {
  for (const count of [5, 12]) {
    const acknowledged = await killedWriter(count);
    expect(acknowledged.length).toBeGreaterThanOrEqual(count);
    const blocks = diskBlocks({ folder });
    const kept = await list(blocks);
    expect(kept).toEqual(expect.arrayContaining(acknowledged));
    for (const cid of kept) expect(await blocks.get(parseCid(cid))).toHaveLength(500_000);
  }
});

test('an old block goes, one that was put or touched since stays, whatever order that comes in', async () => {
  const blocks = diskBlocks({ folder });
  const storage = createStorage(blocks);
  const before = Date.now() - 60_000;
  const age = async (cid: string): Promise<void> => utimes(await fileOf(cid), new Date(before - 1_000), new Date(before - 1_000));
  const { cid } = await storage.addRaw(Uint8Array.of(1, 2, 3));
  expect(await blocks.deleteOlder(parseCid(cid), before)).toBe(false);
  await age(cid);
  await storage.addRaw(Uint8Array.of(1, 2, 3));
  expect(await blocks.deleteOlder(parseCid(cid), before)).toBe(false);
  await age(cid);
  expect(await blocks.touch(parseCid(cid))).toBe(true);
  expect(await blocks.deleteOlder(parseCid(cid), before)).toBe(false);
  await age(cid);
  expect(await blocks.deleteOlder(parseCid(cid), before)).toBe(true);
  expect([await blocks.has(parseCid(cid)), await blocks.touch(parseCid(cid)), await blocks.deleteOlder(parseCid(cid), before)]).toEqual([false, false, false]);
});

test('a block that is put while it is removed is there afterwards, each time', async () => {
  const blocks = diskBlocks({ folder });
  const storage = createStorage(blocks);
  const before = Date.now() - 60_000;
  let went = 0;
  for (let round = 0; round < 200; round++) {
    const { cid } = await storage.addRaw(Uint8Array.of(5, 6));
    await utimes(await fileOf(cid), new Date(0), new Date(0));
    const [, gone] = await Promise.all([storage.addRaw(Uint8Array.of(5, 6)), blocks.deleteOlder(parseCid(cid), before)]);
    went += gone ? 1 : 0;
    expect(await storage.readRaw(cid)).toEqual(Uint8Array.of(5, 6));
  }
  expect(went).toBeLessThanOrEqual(200);
});

test('a block whose remover died half-way is back at the next start', async () => {
  const { cid } = await createStorage(diskBlocks({ folder })).addRaw(Uint8Array.of(8));
  const path = await fileOf(cid);
  await mkdir(join(folder, 'leaving'));
  await rename(path, join(folder, 'leaving', `${cid}.block`));
  const again = diskBlocks({ folder });
  expect(await again.get(parseCid(cid))).toEqual(Uint8Array.of(8));
  expect(await readdir(join(folder, 'leaving'))).toEqual([]);
});

test('the file is the block and nothing else', async () => {
  const { cid } = await createStorage(diskBlocks({ folder })).addRaw(Uint8Array.of(7, 8));
  const path = await fileOf(cid);
  expect(path).toBe(join(folder, cid.slice(-3, -1), `${cid}.block`));
  expect(await readFile(path)).toEqual(Buffer.from([7, 8]));
});
