import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CarReader, CarWriter } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { varint } from 'multiformats';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import { expect, test } from 'vitest';
import type { BlockStore } from './index.ts';
import { createStorage, exportCar, importCar, memoryBlocks, parseCid, readCar } from './index.ts';

const MiB = 1024 * 1024;
const V2_PRAGMA = Uint8Array.from(Buffer.from('0aa16776657273696f6e02', 'hex'));

async function* content(): AsyncGenerator<Uint8Array> {
  for (const fill of [1, 2, 1, 3]) yield new Uint8Array(MiB).fill(fill);
  yield Uint8Array.of(9);
}

async function* pieces(bytes: Uint8Array, step = 70_001): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function made(): Promise<{ blocks: BlockStore; cid: string; size: number; car: Uint8Array<ArrayBuffer> }> {
  const blocks = memoryBlocks();
  const { cid, size } = await createStorage(blocks).addFile({ content: content() });
  return { blocks, cid, size, car: await collect(exportCar({ blocks, roots: [parseCid(cid)] })) };
}

const sizeOf = async (blocks: BlockStore, cid: string): Promise<number> => (await collect(createStorage(blocks).readFile({ cid }))).length;

/** A CAR by @ipld/car of these blocks in this order. */
async function written(roots: CID[], order: { cid: CID; bytes: Uint8Array }[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create(roots);
  const car = collect(out);
  for (const block of order) await writer.put(block);
  await writer.close();
  return car;
}

async function blocksOf(car: Uint8Array): Promise<{ cid: CID; bytes: Uint8Array }[]> {
  const all = [];
  for await (const block of (await readCar(pieces(car))).blocks) all.push(block);
  return all;
}

test('@ipld/car reads what is exported: one root, each block once', async () => {
  const { cid, size, car, blocks } = await made();
  const reader = await CarReader.fromBytes(car);
  expect((await reader.getRoots()).map(String)).toEqual([cid]);
  const copy = memoryBlocks();
  let count = 0;
  for await (const block of reader.blocks()) {
    count += 1;
    await copy.put(block.cid, block.bytes);
  }
  // The root and four different leaves: the fifth is the first one again.
  expect([count, await sizeOf(copy, cid)]).toEqual([5, size]);
  const { cid: other } = await createStorage(blocks).addRaw(Uint8Array.of(7));
  const both = await CarReader.fromBytes(await collect(exportCar({ blocks, roots: [parseCid(cid), parseCid(other)] })));
  expect((await both.getRoots()).map(String)).toEqual([cid, other]);
  expect(await both.has(parseCid(other))).toBe(true);
});

test('what @ipld/car writes is imported, in any order, with duplicates; the same once more costs nothing but reading', async () => {
  const { cid, size, car } = await made();
  const order = (await blocksOf(car)).toReversed();
  const theirs = await written([parseCid(cid)], [...order, ...order.slice(0, 2)]);
  const copy = memoryBlocks();
  let puts = 0;
  const counted: BlockStore = { ...copy, put: async (one, bytes) => { puts += 1; await copy.put(one, bytes); } };
  const done = await importCar(counted, { content: pieces(theirs) });
  expect(done).toMatchObject({ version: 1, roots: [cid], blocks: 7, repeated: 2 });
  expect([puts, await sizeOf(copy, cid)]).toEqual([5, size]);
});

test('a CARv2 is read, with whatever stands around its blocks', async () => {
  const { cid, size, car } = await made();
  const header = new DataView(new ArrayBuffer(40));
  const offset = V2_PRAGMA.length + 40 + 13;
  header.setBigUint64(16, BigInt(offset), true);
  header.setBigUint64(24, BigInt(car.length), true);
  header.setBigUint64(32, BigInt(offset + car.length + 5), true);
  const parts = [V2_PRAGMA, new Uint8Array(header.buffer), new Uint8Array(13), car, new Uint8Array(5), new TextEncoder().encode('an index')];
  const whole = new Uint8Array(Buffer.concat(parts));
  expect((await (await CarReader.fromBytes(whole)).getRoots()).map(String)).toEqual([cid]);
  const copy = memoryBlocks();
  expect(await importCar(copy, { content: pieces(whole) })).toMatchObject({ version: 2, roots: [cid], blocks: 5 });
  expect(await sizeOf(copy, cid)).toBe(size);
  // It says more than is there.
  header.setBigUint64(24, BigInt(car.length + 1_000_000), true);
  await expect(importCar(memoryBlocks(), { content: pieces(new Uint8Array(Buffer.concat([V2_PRAGMA, new Uint8Array(header.buffer), new Uint8Array(13), car]))) })).rejects.toMatchObject({ code: 'MISMATCH' });
});

test('a flipped byte anywhere in a block is refused with its CID, and what came before is kept', async () => {
  const { cid, car } = await made();
  const all = await blocksOf(car);
  let end = car.length;
  for (const block of all.toReversed()) {
    const flipped = car.slice();
    flipped[end - 1]! ^= 1;
    const copy = memoryBlocks();
    await expect(importCar(copy, { content: pieces(flipped) })).rejects.toMatchObject({ code: 'MISMATCH', cid: block.cid.toString() });
    for (const before of all.slice(0, all.indexOf(block))) expect(await copy.has(before.cid)).toBe(true);
    expect(await copy.has(block.cid)).toBe(false);
    const framed = block.cid.bytes.length + block.bytes.length;
    end -= framed + varint.encodingLength(framed);
  }
  expect(cid).toBe(all[0]!.cid.toString());
});

test('a CAR that is cut off anywhere is never taken for whole; importing the whole one later puts the rest only', async () => {
  const { cid, size, car } = await made();
  const cuts = [0, 1, 10, 58, 60, 100, MiB, 2 * MiB + 77, car.length - 1];
  for (const cut of cuts) await expect(importCar(memoryBlocks(), { content: pieces(car.subarray(0, cut)) }), `cut at ${cut}`).rejects.toMatchObject({ code: 'MISMATCH' });
  // Between two blocks, where a reader sees a sound end.
  const all = await blocksOf(car);
  const [last] = all.slice(-1);
  const lastLength = last!.cid.bytes.length + last!.bytes.length;
  const copy = memoryBlocks();
  const short = car.subarray(0, car.length - lastLength - varint.encodingLength(lastLength));
  await expect(importCar(copy, { content: pieces(short) })).rejects.toMatchObject({ code: 'NOT_FOUND', cid: last!.cid.toString() });
  expect(await importCar(copy, { content: pieces(short), partial: true })).toMatchObject({ blocks: 4 });
  let puts = 0;
  await importCar({ ...copy, put: async (one, bytes) => { if (!(await copy.has(one))) puts += 1; await copy.put(one, bytes); } }, { content: pieces(car) });
  expect([puts, await sizeOf(copy, cid)]).toEqual([1, size]);
});

test('a section that tells a huge length is refused before anything is read for it', async () => {
  const { cid, car } = await made();
  const header = car.subarray(0, car.length - (await blocksOf(car)).reduce((sum, block) => {
    const framed = block.cid.bytes.length + block.bytes.length;
    return sum + framed + varint.encodingLength(framed);
  }, 0));
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield header;
    yield varint.encodeTo(2 ** 45, new Uint8Array(varint.encodingLength(2 ** 45)));
    for (;;) yield new Uint8Array(MiB);
  }
  await expect(importCar(memoryBlocks(), { content: endless() })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  for (const rubbish of [Uint8Array.of(0), new Uint8Array(20).fill(0xff), new TextEncoder().encode('no CAR at all, but text of some length that goes on and on and on and on and on and on and on and on')]) {
    await expect(importCar(memoryBlocks(), { content: pieces(rubbish) })).rejects.toMatchObject({ code: 'MISMATCH' });
  }
  const noRoot = await written([], [{ cid: parseCid(cid), bytes: (await blocksOf(car))[0]!.bytes }]);
  await expect(importCar(memoryBlocks(), { content: pieces(noRoot) })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

test('a root whose graph names a block that nobody has is found below directories too', async () => {
  const blocks = memoryBlocks();
  const { cid: leaf } = await createStorage(blocks).addRaw(Uint8Array.of(1, 2));
  const folder = dagPb.encode(dagPb.prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: [{ Name: 'f', Hash: parseCid(leaf), Tsize: 2 }] }));
  const root = CID.createV1(dagPb.code, await sha256.digest(folder));
  const alone = await written([root], [{ cid: root, bytes: folder }]);
  await expect(importCar(memoryBlocks(), { content: pieces(alone) })).rejects.toMatchObject({ code: 'NOT_FOUND', cid: leaf });
  const leafBytes = Uint8Array.of(1, 2);
  const whole = await written([root], [{ cid: CID.createV1(raw.code, await sha256.digest(leafBytes)), bytes: leafBytes }, { cid: root, bytes: folder }]);
  expect(await importCar(memoryBlocks(), { content: pieces(whole) })).toMatchObject({ blocks: 2, roots: [root.toString()] });
});

/** Of the stock tool on PATH, e.g. after `npm install --global ipfs-car`; undefined with the reason printed. */
function findIpfsCar(): string | undefined {
  try {
    return execFileSync('ipfs-car', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    console.info('ipfs-car is not on PATH, so it did not run: CARs are exchanged with @ipld/car only (npm install --global ipfs-car)');
    return undefined;
  }
}

if (findIpfsCar() !== undefined) {
  test('ipfs-car unpacks what is exported, and what it packs is imported', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'car-'));
    try {
      const { size, car } = await made();
      writeFileSync(join(folder, 'ours.car'), car);
      execFileSync('ipfs-car', ['unpack', 'ours.car', '--output', 'ours'], { cwd: folder });
      expect(readFileSync(join(folder, 'ours')).length).toBe(size);
      execFileSync('ipfs-car', ['pack', 'ours', '--no-wrap', '--output', 'theirs.car'], { cwd: folder });
      const copy = memoryBlocks();
      const { roots } = await importCar(copy, { content: pieces(readFileSync(join(folder, 'theirs.car'))) });
      expect(await sizeOf(copy, roots[0]!)).toBe(size);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
