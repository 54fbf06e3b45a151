import { createStorage, memoryBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { DRAWN_BLOCKS, checkDrawnBlocks } from './checkDrawnBlocks.ts';
import type { SealedFile } from './checkDrawnBlocks.ts';
import type { CheckContext } from './readContent.ts';

const MEBIBYTE = 2 ** 20;
const kept = memoryBlocks();

async function add(name: string, blocks: number): Promise<SealedFile> {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < blocks; at += 1) yield randomBytes(MEBIBYTE);
  }
  const { cid } = await createStorage(kept).addFile({ content: content() });
  return { name, cid, size: blocks * MEBIBYTE };
}

const files = [await add('The sealed file', 24), await add('The sealed file of "b.csv"', 8)];

/** What a check asks for, of a store that changes what it has by `get`. */
async function askedBy(get: BlockStore['get'], of = files): Promise<string[]> {
  const asked: string[] = [];
  const blocks: BlockStore = { ...kept, get: (cid, options) => {
    asked.push(cid.toString());
    return get(cid, options);
  } };
  await checkDrawnBlocks({ context: { setup: { client: { storage: createStorage(blocks) } }, signal: new AbortController().signal } as unknown as CheckContext, files: of });
  return asked;
}

test('honest files are accepted by blocks of each, other ones each time', async () => {
  const [once, twice] = [await askedBy(kept.get), await askedBy(kept.get)];
  expect(once).not.toEqual(twice);
  for (const { cid } of files) expect(once).toContain(cid);
  expect(new Set(once).size).toBeGreaterThan(25);
  // Each place costs its leaf and the root above it, each file a look at its root.
  expect(once.length).toBe(2 * DRAWN_BLOCKS + files.length);
});

test('a file of another size is refused for good', async () => {
  const [first, second] = files as [SealedFile, SealedFile];
  await expect(askedBy(kept.get, [first, { ...second, size: second.size + 1 }])).rejects.toMatchObject({ name: 'Refusal', message: `The sealed file of "b.csv" has ${second.size} bytes, the manifest says ${second.size + 1}.` });
});

test('a file of which an eighth is missing, or is not what its CIDs say, is not accepted', async () => {
  const leaves = [...new Set((await Promise.all(Array.from({ length: 8 }, () => askedBy(kept.get)))).flat())].filter((cid) => files.every((file) => file.cid !== cid));
  expect(leaves).toHaveLength(32);
  const bad = new Set(leaves.slice(0, 4));
  await expect(askedBy((cid, options) => (bad.has(cid.toString()) ? Promise.reject(new Error('gone')) : kept.get(cid, options)))).rejects.toThrow('gone');
  await expect(askedBy(async (cid, options) => (bad.has(cid.toString()) ? randomBytes(MEBIBYTE) : kept.get(cid, options)))).rejects.toThrow('have another sha2-256');
});
