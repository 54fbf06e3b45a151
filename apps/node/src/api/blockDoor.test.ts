import { MAX_BLOCK_BYTES, gatewayBlocks, memoryBlocks, parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { sha256 } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addBlockDoor } from './blockDoor.ts';

type Node = { app: FastifyInstance; url: string; blocks: BlockStore; peers: BlockStore[]; asked: string[] };

const nodes: Node[] = [];

/** A node whose peers are known only once all of them listen. */
async function start(): Promise<Node> {
  const app = fastify();
  const node: Node = { app, url: '', blocks: memoryBlocks(), peers: [], asked: [] };
  app.addHook('onRequest', async (request) => { node.asked.push(`${request.method} ${request.headers['cache-control'] ?? ''}`.trim()); });
  const peer: BlockStore = { has: async () => false, get: (cid, options) => node.peers[0]!.get(cid, options), put: () => Promise.reject(new Error('peers are only read')) };
  addBlockDoor(app, { blocks: node.blocks, quotaBytes: 1_000, peers: [peer] });
  node.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return node;
}

beforeAll(async () => {
  nodes.push(await start(), await start());
  const [a, b] = nodes as [Node, Node];
  a.peers.push(gatewayBlocks({ url: b.url, onlyIfCached: true }));
  b.peers.push(gatewayBlocks({ url: a.url, onlyIfCached: true }));
});
afterAll(() => Promise.all(nodes.map(({ app }) => app.close())));

const bytes = new TextEncoder().encode('somewhere else');
const cid = parseCid(rawCidOfDigest(sha256(bytes)));

test('a block that a node lacks comes from its peer, and is kept', async () => {
  const [a, b] = nodes as [Node, Node];
  await b.blocks.put(cid, bytes);
  expect(await gatewayBlocks({ url: a.url }).get(cid)).toEqual(bytes);
  expect(await a.blocks.has(cid)).toBe(true);
  expect(b.asked).toEqual(['GET only-if-cached']);
});

test('two peers that lack a block ask each other once, and no more', async () => {
  const [a, b] = nodes as [Node, Node];
  const missing = parseCid(rawCidOfDigest(sha256('0x1234')));
  a.asked.length = b.asked.length = 0;
  await expect(gatewayBlocks({ url: a.url }).get(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect([a.asked, b.asked]).toEqual([['GET'], ['GET only-if-cached']]);
  expect((await fetch(`${a.url}/ipfs/${missing.toString()}?format=raw`, { headers: { 'cache-control': 'only-if-cached' } })).status).toBe(412);
});

test('bodies that come at once, are refused or break off spoil no other block', async () => {
  const app = fastify();
  const blocks = memoryBlocks();
  addBlockDoor(app, { blocks, quotaBytes: 2 ** 30 });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const put = (name: string, body: BodyInit): Promise<Response> => fetch(`${url}/api/v1/blocks/${name}`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) });
    const made = Array.from({ length: 40 }, (_, index) => {
      const block = new Uint8Array(1 + ((index * 7_919) % 200_000)).fill(index);
      return { block, name: rawCidOfDigest(sha256(block)) };
    });
    const statuses = await Promise.all(made.map(async ({ block, name }, index) => {
      if (index % 4 === 1) return (await put(name, new Uint8Array(MAX_BLOCK_BYTES + index))).status;
      if (index % 4 === 2) return (await put(name, new Uint8Array(block.length).fill(255))).status;
      if (index % 4 === 3) return put(name, new ReadableStream({ start: (stream) => { stream.enqueue(block); stream.error(new Error('gone')); } })).then(({ status }) => status, () => 0);
      return (await put(name, block)).status;
    }));
    for (const [index, { block, name }] of made.entries()) {
      const kept = await blocks.get(parseCid(name)).catch(() => undefined);
      const whole = index % 4 === 0;
      expect([statuses[index] === 201, kept === undefined ? undefined : Buffer.compare(kept, block)], String(index)).toEqual([whole, whole ? 0 : undefined]);
    }
  } finally {
    await app.close();
  }
});
