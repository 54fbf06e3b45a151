import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CarReader } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { importer } from 'ipfs-unixfs-importer';
import type { ImporterOptions } from 'ipfs-unixfs-importer';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { expect, test } from 'vitest';
import { findKubo, startKubo } from '../test/startKubo.ts';
import type { BlockStore } from './index.ts';
import { createStorage, importCar, memoryBlocks, parseCid } from './index.ts';
import { createGateway } from './node.ts';

const encoder = new TextEncoder();
const contentOf = (name: string): Uint8Array => encoder.encode(`the file ${name}\n`);
const entries = Array.from({ length: 600 }, (_, index) => `file-${index}.csv`).concat('ä b%.csv', '日本.csv', 'AB', '0F');

/** A sharded directory as the JavaScript importer builds it. */
async function shardedBy(options: ImporterOptions): Promise<{ blocks: BlockStore; root: CID }> {
  const blocks = memoryBlocks();
  const sink = { ...blocks, put: async (cid: CID, bytes: Uint8Array) => { await blocks.put(cid, bytes); return cid; } };
  let root: CID | undefined;
  const source = entries.map((name) => ({ path: `folder/${name}`, content: contentOf(name) }));
  for await (const entry of importer(source, sink as never, { cidVersion: 1, rawLeaves: true, shardSplitThresholdBytes: 0, ...options })) if (entry.path === 'folder') root = entry.cid;
  return { blocks, root: root! };
}

async function carOf(blocks: BlockStore, root: CID, name: string): Promise<Uint8Array[]> {
  const { status, body } = await createGateway(blocks)({ method: 'GET', path: `/ipfs/${root.toString()}/${encodeURIComponent(name)}`, headers: {}, query: { format: 'car' } });
  expect([name, status]).toEqual([name, 200]);
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  return pieces;
}

const statusOf = async (blocks: BlockStore, where: string): Promise<number> => (await createGateway(blocks)({ method: 'GET', path: `/ipfs/${where}`, headers: {}, query: { format: 'car' } })).status;

test.each([8, 5, 3])('every name is found in shards of 2^%i, and what is sent is enough to find it again', async (shardFanoutBits) => {
  const { blocks, root } = await shardedBy({ shardFanoutBits });
  let deepest = 0;
  for (const name of entries) {
    const pieces = await carOf(blocks, root, name);
    const received = memoryBlocks();
    const { blocks: count } = await importCar(received, { content: (async function* () { yield* pieces; })(), partial: true });
    deepest = Math.max(deepest, count);
    const { cid: leaf } = await createStorage(memoryBlocks()).addRaw(contentOf(name));
    expect(await received.get(parseCid(leaf))).toEqual(contentOf(name));
    expect(Buffer.concat(await carOf(received, root, name)).equals(Buffer.concat(pieces))).toBe(true);
  }
  expect(deepest).toBeGreaterThan(shardFanoutBits === 3 ? 4 : 2);
  for (const name of ['none', 'file-600.csv', 'file-0', '0', 'folder']) expect(await statusOf(blocks, `${root.toString()}/${name}`)).toBe(404);
  expect(await statusOf(blocks, `${root.toString()}/AB/more`)).toBe(400);
}, 60_000);

test('shards that do not fit are refused', async () => {
  const blocks = memoryBlocks();
  const put = async (fields: ConstructorParameters<typeof UnixFS>[0], Links: dagPb.PBLink[] = []): Promise<CID> => {
    const bytes = dagPb.encode(dagPb.prepare({ Data: new UnixFS(fields).marshal(), Links }));
    const cid = CID.createV1(dagPb.code, await sha256.digest(bytes));
    await blocks.put(cid, bytes);
    return cid;
  };
  const all = (Hash: CID, width: number, count: number): dagPb.PBLink[] => Array.from({ length: count }, (_, index) => ({ Name: index.toString(16).toUpperCase().padStart(width, '0'), Hash, Tsize: 1 }));
  for (const fanout of [255n, 1n, 2_048n]) {
    const shard = await put({ type: 'hamt-sharded-directory', fanout, hashType: 0x22n });
    expect(await statusOf(blocks, `${shard.toString()}/x`)).toBe(500);
  }
  // A shard below that is wider, a plain directory instead of one, and shards that never end.
  const narrow = await put({ type: 'hamt-sharded-directory', fanout: 8n, hashType: 0x22n });
  const mixed = await put({ type: 'hamt-sharded-directory', fanout: 16n, hashType: 0x22n }, all(narrow, 1, 16));
  const plain = await put({ type: 'hamt-sharded-directory', fanout: 16n, hashType: 0x22n }, all(await put({ type: 'directory' }), 1, 16));
  let endless = await put({ type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n });
  for (let depth = 0; depth < 9; depth += 1) endless = await put({ type: 'hamt-sharded-directory', fanout: 256n, hashType: 0x22n }, all(endless, 2, 256));
  for (const root of [mixed, plain, endless]) expect(await statusOf(blocks, `${root.toString()}/x`)).toBe(500);
});

const program = findKubo();
test.skipIf(program === undefined)(program === undefined ? 'kubo sharded no directory: there is none' : "a directory that a real kubo has sharded: the same blocks as kubo's own gateway sends", async () => {
  const kubo = await startKubo(program!, { settings: { 'Import.UnixFSHAMTDirectorySizeThreshold': '1B' } });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-sharded-'));
  try {
    await mkdir(path.join(folder, 'rows'));
    for (const name of entries) await writeFile(path.join(folder, 'rows', name), contentOf(name));
    const root = CID.parse((await kubo.ipfs('add', '--recursive', '--quieter', '--cid-version=1', path.join(folder, 'rows'))).trim());
    const blocks = memoryBlocks();
    const answer = await fetch(`${kubo.gateway}/ipfs/${root.toString()}?format=car`);
    await importCar(blocks, { content: answer.body! as AsyncIterable<Uint8Array> });
    const cidsOf = async (car: Uint8Array): Promise<string[]> => {
      const found: string[] = [];
      for await (const { cid } of (await CarReader.fromBytes(car)).blocks()) found.push(cid.toString());
      return found.sort();
    };
    expect(dagPb.decode(await blocks.get(root)).Links.length).toBeLessThanOrEqual(256);
    for (const name of entries.filter((_, index) => index % 50 === 0).concat('ä b%.csv', '日本.csv', 'AB', '0F')) {
      const theirs = await fetch(`${kubo.gateway}/ipfs/${root.toString()}/${encodeURIComponent(name)}?format=car`);
      expect(await cidsOf(new Uint8Array(Buffer.concat(await carOf(blocks, root, name))))).toEqual(await cidsOf(new Uint8Array(await theirs.arrayBuffer())));
    }
  } finally {
    await kubo.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
