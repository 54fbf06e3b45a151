import { readFileSync } from 'node:fs';
import * as dagPb from '@ipld/dag-pb';
import * as fc from 'fast-check';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256, sha512 } from 'multiformats/hashes/sha2';
import { expect, test } from 'vitest';
import type { BlockStore } from './index.ts';
import { StorageError, checkBlock, createStorage, digestOfRawCid, memoryBlocks, parseCid, rawCidOfDigest } from './index.ts';

const MiB = 1024 * 1024;

type Vectors = { files: { name: string; utf8?: string; pattern?: number; size: number; cid: string; sha256: string }[] };
const vectors = JSON.parse(readFileSync(new URL('../../../vectors/storage.json', import.meta.url), 'utf8')) as Vectors;

function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => i * 31 + (i >> 8) * 7 + (i >> 16));
}

async function* pieces(bytes: Uint8Array, step = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of content) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function putNode(blocks: BlockStore, node: dagPb.PBNode): Promise<CID> {
  const bytes = dagPb.encode(dagPb.prepare(node));
  const cid = CID.createV1(dagPb.code, await sha256.digest(bytes));
  await blocks.put(cid, bytes);
  return cid;
}

const big = pattern(3 * MiB + 12_345);

test.each(vectors.files)('golden CID: $name', async ({ utf8, pattern: length, size, cid, sha256 }) => {
  const storage = createStorage(memoryBlocks());
  const bytes = length === undefined ? new TextEncoder().encode(utf8) : pattern(length);
  expect(await storage.addFile({ content: pieces(bytes) })).toEqual({ cid, size, sha256 });
  expect(await storage.fileSize(cid)).toBe(size);
  expect(Buffer.compare(await collect(storage.readFile({ cid })), bytes)).toBe(0);
});

test('the size of the pieces does not change the CID, and progress adds up', async () => {
  const storage = createStorage(memoryBlocks());
  const seen: number[] = [];
  const one = await storage.addFile({ content: pieces(big, big.length), onProgress: (bytes) => seen.push(bytes) });
  const many = await storage.addFile({ content: pieces(big, 7_777) });
  expect(many).toEqual(one);
  expect(seen).toHaveLength(4);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(big.length);
  const read: number[] = [];
  await collect(storage.readFile({ cid: one.cid, onProgress: (bytes) => read.push(bytes) }));
  expect(read).toEqual([MiB, 2 * MiB, 3 * MiB, big.length]);
});

/** A store that waits before it has a block, and what it was asked. */
function slowStore(wait: (cid: CID, index: number) => Promise<void>): BlockStore & { names: string[]; most: () => number; now: () => number } {
  const memory = memoryBlocks();
  const names: string[] = [];
  let [index, now, most] = [0, 0, 0];
  return {
    ...memory, names, most: () => most, now: () => now,
    put: async (cid, bytes) => {
      now += 1;
      most = Math.max(most, now);
      try {
        await wait(cid, index++);
        await memory.put(cid, bytes);
        names.push(cid.toString());
      } finally {
        now -= 1;
      }
    },
  };
}

test('blocks are stored while the next ones are made, four at a time, and the root comes last', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const large = pattern(12 * MiB);
  let given = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(large, MiB)) {
      given += 1;
      // The first block is not stored before the eighth is made.
      if (given === 8) resolve();
      yield piece;
    }
  }
  const store = slowStore(async (_, index) => {
    if (index === 0) await promise;
    await new Promise((done) => { setTimeout(done, 12 - index); });
  });
  const { cid } = await createStorage(store).addFile({ content: content() });
  expect(store.names).toHaveLength(13);
  expect(store.names.at(-1)).toBe(cid);
  expect(store.most()).toBe(4);
  expect(Buffer.compare(await collect(createStorage(store).readFile({ cid })), large)).toBe(0);
});

test('a block that cannot be stored ends the import once none is on its way any more', async () => {
  const store = slowStore(async (_, index) => {
    await new Promise((done) => { setTimeout(done, index === 2 ? 1 : 20); });
    if (index === 2) throw new StorageError({ code: 'UNREACHABLE', message: 'the disk is full' });
  });
  await expect(createStorage(store).addFile({ content: pieces(pattern(12 * MiB), MiB) })).rejects.toThrow('the disk is full');
  expect(store.now()).toBe(0);
  expect(store.names.length).toBeLessThan(12);
  await expect(createStorage(store).addFile({ content: (async function* broken() { yield pattern(2 * MiB); throw new Error('the file went away'); })() })).rejects.toThrow('the file went away');
  expect(store.now()).toBe(0);
});

test('any range is the slice', async () => {
  const storage = createStorage(memoryBlocks());
  const { cid } = await storage.addFile({ content: pieces(big) });
  const edge = fc.oneof(fc.nat(big.length + 10), fc.integer({ min: -2, max: 2 }).chain((d) => fc.nat(3).map((k) => Math.max(0, k * MiB + d))));
  await fc.assert(
    fc.asyncProperty(edge, edge, async (offset, length) => {
      const got = await collect(storage.readFile({ cid, offset, length }));
      expect(Buffer.compare(got, big.subarray(offset, offset + length))).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('a range fetches only its blocks', async () => {
  const memory = memoryBlocks();
  const asked: string[] = [];
  const storage = createStorage({ ...memory, get: (cid) => (asked.push(cid.toString()), memory.get(cid)) });
  const { cid } = await storage.addFile({ content: pieces(big) });
  await collect(storage.readFile({ cid, offset: 2 * MiB + 5, length: 10 }));
  expect(asked).toHaveLength(2);
});

test('a tree of two levels reads back and holds at most one block and three ahead per level', async () => {
  const memory = memoryBlocks();
  let open = 0;
  let most = 0;
  const storage = createStorage({
    ...memory,
    get: async (cid) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return memory.get(cid).finally(() => open--);
    },
  });
  const leaves = await Promise.all(Array.from({ length: 30 }, async (_, i) => storage.addRaw(Uint8Array.of(i, i, i))));
  const parent = (children: CID[], size: number): Promise<CID> =>
    putNode(memory, { Data: new UnixFS({ type: 'file', blockSizes: children.map(() => BigInt(size)) }).marshal(), Links: children.map((Hash) => ({ Name: '', Tsize: size, Hash })) });
  const cids = leaves.map(({ cid }) => parseCid(cid));
  const middle = await Promise.all([0, 10, 20].map((at) => parent(cids.slice(at, at + 10), 3)));
  const root = (await parent(middle, 30)).toString();
  const expected = Uint8Array.from({ length: 90 }, (_, i) => Math.floor(i / 3));
  expect(await collect(storage.readFile({ cid: root }))).toEqual(expected);
  expect(await collect(storage.readFile({ cid: root, offset: 29, length: 33 }))).toEqual(expected.slice(29, 62));
  expect(await storage.fileSize(root)).toBe(90);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(1 + 3 * 2);
});

test('a store that lies is caught by the reader', async () => {
  const memory = memoryBlocks();
  const { cid } = await createStorage(memory).addRaw(Uint8Array.of(1, 2, 3));
  const liar = createStorage({ ...memory, get: async () => Uint8Array.of(1, 2, 4) });
  await expect(collect(liar.readFile({ cid }))).rejects.toMatchObject({ code: 'MISMATCH', cid });
  await expect(liar.readRaw(cid)).rejects.toMatchObject({ code: 'MISMATCH', cid });
});

test('a parent that lies about sizes is caught before a byte is delivered', async () => {
  const memory = memoryBlocks();
  const storage = createStorage(memory);
  const leaf = parseCid((await storage.addRaw(Uint8Array.of(1, 2, 3))).cid);
  const lying = (sizes: bigint[]): Promise<CID> =>
    putNode(memory, { Data: new UnixFS({ type: 'file', blockSizes: sizes }).marshal(), Links: [{ Name: '', Tsize: 3, Hash: leaf }] });
  for (const sizes of [[4n], [3n, 3n], [2n ** 60n]]) {
    const cid = (await lying(sizes)).toString();
    await expect(collect(storage.readFile({ cid }))).rejects.toMatchObject({ code: 'MISMATCH' });
  }
});

test('what is not a file is refused', async () => {
  const memory = memoryBlocks();
  const storage = createStorage(memory);
  const folder = (await putNode(memory, { Data: new UnixFS({ type: 'directory' }).marshal(), Links: [] })).toString();
  await expect(storage.fileSize(folder)).rejects.toMatchObject({ code: 'UNSUPPORTED', cid: folder });
  await expect(storage.fileSize('hello')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  await expect(collect(storage.readFile({ cid: folder, offset: -1 }))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  const missing = rawCidOfDigest(`0x${'00'.repeat(32)}`);
  await expect(collect(storage.readFile({ cid: missing }))).rejects.toMatchObject({ code: 'NOT_FOUND', cid: missing });
});

test('an abort ends the read at once, even on a store that never answers', async () => {
  const memory = memoryBlocks();
  const { cid } = await createStorage(memory).addRaw(Uint8Array.of(1));
  const silent = createStorage({ ...memory, get: () => new Promise<never>(() => undefined) });
  const controller = new AbortController();
  const reading = collect(silent.readFile({ cid, signal: controller.signal }));
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
});

test('raw CID and digest determine each other', async () => {
  const storage = createStorage(memoryBlocks());
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), async (bytes) => {
      const { cid, digest } = await storage.addRaw(bytes);
      expect(rawCidOfDigest(digest)).toBe(cid);
      expect(digestOfRawCid(cid)).toBe(digest);
      expect(await storage.readRaw(cid)).toEqual(bytes);
    }),
  );
  expect(() => rawCidOfDigest('0x12')).toThrow(StorageError);
  expect(() => digestOfRawCid('bafybeic2wddt52zhgn3m42oelju3252odjrw5tqfyitn2rxwiaptalbg44')).toThrow(StorageError);
  await expect(storage.addRaw(new Uint8Array(MiB + 1))).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('checkBlock takes sha2-256 and 2 MiB only', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  await expect(checkBlock(CID.createV1(raw.code, await sha512.digest(bytes)), bytes)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  const huge = new Uint8Array(2 * MiB + 1);
  await expect(checkBlock(CID.createV1(raw.code, await sha256.digest(huge)), huge)).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('a CID has one spelling', () => {
  const cid = vectors.files[0]?.cid ?? '';
  expect(parseCid(`${cid}=`).toString()).toBe(cid);
  expect(() => parseCid('b'.repeat(10_000))).toThrow(StorageError);
});
