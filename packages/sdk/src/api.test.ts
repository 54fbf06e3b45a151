import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstRoutes, routes } from '@neurodata/protocol';
import { createApi } from './api.ts';
import { createLazyApi } from './createLazyApi.ts';

let server: Server;
let url = '';
let answer: { status: number; body: string; delayMs?: number } = { status: 200, body: '{}' };
const seen: { method: string | undefined; url: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => { body += piece.toString(); });
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, body });
      setTimeout(() => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body), answer.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => { server.close(); });

const address = '0x00000000000000000000000000000000000000aa';

test('path, query and body go where the route says; amounts come back as bigint', async () => {
  const api = createApi({ url: `${url}/` });
  answer = { status: 200, body: JSON.stringify({ address, gasBalance: '1', balance: '25000000000000000000', stake: '0', owed: { market: '0', orderDisputes: '0', training: '0', challenges: '0', validators: '0', curation: '0', subscriptions: '0', accusations: '0' }, owedTokens: [{ token: address, market: '7', subscriptions: '0' }], claimable: [] }) };
  expect((await api.getAccount({ address })).balance).toBe(25n * 10n ** 18n);
  answer = { status: 200, body: JSON.stringify({ items: [] }) };
  await api.listAssets({ q: 'two words & more', kind: 'dataset' });
  await api.listAssets();
  answer = { status: 200, body: JSON.stringify({ transaction: `0x${'1'.repeat(64)}`, amount: '7' }) };
  expect((await api.requestFunds({ address })).amount).toBe(7n);
  expect(seen).toMatchInlineSnapshot(`
    [
      {
        "body": "",
        "method": "GET",
        "url": "/api/v1/accounts/0x00000000000000000000000000000000000000aa",
      },
      {
        "body": "",
        "method": "GET",
        "url": "/api/v1/assets?q=two+words+%26+more&kind=dataset",
      },
      {
        "body": "",
        "method": "GET",
        "url": "/api/v1/assets",
      },
      {
        "body": "{"address":"0x00000000000000000000000000000000000000aa"}",
        "method": "POST",
        "url": "/api/v1/demo/faucet",
      },
    ]
  `);
});

test('a problem document becomes its error', async () => {
  answer = { status: 404, body: JSON.stringify({ type: 'about:blank', title: 'There is no asset 9.', status: 404, code: 'NOT_FOUND', remedy: 'Check the number.' }) };
  await expect(createApi({ url }).getAsset({ assetId: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no asset 9. Check the number.', retryable: false });
  answer = { status: 503, body: '{}' };
  await expect(createApi({ url }).getConfig()).rejects.toMatchObject({ code: 'NOT_READY', retryable: true });
});

test('an unready node still tells why', async () => {
  answer = { status: 503, body: JSON.stringify({ ready: false, parts: { indexer: { ready: false, reason: '3 blocks behind' } } }) };
  expect(await createApi({ url }).getReadiness()).toEqual({ ready: false, parts: { indexer: { ready: false, reason: '3 blocks behind' } } });
});

test('no JSON, another form, silence and nobody there are told apart', async () => {
  answer = { status: 200, body: '<html>' };
  await expect(createApi({ url }).getConfig()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  answer = { status: 200, body: '{"version":1}' };
  await expect(createApi({ url }).getConfig()).rejects.toMatchObject({ code: 'INTERNAL' });
  answer = { status: 200, body: '{}', delayMs: 500 };
  await expect(createApi({ url, deadlineMs: 50 }).getConfig()).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
  await expect(createApi({ url: 'http://127.0.0.1:1' }).getConfig()).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
});

test('a page calls what it needs first without the table of all routes, and everything else by it', async () => {
  let loads = 0;
  const api = createLazyApi({ url, first: firstRoutes, load: async () => { loads += 1; return routes; } });
  answer = { status: 200, body: JSON.stringify({ ready: true, parts: {} }) };
  expect([await api.getReadiness(), loads]).toEqual([{ ready: true, parts: {} }, 0]);
  answer = { status: 200, body: JSON.stringify({ items: [] }) };
  expect([await api.listPools(), loads]).toEqual([{ items: [] }, 1]);
  // It is no promise, so that whoever waits for it gets it.
  expect(await Promise.resolve(api)).toBe(api);
});
