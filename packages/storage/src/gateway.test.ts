import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CarReader } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { afterEach, expect, test } from 'vitest';
import type { BlockStore } from './index.ts';
import { cachedBlocks, createStorage, firstOf, gatewayBlocks, memoryBlocks, parseCid } from './index.ts';
import { createGateway } from './node.ts';

const MiB = 1024 * 1024;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(handle: (path: string, response: ServerResponse, method: string, body: Uint8Array) => void | Promise<void>): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    await handle(request.url ?? '', response, request.method ?? '', body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real server around createGateway, with an upload route as the node has it. */
async function serve(blocks: BlockStore): Promise<string> {
  const gateway = createGateway(blocks);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (request.method === 'PUT') {
      await blocks.put(parseCid(url.pathname.split('/').at(-1) ?? ''), Buffer.concat(await request.toArray()));
      response.writeHead(204).end();
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await gateway({ method: request.method ?? '', path: url.pathname, headers, query: Object.fromEntries(url.searchParams) });
    response.writeHead(answer.status, answer.headers);
    if (answer.body === undefined || answer.body instanceof Uint8Array) response.end(answer.body);
    else await pipeline(Readable.from(answer.body), response).catch(() => response.destroy());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function* content(): AsyncGenerator<Uint8Array> {
  for (const fill of [1, 2, 1, 3]) yield new Uint8Array(MiB).fill(fill);
  yield Uint8Array.of(9);
}

async function sizeOf(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const piece of stream) size += piece.length;
  return size;
}

async function filled() {
  const blocks = memoryBlocks();
  const file = await createStorage(blocks).addFile({ content: content() });
  return { blocks, file, url: await serve(blocks) };
}

test('a file travels through a real gateway, up and down', async () => {
  const url = await serve(memoryBlocks());
  const up = createStorage(gatewayBlocks({ url, upload: true }));
  const { cid, size } = await up.addFile({ content: content() });
  const down = createStorage(gatewayBlocks({ url: `${url}/` }));
  expect(await sizeOf(down.readFile({ cid }))).toBe(size);
  expect(await down.blocks.has(parseCid(cid))).toBe(true);
  await expect(down.addRaw(Uint8Array.of(1))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

test('every way a peer can fail has its code, and falls through to the next', async () => {
  const { blocks, file, url } = await filled();
  const root = await blocks.get(parseCid(file.cid));
  const flips = await listen((_, response) => void response.end(root.map((byte, index) => (index === 7 ? byte ^ 1 : byte))));
  const stalls = await listen((_, response) => void response.writeHead(200).write('a'));
  const silent = await listen(() => undefined);
  const lacks = await listen((_, response) => void response.writeHead(404).end());
  const breaks = await listen((_, response) => void response.writeHead(503).end('no'));
  const floods = await listen((_, response) => void response.end(new Uint8Array(3 * MiB)));
  const cid = parseCid(file.cid);
  const peers = [flips, stalls, silent, lacks, breaks, floods, 'http://127.0.0.1:1'].map((peer) => gatewayBlocks({ url: peer, deadlineMs: 1_500 }));
  const codes = await Promise.all(peers.map((peer) => peer.get(cid).catch((error: { code: string; cid: string }) => `${error.code} ${String(error.cid === file.cid)}`)));
  expect(codes).toEqual(['MISMATCH true', 'TIMEOUT true', 'TIMEOUT true', 'NOT_FOUND true', 'UNREACHABLE true', 'TOO_LARGE true', 'UNREACHABLE true']);
  const all = firstOf([...peers, gatewayBlocks({ url })]);
  expect(Buffer.compare(await all.get(cid), root)).toBe(0);
  await expect(firstOf(peers).get(cid)).rejects.toMatchObject({ code: 'MISMATCH', cid: file.cid });
  await expect(firstOf([memoryBlocks(), memoryBlocks()]).get(cid)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await firstOf([memoryBlocks(), blocks]).has(cid)).toBe(true);
  expect(await firstOf([memoryBlocks()]).has(cid)).toBe(false);
});

test('a block that did not arrive is sent again three times, with longer pauses and deadlines; one that was refused is not', async () => {
  const cid = parseCid(await createStorage(memoryBlocks()).addRaw(Uint8Array.of(7)).then((added) => added.cid));
  const sending = async (answers: (number | undefined)[]): Promise<{ outcome: string; asked: number; retries: string[]; waited: number }> => {
    let asked = 0;
    const url = await listen((_, response) => {
      const status = answers[asked];
      asked += 1;
      if (status !== undefined) response.writeHead(status).end();
    });
    const retries: string[] = [];
    const store = gatewayBlocks({ url, upload: true, deadlineMs: 200, retryMs: 40, onRetry: ({ number, of, error }) => retries.push(`${number} of ${of}: ${error.status ?? error.code}`) });
    const start = performance.now();
    const outcome = await store.put(cid, Uint8Array.of(7)).then(() => 'sent', (error: { code: string; status?: number }) => `${error.code} ${error.status ?? ''}`);
    return { outcome, asked, retries, waited: performance.now() - start };
  };
  const slow = await sending([503, undefined, 429, 204]);
  expect(slow).toMatchObject({ outcome: 'sent', asked: 4, retries: ['1 of 3: 503', '2 of 3: TIMEOUT', '3 of 3: 429'] });
  // 40, 80 and 160 ms of pauses, and a second try of 400 ms.
  expect(slow.waited).toBeGreaterThanOrEqual(670);
  expect(await sending([500, 502, 503, 504, 204])).toMatchObject({ outcome: 'UNREACHABLE 504', asked: 4 });
  expect(await sending([413, 204])).toMatchObject({ outcome: 'UNREACHABLE 413', asked: 1, retries: [] });
});

test('a silent peer is given up on within the deadline', async () => {
  const url = await listen(() => undefined);
  const { file } = await filled();
  const start = performance.now();
  await expect(gatewayBlocks({ url, deadlineMs: 150 }).get(parseCid(file.cid))).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("the reader's signal ends the request", async () => {
  let closed: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (closed = resolve));
  const url = await listen((_, response) => void response.on('close', () => closed?.()));
  const { file } = await filled();
  const controller = new AbortController();
  const reading = sizeOf(createStorage(gatewayBlocks({ url })).readFile({ cid: file.cid, signal: controller.signal }));
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await expect(reading).rejects.toThrow('enough');
  await ended;
});

test('cachedBlocks keeps what came from afar', async () => {
  const { file, url } = await filled();
  const near = memoryBlocks();
  await sizeOf(createStorage(cachedBlocks([near, gatewayBlocks({ url })])).readFile({ cid: file.cid }));
  expect(await sizeOf(createStorage(near).readFile({ cid: file.cid }))).toBe(file.size);
  const full: BlockStore = { ...memoryBlocks(), put: () => Promise.reject(new Error('disk full')) };
  expect(await sizeOf(createStorage(cachedBlocks([full, gatewayBlocks({ url })])).readFile({ cid: file.cid }))).toBe(file.size);
});

test('raw answers carry what the specification asks for', async () => {
  const { file, url, blocks } = await filled();
  const address = `${url}/ipfs/${file.cid}?format=raw`;
  const response = await fetch(address);
  const root = await blocks.get(parseCid(file.cid));
  expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), root)).toBe(0);
  const { date: _d, connection: _c, 'keep-alive': _k, ...headers } = Object.fromEntries(response.headers);
  expect(headers).toEqual({
    'cache-control': 'public, max-age=29030400, immutable',
    'content-disposition': `attachment; filename="${file.cid}.bin"`,
    'content-length': String(root.length),
    'content-location': `/ipfs/${file.cid}?format=raw`,
    'content-type': 'application/vnd.ipld.raw',
    etag: `"${file.cid}.raw"`,
    vary: 'Accept',
    'x-content-type-options': 'nosniff',
    'x-ipfs-path': `/ipfs/${file.cid}`,
    'x-ipfs-roots': file.cid,
  });
  const head = await fetch(address, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), (await head.text()).length]).toEqual([200, String(root.length), 0]);
  expect((await fetch(address, { headers: { 'if-none-match': `W/"x", "${file.cid}.raw"` } })).status).toBe(304);
});

test.each([
  ['/ipfs/hello?format=raw', {}, 400],
  ['/ipfs/hello/world?format=raw', {}, 400],
  ['/elsewhere', {}, 400],
  ['/ipfs/CID', {}, 406],
  ['/ipfs/CID?format=ipns-record', {}, 406],
  ['/ipfs/CID', { accept: 'text/html' }, 406],
  ['/ipfs/CID', { accept: 'text/html, application/vnd.ipld.raw;q=0.5' }, 200],
  ['/ipfs/CID', { accept: 'application/vnd.ipld.car; version=1; order=dfs' }, 200],
  ['/ipfs/CID', { accept: 'application/vnd.ipld.car; version=2' }, 406],
  ['/ipfs/CID?format=car&dag-scope=some', {}, 400],
  ['/ipfs/CID?format=car&entity-bytes=0:1', {}, 200],
  ['/ipfs/bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e?format=raw', {}, 404],
  ['/ipfs/bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e?format=car', {}, 404],
  ['/ipfs/bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e?format=raw', { 'cache-control': 'only-if-cached' }, 412],
  ['/ipfs/bafkqaaa?format=raw', {}, 200],
])('%s %o is %i', async (path, headers: Record<string, string>, status) => {
  const { file, url } = await filled();
  const response = await fetch(url + path.replace('CID', file.cid), { headers });
  await response.arrayBuffer();
  expect(response.status).toBe(status);
});

test('other methods are refused, and a missing format is a bad request', async () => {
  const { file, blocks } = await filled();
  const gateway = createGateway(blocks);
  const request = { path: `/ipfs/${file.cid}`, headers: {}, query: {} };
  expect((await gateway({ ...request, method: 'POST' })).status).toBe(405);
  expect((await gateway({ ...request, method: 'GET' })).status).toBe(400);
});

test('a CAR reads back with @ipld/car: depth first, each block once', async () => {
  const { file, url, blocks } = await filled();
  const response = await fetch(`${url}/ipfs/${file.cid}?format=car`);
  expect(response.headers.get('content-type')).toBe('application/vnd.ipld.car; version=1; order=dfs; dups=n');
  const car = await CarReader.fromBytes(new Uint8Array(await response.arrayBuffer()));
  expect((await car.getRoots()).map(String)).toEqual([file.cid]);
  const copy = memoryBlocks();
  const order: string[] = [];
  for await (const block of car.blocks()) {
    order.push(block.cid.toString());
    await copy.put(block.cid, block.bytes);
  }
  const links = dagPb.decode(await blocks.get(parseCid(file.cid))).Links.map((link) => link.Hash.toString());
  expect(order).toEqual([file.cid, ...new Set(links)]);
  expect(await sizeOf(createStorage(copy).readFile({ cid: file.cid }))).toBe(file.size);
});

async function blocksInCar(url: string): Promise<number> {
  const car = await CarReader.fromBytes(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  let count = 0;
  for await (const _ of car.blocks()) count++;
  return count;
}

test('dag-scope bounds a CAR', async () => {
  const { blocks, file, url } = await filled();
  const folder = dagPb.encode(dagPb.prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: [{ Name: 'f', Hash: parseCid(file.cid), Tsize: 1 }] }));
  const cid = CID.createV1(dagPb.code, await sha256.digest(folder));
  await blocks.put(cid, folder);
  const counts = [];
  for (const root of [cid.toString(), file.cid]) {
    for (const scope of ['block', 'entity', 'all']) counts.push(await blocksInCar(`${url}/ipfs/${root}?format=car&dag-scope=${scope}`));
  }
  expect(counts).toEqual([1, 1, 6, 1, 5, 5]);
});

test('a CAR with a hole breaks off instead of ending well', async () => {
  const { blocks, file } = await filled();
  const hole = dagPb.decode(await blocks.get(parseCid(file.cid))).Links[3]?.Hash.toString();
  const holed: BlockStore = { ...blocks, get: async (cid) => blocks.get(cid.toString() === hole ? parseCid('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e') : cid) };
  const response = await fetch(`${await serve(holed)}/ipfs/${file.cid}?format=car`);
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow();
});

test('what was never sent is not asked for each time; what was interrupted is sent no second time once one block is found', async () => {
  const there = memoryBlocks();
  const calls: string[] = [];
  const url = await listen(async (path, response, method, body) => {
    const cid = parseCid(path.split('?')[0]?.split('/').at(-1) ?? '');
    calls.push(method);
    if (method === 'HEAD') return void response.writeHead((await there.has(cid)) ? 200 : 412).end();
    await there.put(cid, body);
    response.writeHead(201).end();
  });
  const blocks = await Promise.all(Array.from({ length: 32 }, async (_, index) => {
    const bytes = new Uint8Array(20_000).fill(index);
    return { bytes, cid: CID.createV1(0x55, await sha256.digest(bytes)) };
  }));
  const sendAll = async (): Promise<Record<string, number>> => {
    calls.length = 0;
    const target = gatewayBlocks({ url, upload: true });
    for (const { cid, bytes } of blocks) await target.put(cid, bytes);
    return { asked: calls.filter((method) => method === 'HEAD').length, sent: calls.filter((method) => method === 'PUT').length };
  };
  expect(await sendAll()).toEqual({ asked: 11, sent: 32 });
  expect(await sendAll()).toEqual({ asked: 32, sent: 0 });
});
