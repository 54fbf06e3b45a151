import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cachedBlocks, createStorage, memoryBlocks, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import type { Hex, PublicClient } from 'viem';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import type { Contracts } from './contracts.ts';
import { removeRunFiles } from './removeRunFiles.ts';
import { runFiles } from './runFiles.ts';
import type { RunFiles } from './runFiles.ts';

/** What runs leave on a disk, over real files. */

const one = `0x02${'11'.repeat(31)}` as Hex;
const other = `0x02${'22'.repeat(31)}` as Hex;
const folders: string[] = [];
let home: string;
let own: ReturnType<typeof diskBlocks>;
let elsewhere: BlockStore;
let files: RunFiles;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'run-files-'));
  folders.push(home);
  own = diskBlocks({ folder: path.join(home, 'blocks') });
  elsewhere = memoryBlocks();
  files = runFiles({ home });
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const storage = () => createStorage(cachedBlocks([own, elsewhere]));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const has = (cid: string): Promise<boolean> => own.has(parseCid(cid));
const all = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const cid of own.list()) found.push(cid);
  return found;
};
const big = async function* (seed: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < 3; index += 1) yield new Uint8Array(1024 * 1024).fill(seed + index);
};

test('what a run kept goes with it, file by file, and nothing else does', async () => {
  const dataset = await storage().addRaw(bytes('rows of somebody'));
  const kept = await files.writing(storage(), one).addFile({ content: big(1) });
  const document = await files.writing(storage(), one).addRaw(bytes('where they are'));
  // What was there before is nobody's scratch, whoever names it.
  await files.writing(storage(), one).addRaw(bytes('rows of somebody'));
  const model = await storage().addRaw(bytes('a sealed model'));
  expect(await files.list()).toEqual([one]);
  const before = (await all()).length;
  expect(await files.remove(one)).toBe(5);
  expect((await all()).length).toBe(before - 5);
  expect(await Promise.all([dataset.cid, model.cid, kept.cid, document.cid].map(has))).toEqual([true, true, false, false]);
  expect([await files.list(), await readdir(path.join(home, 'runs'))]).toEqual([[], []]);
  expect(await files.remove(one)).toBe(0);
});

test('copies of what was read go too; where the folder is a gateway\'s they stay', async () => {
  const [checkpoints, rows] = await Promise.all(['sealed checkpoints', 'a dataset'].map((text) => createStorage(elsewhere).addRaw(bytes(text))));
  await storage().readRaw(rows!.cid);
  expect(new TextDecoder().decode(await files.reading(storage(), one).readRaw(checkpoints!.cid))).toBe('sealed checkpoints');
  await files.reading(storage(), one).readRaw(rows!.cid);
  expect(await has(checkpoints!.cid)).toBe(true);
  expect(await files.remove(one)).toBe(1);
  expect(await Promise.all([checkpoints!.cid, rows!.cid].map(has))).toEqual([false, true]);

  const gateway = runFiles({ home, shared: true });
  await gateway.reading(storage(), one).readRaw(checkpoints!.cid);
  expect([await gateway.list(), await has(checkpoints!.cid)]).toEqual([[], true]);
});

test('a block that a live run has noted too stays until that one is over', async () => {
  const { cid } = await createStorage(elsewhere).addRaw(bytes('states of another worker'));
  // Both look before the block is there.
  await Promise.all([one, other].map((jobId) => files.reading(storage(), jobId).readRaw(cid)));
  await appendFile(path.join(home, 'runs', `${one}.cids`), `\n${cid}\n`);
  await appendFile(path.join(home, 'runs', `${other}.cids`), `\n${cid}\n`);
  expect([await files.remove(one), await has(cid)]).toEqual([0, true]);
  expect([await files.remove(other), await has(cid)]).toEqual([1, false]);
});

test('cut off between any two steps, it goes on from its notes', async () => {
  const noted = path.join(home, 'runs', `${one}.cids`);
  const first = await files.writing(storage(), one).addRaw(bytes('first'));
  // The note is on disk, the block is not: it was killed in between.
  const never = await createStorage(memoryBlocks()).addRaw(bytes('never stored'));
  await appendFile(noted, `\n${never.cid}\n`);
  // Cut off within a line, then started again.
  await appendFile(noted, `\n${first.cid.slice(0, 20)}`);
  const again = runFiles({ home });
  const second = await again.writing(storage(), one).addRaw(bytes('second'));
  // Killed while it was taking away: the ending note is there, and a worker that did not know has noted more.
  await writeFile(path.join(home, 'runs', `${one}.over`), `\n${first.cid}\n`);
  expect(await again.list()).toEqual([one]);
  await again.remove(one);
  expect(await Promise.all([first.cid, second.cid].map(has))).toEqual([false, false]);
  expect(await readdir(path.join(home, 'runs'))).toEqual([]);
});

test('only runs that the chain has ended for good are touched, one that cannot be asked about is not', async () => {
  const states: Record<Hex, number | Error> = {};
  const asked: unknown[] = [];
  const publicClient = { readContract: async ({ args, blockTag }: { args: [Hex]; blockTag: string }) => {
    asked.push(blockTag);
    const state = states[args[0]];
    if (state instanceof Error) throw state;
    return { state: state ?? 0 };
  } } as unknown as PublicClient;
  const setup = { client: { publicClient }, contracts: { training: {} } as Contracts, log: createLogger({ level: 'silent' }) };
  const ids = Array.from({ length: 11 }, (_, index) => `0x02${index.toString(16).padStart(2, '0').repeat(31)}` as Hex);
  for (const [index, id] of ids.entries()) {
    states[id] = index === 10 ? new Error('no chain') : index;
    await files.writing(storage(), id).addRaw(bytes(`state ${index}`));
  }
  await removeRunFiles({ setup, files: [files], signal: new AbortController().signal });
  // 7, 8 and 9 are settled, slashed and refunded.
  expect((await files.list()).sort()).toEqual(ids.filter((_, index) => index < 7 || index === 10));
  expect(new Set(asked)).toEqual(new Set(['finalized']));
  expect(await all()).toHaveLength(8);
});

test('an id that is no id names no file', async () => {
  await expect(files.remove('0x../../validators' as Hex)).rejects.toThrow('is no id of a run');
});
