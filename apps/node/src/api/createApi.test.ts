import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '@neurodata/protocol';
import { memoryBlocks, rawCidOfDigest } from '@neurodata/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPublicClient, http, sha256, zeroAddress } from 'viem';
import type { Config } from '@neurodata/protocol';
import { writeProgress } from '../db/progress.ts';
import { startAnvil } from '../indexer/testing/startAnvil.ts';
import { serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';

const addresses = { neuroCoin: zeroAddress, staking: zeroAddress, validators: zeroAddress, assetRegistry: zeroAddress, market: zeroAddress, training: zeroAddress, subscriptions: zeroAddress, neuroVotes: zeroAddress, timelock: zeroAddress, governor: zeroAddress, guardian: zeroAddress, disputes: zeroAddress, orderDisputes: zeroAddress, challenges: zeroAddress, milestoneEscrow: zeroAddress, liquidityMining: zeroAddress, reviews: zeroAddress, curation: zeroAddress, privateOffers: zeroAddress, custody: zeroAddress, workers: zeroAddress, accusations: zeroAddress, trials: zeroAddress };
const config: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses }, rpcUrl: '/rpc', demo: false, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};
const id = `0x02${'ab'.repeat(31)}` as const;

let anvil: Awaited<ReturnType<typeof startAnvil>>;
let served: ServedApi;
let webFolder: string;
const chain = () => ({ url: anvil.url, publicClient: createPublicClient({ transport: http(anvil.url) }), config });

beforeAll(async () => {
  anvil = await startAnvil();
  webFolder = await mkdtemp(join(tmpdir(), 'neurodata-web-'));
  await mkdir(join(webFolder, 'assets'));
  await writeFile(join(webFolder, 'index.html'), '<!doctype html><title>NeuroData</title>');
  await writeFile(join(webFolder, 'assets', 'main-abc123.js'), 'export {};');
  served = await serveApi({ chain: chain(), extra: { webFolder, quotaBytes: 1000 } });
});
afterAll(async () => {
  await served.close();
  await anvil.stop();
  await rm(webFolder, { recursive: true });
});

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${served.api.url}${path}`, init);
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  get(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** fetch forbids setting Host, which is what an attacker's page would change. */
function withHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${served.api.url}/rpc`, { method: 'POST', headers: { host, 'content-type': 'application/json' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    request.end('{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}');
  });
}

test.each([
  ['/api/v1/assets/zero', 400, 'BAD_INPUT', /assetId/],
  ['/api/v1/assets?limit=1000', 400, 'BAD_INPUT', /limit/],
  ['/api/v1/orders?buyer=bob', 400, 'BAD_INPUT', /buyer/],
  ['/api/v1/assets/99', 404, 'NOT_FOUND', /no asset 99/],
  [`/api/v1/orders/${id}`, 404, 'NOT_FOUND', /no order/],
  ['/api/v1/orders/0x12', 400, 'BAD_INPUT', /orderId/],
  ['/api/v1/demo/accounts', 404, 'NOT_FOUND', /no play money/],
  ['/api/v1/nothing', 404, 'NOT_FOUND', /not served/],
  [`/api/v1/listings/${2 ** 53}`, 400, 'BAD_INPUT', /listingId/],
])('GET %s is refused with %i %s', async (path, status, code, title) => {
  const response = await get(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  const problem = await response.json();
  expect(problem).toMatchObject({ status, code, title: expect.stringMatching(title), requestId: response.headers.get('x-request-id') });
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|at async/);
});

test('bodies that are not JSON, or too long, are refused in the same form', async () => {
  expect(await (await post('/api/v1/demo/faucet', '{')).json()).toMatchObject({ status: 400, code: 'BAD_INPUT' });
  expect(await (await post('/api/v1/demo/faucet', `"${'x'.repeat(300_000)}"`)).json()).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  expect(await (await post('/api/v1/demo/faucet', { address: 'me' })).json()).toMatchObject({ status: 400, title: expect.stringMatching(/address/) });
});

test('a mistake of the node itself tells the caller nothing', async () => {
  const broken = await serveApi({ chain: chain(), extra: { readiness: () => { throw new Error('password=hunter2 at secret.ts:1'); } } });
  const response = await fetch(`${broken.api.url}/readyz`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ type: 'about:blank', title: 'Something went wrong inside the node.', status: 500, code: 'INTERNAL', remedy: 'Look up the request id in its log.', requestId: expect.any(String) });
  await broken.close();
});

test('readiness is 503 with reasons until all is up; liveness is always 200', async () => {
  const starting = await serveApi({ chain: chain(), extra: { readiness: () => ({ ready: false, parts: { indexer: { ready: false, reason: '3 blocks behind' } } }) } });
  const response = await fetch(`${starting.api.url}/readyz`);
  expect([response.status, await response.json()]).toEqual([503, { ready: false, parts: { indexer: { ready: false, reason: '3 blocks behind' } } }]);
  expect((await fetch(`${starting.api.url}/healthz`)).status).toBe(200);
  await starting.close();
});

test('pages may run our own wasm and nothing from elsewhere', async () => {
  const { headers } = await get('/');
  expect(headers.get('content-security-policy')).toMatchInlineSnapshot(`"default-src 'self';script-src 'self' 'wasm-unsafe-eval';worker-src 'self' blob:;connect-src 'self';img-src 'self' data: blob:;style-src 'self';font-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'"`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('with a project id of WalletConnect pages may ask its relay besides, and are told of it', async () => {
  const walletConnect = { projectId: 'market', relayUrl: 'wss://relay.example/v2?region=eu' };
  const offering = await serveApi({ chain: { ...chain(), config: { ...chain().config, walletConnect } } });
  const { headers } = await fetch(`${offering.api.url}/`);
  expect(headers.get('content-security-policy')).toContain(";connect-src 'self' wss://relay.example;");
  expect(await (await fetch(`${offering.api.url}/api/v1/config`)).json()).toMatchObject({ walletConnect });
  expect(await (await get('/api/v1/config')).json()).not.toHaveProperty('walletConnect');
  await offering.close();
});

test('the dApp: any page address, hashed files for ever, no file that is not there', async () => {
  for (const path of ['/', '/assets/7', '/orders/0x01?x=1', '/..%2f..%2f..%2fetc%2fpasswd']) {
    const response = await get(path);
    expect([path, response.status, response.headers.get('cache-control'), (await response.text()).slice(0, 15)]).toEqual([path, 200, 'no-cache', '<!doctype html>']);
  }
  const script = await get('/assets/main-abc123.js');
  expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
  for (const path of ['/assets/gone.js', '/api/v2', '/.git/config.json']) expect([path, (await get(path)).status]).toEqual([path, 404]);
});

test('the RPC door lets reads through, nothing that the node could sign or set', async () => {
  expect(await (await post('/rpc', { jsonrpc: '2.0', id: 1, method: 'eth_chainId' })).json()).toEqual({ jsonrpc: '2.0', id: 1, result: '0x7a69' });
  const batch = await (await post('/rpc', ['eth_blockNumber', 'anvil_setBalance', 'eth_sendTransaction'].map((method, index) => ({ jsonrpc: '2.0', id: index, method, params: [] })))).json();
  expect(batch).toMatchObject([{ result: '0x0' }, { error: { code: -32601 } }, { error: { code: -32601 } }]);
  expect((await post('/rpc', { jsonrpc: '2.0', method: 'eth_chainId' })).status).toBe(204);
});

test('another page, or a name pointed at this machine, may not write', async () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId' };
  expect((await post('/rpc', call, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await post('/rpc', call, { origin: served.api.url })).status).toBe(200);
  expect(await withHost('evil.example')).toBe(403);
  expect((await get('/rpc', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(call) })).status).toBe(400);
});

const put = (cid: string, body: Uint8Array, type = 'application/vnd.ipld.raw'): Promise<Response> => get(`/api/v1/blocks/${cid}`, { method: 'PUT', headers: { 'content-type': type }, body: new Uint8Array(body) });

test('blocks: what hashes to its name is kept and served, up to the quota', async () => {
  const bytes = new TextEncoder().encode('sealed');
  const cid = rawCidOfDigest(sha256(bytes));
  expect((await get(`/ipfs/${cid}?format=raw`)).status).toBe(404);
  expect([(await put(cid, bytes)).status, (await put(cid, bytes)).status]).toEqual([201, 200]);
  const response = await get(`/ipfs/${cid}?format=raw`, { headers: { origin: 'https://other.example' } });
  expect([response.status, new Uint8Array(await response.arrayBuffer()), response.headers.get('access-control-allow-origin')]).toEqual([200, bytes, '*']);
  expect((await get(`/ipfs/${cid}?format=raw`, { method: 'HEAD' })).headers.get('content-length')).toBe('6');
  const car = await get(`/ipfs/${cid}?format=car`);
  expect([car.status, (await car.arrayBuffer()).byteLength > 6]).toEqual([200, true]);

  expect(await (await put(cid, new TextEncoder().encode('forged'))).json()).toMatchObject({ status: 409, code: 'CONTENT_MISMATCH' });
  expect(await (await put('nonsense', bytes)).json()).toMatchObject({ status: 400 });
  expect(await (await put(cid, bytes, 'application/json')).json()).toMatchObject({ status: 400 });
  const large = new Uint8Array(3 * 1024 * 1024);
  expect(await (await put(rawCidOfDigest(sha256(large)), large)).json()).toMatchObject({ status: 413 });
  const second = new Uint8Array(995);
  expect(await (await put(rawCidOfDigest(sha256(second)), second)).json()).toMatchObject({ status: 413, title: expect.stringMatching(/1000 bytes/) });
});

async function* messages(response: Response): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
}

test('live changes and progress come as events; stopping the node ends them', async () => {
  const live = await serveApi({ chain: chain() });
  const events = await fetch(`${live.api.url}/api/v1/events`);
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  const changes = messages(events);
  expect((await changes.next()).value).toBe('retry: 1000');
  live.changes.publish({ block: 7, topics: ['asset:1'] });
  expect((await changes.next()).value).toBe('id: 1\nevent: change\ndata: {"block":7,"topics":["asset:1"]}');

  const progress = messages(await fetch(`${live.api.url}/api/v1/jobs/${id}/progress`));
  expect((await progress.next()).value).toBe('retry: 1000');
  await writeProgress(live.db, id, { stage: 'training', step: 1, maxSteps: 9, lossCurve: [0.5], updatedAt: 3 });
  expect((await progress.next()).value).toBe('id: 1\nevent: progress\ndata: {"stage":"training","step":1,"maxSteps":9,"lossCurve":[0.5],"updatedAt":3}');
  await live.close();
  expect(await changes.next()).toEqual({ value: undefined, done: true });
  expect(await progress.next()).toEqual({ value: undefined, done: true });
});

test('the API describes itself', async () => {
  const description = await (await get('/openapi.json')).json();
  const operations = Object.values(description.paths as Record<string, Record<string, { operationId: string }>>).flatMap((methods) => Object.values(methods).map((operation) => operation.operationId));
  expect(operations.filter((name) => !/_\d+$/.test(name)).toSorted()).toEqual(Object.keys(routes).toSorted());
  expect(operations.length).toBe(new Set(operations).size);
  expect(description.paths['/api/v1/orders/{orderId}'].get).toMatchObject({
    parameters: [{ name: 'orderId', in: 'path', required: true, schema: { type: 'string', pattern: '^0x[0-9a-fA-F]{64}$' } }, { name: 'If-None-Match' }],
    responses: { 200: { content: { 'application/json': { schema: { type: 'object', properties: { price: { type: 'string' } } } } } } },
  });
});

test('the reference page shows the description without a script in the page or from elsewhere', async () => {
  const page = await get('/api/docs/');
  const html = await page.text();
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([200, expect.stringMatching(/script-src 'self'; style-src 'self' 'sha256-[^']+';/)]);
  const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  expect(scripts.map(([, , inside]) => inside!.trim())).toEqual(scripts.map(() => ''));
  for (const [, attributes] of scripts) expect((await get(`/api/docs/${/src="\.\/([^"]+)"/.exec(attributes!)![1]}`)).headers.get('content-type')).toMatch(/javascript/);
  expect(html).not.toMatch(/\son\w+=|https?:\/\//);
  expect(await (await get('/api/docs/json')).json()).toEqual(await (await get('/openapi.json')).json());
});

test('a port that is taken is named', async () => {
  const port = Number(new URL(served.api.url).port);
  await expect(serveApi({ chain: chain(), extra: { port, blocks: memoryBlocks() } })).rejects.toThrow(`127.0.0.1:${port} cannot be listened on. Is another node running?`);
});
