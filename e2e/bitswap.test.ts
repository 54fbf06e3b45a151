import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex } from '@neurodata/protocol';
import { readManifest, readVersion } from '@neurodata/sdk';
import { createStorage, memoryBlocks, parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { createBitswapPeer } from '@neurodata/storage/bitswap';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSecretKey } from '../apps/node/src/accounts/index.ts';
import { freePort } from '../apps/node/src/freePort.ts';
import { loadLibp2p } from '../packages/storage/src/bitswap/loadLibp2p.ts';
import { BITSWAP, encodeMessage, prefixOf } from '../packages/storage/src/bitswap/message.ts';
import { penguinsCsv } from './csv.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { publishPenguins } from './tell.ts';

/** A whole node that speaks bitswap (NEURODATA_BITSWAP), and peers of libp2p that know nothing of it but its address. */

const open: { stop(): Promise<void> | void }[] = [];
let stack: Stack;
let assetId: number;
let address: string;
/** The node's blocks, as a peer sees them that knows its address alone. One peer: libp2p takes five connections a second from one host. */
let node: BlockStore;

beforeAll(async () => {
  const listen = `/ip4/127.0.0.1/tcp/${await freePort()}`;
  stack = await startStack({ settings: { bitswap: { listen: [listen], peers: [] } } });
  ({ assetId } = await publishPenguins(await stack.client('publisher'), () => undefined));
  // The id is made of the node's key; its log tells it, too.
  const twin = await createBitswapPeer({ blocks: memoryBlocks(), listen: [], seed: await loadSecretKey(path.join(stack.home, 'bitswap.key')) });
  await twin.stop();
  address = `${listen}/p2p/${twin.peerId}`;
  const peer = await createBitswapPeer({ blocks: memoryBlocks(), listen: [], deadlineMs: 10_000 });
  open.push(peer);
  node = peer.blocksOf(address);
}, 180_000);
afterAll(async () => {
  for (const one of open.toReversed()) await one.stop();
  await stack.stop();
});

async function readSealed(blocks: BlockStore): Promise<{ cid: string; bytes: Buffer; sha256: string }> {
  const client = await stack.client('alice');
  const facts = await readVersion({ client, assetId, version: 1 });
  const manifest = await readManifest({ client: { ...client, storage: createStorage(blocks) }, facts });
  const { cid } = manifest['nd:sealed'];
  const pieces: Uint8Array[] = [];
  for await (const piece of createStorage(blocks).readFile({ cid })) pieces.push(piece);
  return { cid, bytes: Buffer.concat(pieces), sha256: manifest.distribution[0].sha256 };
}

test('an asset comes by bitswap from its manifest to its last sealed byte, and nothing of it is in the clear', async () => {
  const { cid, bytes, sha256 } = await readSealed(node);
  expect(sha256Hex(new Uint8Array(bytes))).toBe(`0x${sha256}`);
  expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
  expect(bytes.includes('Adelie')).toBe(false);
  // The very blocks that its gateway serves.
  const { gateway } = await stack.client('alice');
  expect(Buffer.from(await gateway.get(parseCid(cid)))).toEqual(Buffer.from(await node.get(parseCid(cid))));
}, 60_000);

test('what is no block of its folder is not there: rows in the clear, its keys, its files', async () => {
  const files = (await readdir(stack.home, { recursive: true, withFileTypes: true })).filter((one) => one.isFile() && !one.parentPath.startsWith(path.join(stack.home, 'blocks')) && /\.(key|identity|json|token)$/.test(one.name));
  expect(files.map(({ name }) => name)).toContain('bitswap.key');
  const secrets = [penguinsCsv(), ...await Promise.all(files.map(async ({ parentPath, name }) => new Uint8Array(await readFile(path.join(parentPath, name)))))];
  for (const bytes of secrets) {
    const cid = parseCid(rawCidOfDigest(sha256Hex(bytes)));
    expect(await node.has(cid)).toBe(false);
    await expect(node.get(cid)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
}, 60_000);

test('a block that is spoilt on its disk is not given, and what it was not asked for it does not take', async () => {
  const { cid } = await readSealed(node);
  const file = path.join(stack.home, 'blocks', cid.slice(-3, -1), `${cid}.block`);
  const whole = await readFile(file);
  await writeFile(file, Buffer.concat([whole.subarray(0, 40), Buffer.of(whole[40]! ^ 1), whole.subarray(41)]));
  await expect(node.get(parseCid(cid))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await writeFile(file, whole);

  const { start, multiaddr } = await loadLibp2p();
  const pushy = await start({ listen: [], maxConnections: 10 });
  open.push(pushy);
  const data = new TextEncoder().encode('Keep this for me.');
  const pushed = parseCid(rawCidOfDigest(sha256Hex(data)));
  const stream = await pushy.dialProtocol(multiaddr(address), BITSWAP);
  stream.send(encodeMessage({ wants: [], blocks: [{ prefix: prefixOf(pushed), data }], presences: [] }));
  await expect.poll(() => pushy.getConnections().length, { timeout: 10_000 }).toBe(0);
  // No message at all, and one that is announced as longer than any can be.
  for (const bytes of [Uint8Array.of(5, 255, 255, 255, 255, 255), Uint8Array.of(255, 255, 255, 255, 15, 1)]) {
    const other = await pushy.dialProtocol(multiaddr(address), BITSWAP);
    other.send(bytes);
    await expect.poll(() => other.status, { timeout: 10_000 }).not.toBe('open');
  }
  expect(await node.has(pushed)).toBe(false);
  expect(await node.has(parseCid(cid))).toBe(true);
}, 90_000);

test('after a restart it is the same peer', async () => {
  await stack.restart();
  const { bytes, sha256 } = await readSealed(node);
  expect(sha256Hex(new Uint8Array(bytes))).toBe(`0x${sha256}`);
}, 120_000);
