import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import * as dagPb from '@ipld/dag-pb';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { BlockStore } from './index.ts';
import { createStorage, firstOf, gatewayBlocks, memoryBlocks, parseCid } from './index.ts';

/** Gateways that lie from the middle of a file on: what a reader gets of it, alone and with an honest one behind. */

const MiB = 1024 * 1024;
const size = 4 * MiB + 5;
const content = new Uint8Array(size).map((_, index) => (index * 31 + (index >> 10)) % 253);
const blocks = memoryBlocks();
let cid = '';
/** The leaves in their order. */
let leaves: string[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  ({ cid } = await createStorage(blocks).addFile({ content: (async function* () { yield content; })() }));
  leaves = dagPb.decode(await blocks.get(parseCid(cid))).Links.map(({ Hash }) => Hash.toString());
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Lie = (response: ServerResponse, bytes: Uint8Array) => void;

/** Honest but for the third leaf. `asked` are the blocks that it was asked for. */
async function serve(lie?: Lie): Promise<{ store: BlockStore; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const name = /^\/ipfs\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(name);
    const bytes = await blocks.get(parseCid(name));
    if (lie && name === leaves[2]) lie(response, bytes);
    else response.end(bytes);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { store: gatewayBlocks({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deadlineMs: 1_500 }), asked };
}

async function read(store: BlockStore, range: { offset?: number; length?: number } = {}): Promise<{ bytes: Uint8Array; error?: { code: string; cid: string } }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of createStorage(store).readFile({ cid, ...range })) pieces.push(piece);
    return { bytes: Buffer.concat(pieces) };
  } catch (error) {
    return { bytes: Buffer.concat(pieces), error: error as { code: string; cid: string } };
  }
}

const lies: [string, Lie, string][] = [
  ['flips a byte', (response, bytes) => void response.end(bytes.map((byte, index) => (index === 500_000 ? byte ^ 1 : byte))), 'MISMATCH'],
  ['sends the block beside it', (response) => void blocks.get(parseCid(leaves[1]!)).then((other) => response.end(other)), 'MISMATCH'],
  ['sends another range of the file', (response) => void response.writeHead(206, { 'content-range': `bytes 0-${MiB - 1}/${size}` }).end(content.subarray(7, MiB + 7)), 'MISMATCH'],
  ['ends early', (response, bytes) => void response.end(bytes.subarray(0, bytes.length - 1)), 'MISMATCH'],
  ['sends more', (response, bytes) => void response.end(Buffer.concat([bytes, bytes])), 'MISMATCH'],
  ['sends nothing', (response) => void response.end(), 'MISMATCH'],
  ['floods', (response) => void response.end(new Uint8Array(3 * MiB)), 'TOO_LARGE'],
  ['says another length than it sends', (response, bytes) => void response.writeHead(200, { 'content-length': String(bytes.length + 10) }).write(bytes, () => response.destroy()), 'UNREACHABLE'],
  ['breaks the connection', (response, bytes) => void response.writeHead(200).write(bytes.subarray(0, 1_000), () => response.destroy()), 'UNREACHABLE'],
  ['stalls in the middle', (response, bytes) => void response.writeHead(200).write(bytes.subarray(0, 1_000)), 'TIMEOUT'],
  ['never answers', () => undefined, 'TIMEOUT'],
  ['has lost it', (response) => void response.writeHead(404).end(), 'NOT_FOUND'],
  ['has taken it down', (response) => void response.writeHead(410).end(), 'NOT_FOUND'],
  ['fails', (response) => void response.writeHead(500).end('no'), 'UNREACHABLE'],
];

test.each(lies)('a gateway that %s: its block is named, every byte before is right, none after comes; the rest comes from elsewhere', async (_what, lie, code) => {
  const { store } = await serve(lie);
  const alone = await read(store);
  expect(alone.error).toMatchObject({ code, cid: leaves[2] });
  expect(alone.bytes.length).toBe(2 * MiB);
  expect(Buffer.compare(alone.bytes, content.subarray(0, 2 * MiB))).toBe(0);

  const honest = await serve();
  const both = await read(firstOf([store, honest.store]));
  expect([both.error, Buffer.compare(both.bytes, content)]).toEqual([undefined, 0]);
  // Only what the other one could not give.
  expect(honest.asked).toEqual([leaves[2]]);

  const [offset, length] = [2 * MiB - 3, 10];
  const ranged = await read(firstOf([store, honest.store]), { offset, length });
  expect(Buffer.compare(ranged.bytes, content.subarray(offset, offset + length))).toBe(0);
});

test('an upload that breaks off after any block goes on where it was; the same file once more sends no block again', async () => {
  const there = memoryBlocks();
  const [sent, limit] = [[] as string[], { most: 0 }];
  const server = createServer(async (request, response) => {
    const name = /(baf\w+)/.exec(request.url ?? '')?.[1] ?? '';
    const body = Buffer.concat(await request.toArray());
    if (request.method === 'HEAD') return void response.writeHead((await there.has(parseCid(name))) ? 200 : 412).end();
    if (sent.length >= limit.most) return void response.destroy();
    sent.push(name);
    await there.put(parseCid(name), body);
    return void response.writeHead(201).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const upload = (): Promise<{ cid: string }> => createStorage(gatewayBlocks({ url, upload: true, retryMs: 5 })).addFile({ content: (async function* () { yield content; })() });
  for (let most = 0; most < leaves.length; most++) {
    limit.most = most;
    await expect(upload()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    // Blocks go side by side: those on their way when it broke off are refused as well.
    await setTimeout(200);
    expect(sent).toHaveLength(most);
  }
  limit.most = Infinity;
  expect((await upload()).cid).toBe(cid);
  // Small blocks cost less than asking.
  const large = (await Promise.all([...leaves, cid].map(async (one) => ({ one, bytes: await blocks.get(parseCid(one)) })))).filter(({ bytes }) => bytes.length >= 16_384).map(({ one }) => one);
  for (const one of large) expect(sent.filter((name) => name === one)).toHaveLength(1);
  const before = sent.length;
  await upload();
  expect(sent.slice(before).filter((name) => large.includes(name))).toEqual([]);
});
