import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zeroAddress } from 'viem';
import type { PublicClient } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRelay } from './createRelay.ts';

/** What a node asks validators for pages, over real sockets: whom it calls, what it believes, and how long it waits. */

const account = `0x${'ab'.repeat(20)}` as const;
const nonce = `0x${'11'.repeat(32)}` as const;
const answer = { validatorId: 1, epoch: 0, keyset: nonce, proof: { point: '0x02', value: nonce, blinding: nonce } };
const body = { assetId: 1, version: 1, nonce };

let server: Server;
let url: string;
let say: (request: IncomingMessage, response: ServerResponse, text: string) => void;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    let text = '';
    request.on('data', (piece: Buffer) => { text += piece.toString(); });
    request.on('end', () => say(request, response, text));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A relay to whom the chain names these endpoints, by validator. */
function relayTo(endpoints: Record<number, string>, extra: Partial<Parameters<typeof createRelay>[0]> = {}) {
  const publicClient = { readContract: async ({ args: [id] }: { args: [number] }) => ({ account: endpoints[id] === undefined ? zeroAddress : account, active: false, endpoint: endpoints[id] ?? '' }) } as unknown as PublicClient;
  return createRelay({ publicClient, validators: account, loopback: true, ...extra });
}
const ask = (relay: ReturnType<typeof relayTo>, validatorId = 1, caller = '192.0.2.1') => relay.ask('drill', { validatorId, body, caller });
const json = (response: ServerResponse, status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

test('the question arrives as it was asked, and the answer as it was given', async () => {
  let heard: unknown;
  say = (_request, response, text) => {
    heard = JSON.parse(text);
    json(response, 200, { ...answer, more: 'is dropped' });
  };
  expect(await ask(relayTo({ 1: `${url}/` }))).toEqual(answer);
  expect([heard, asked.at(-1)]).toEqual([body, 'POST /drills']);
});

test('only whom the chain names is called, and only where anybody could call', async () => {
  say = (_request, response) => json(response, 200, answer);
  const before = asked.length;
  await expect(ask(relayTo({}), 7)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const port = new URL(url).port;
  for (const endpoint of [url, `http://localhost:${port}`, `http://[::1]:${port}`, `http://2130706433:${port}`, 'http://169.254.169.254', 'http://10.0.0.1', 'http://192.168.1.1', 'http://[fd00::1]', 'http://[::ffff:127.0.0.1]', `http://me:word@127.0.0.1:${port}`, 'file:///etc/passwd', 'nothing', '']) {
    await expect(ask(relayTo({ 1: endpoint }, { loopback: false })), endpoint).rejects.toMatchObject({ code: 'UNREACHABLE' });
  }
  // A name among whose addresses one is private, and one that is unknown.
  for (const found of [[{ address: '93.184.216.34', family: 4 }, { address: '127.0.0.1', family: 4 }], []]) {
    await expect(ask(relayTo({ 1: `http://mixed.example:${port}` }, { resolve: async () => found }))).rejects.toMatchObject({ code: 'UNREACHABLE' });
  }
  // An endpoint that would choose what of this machine is posted to.
  for (const end of ['/api/v1/blocks?', '/rpc#', '/rpc?x=', '/%23#/']) await expect(ask(relayTo({ 1: `${url}${end}` })), end).rejects.toMatchObject({ code: 'UNREACHABLE' });
  // Neighbours are no part of this machine.
  await expect(ask(relayTo({ 1: 'http://10.0.0.1' }))).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(asked.length).toBe(before);
});

test('a name that points elsewhere a moment later leads to the address that was looked at', async () => {
  say = (_request, response) => json(response, 200, answer);
  let looked = 0;
  const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: (looked += 1) === 1 ? '127.0.0.1' : '127.0.0.99', family: 4 }];
  expect(await ask(relayTo({ 1: `http://rebinding.example:${new URL(url).port}` }, { resolve }))).toEqual(answer);
  expect(looked).toBe(1);
});

const signed = { request: { account, assetId: 1, version: 1, proofId: nonce, validatorId: 1, recipientKey: nonce, expiresAt: 1 }, signature: `0x${'5a'.repeat(65)}` as const };

test('a request for a share is carried as it was signed, and nothing longer than validators read', async () => {
  let heard: unknown;
  say = (_request, response, text) => {
    heard = JSON.parse(text);
    json(response, 200, { validatorId: 1, sealedShare: '0xabcd' });
  };
  const relay = relayTo({ 1: url });
  expect(await relay.ask('requestShare', { validatorId: 1, body: signed, caller: 'a' })).toEqual({ validatorId: 1, sealedShare: '0xabcd' });
  expect([heard, asked.at(-1)]).toEqual([signed, 'POST /shares']);
  const before = asked.length;
  await expect(relay.ask('requestShare', { validatorId: 1, body: { ...signed, signature: `0x${'5a'.repeat(5_000)}` }, caller: 'a' })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(asked.length).toBe(before);
  // A share is short; only lists are long.
  say = (_request, response) => json(response, 200, { validatorId: 1, sealedShare: `0x${'ab'.repeat(10_000)}` });
  await expect(relay.ask('requestShare', { validatorId: 1, body: signed, caller: 'a' })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
});

test('one caller asks one validator so often in a minute, and the others go on', async () => {
  say = (_request, response) => json(response, 200, answer);
  const relay = relayTo({ 1: url, 2: url });
  const codes: string[] = [];
  for (let turn = 0; turn < 92; turn += 1) codes.push(await ask(relay).then(() => 'answered', (error: unknown) => (error as { code: string }).code));
  // A minute may end meanwhile, and another begin.
  expect(codes.filter((code) => code === 'answered').length).toBeGreaterThanOrEqual(90);
  expect(codes.filter((code) => code !== 'answered').every((code) => code === 'RATE_LIMITED')).toBe(true);
  expect([await ask(relay, 1, '192.0.2.2'), await ask(relay, 2)]).toEqual([answer, answer]);
});

test('a redirect is no answer and is not followed', async () => {
  const before = asked.length;
  say = (_request, response) => void response.writeHead(307, { location: `${url}/elsewhere` }).end('{}');
  await expect(ask(relayTo({ 1: url }))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  expect(asked.slice(before)).toEqual(['POST /drills']);
});

const replies: [string, (response: ServerResponse) => void][] = [
  ['no JSON', (response) => { response.writeHead(200).end('<html>'); }],
  ['another form', (response) => json(response, 200, { validatorId: 'one' })],
  ['cut off', (response) => {
    response.writeHead(200, { 'content-length': 1_000 });
    response.write('{');
    setTimeout(() => response.destroy(), 20);
  }],
  ['endless', (response) => {
    response.writeHead(200);
    const timer = setInterval(() => { response.write('a'.repeat(65_536)); }, 1);
    response.on('close', () => clearInterval(timer));
  }],
];
test.each(replies)('what is %s is a failure of the validator', async (_name, reply) => {
  say = (_request, response) => reply(response);
  await expect(ask(relayTo({ 1: url }, { mostBytes: 100_000 }))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
});

test('refusals come back with the validator\'s own words, but never as this node\'s or about a session', async () => {
  say = (_request, response) => json(response, 404, { title: 'Validator 1 holds no share of asset 1 version 1.', code: 'NO_KEY', remedy: 'Ask validator 2.' });
  await expect(ask(relayTo({ 1: url }))).rejects.toMatchObject({ code: 'NO_KEY', message: 'Validator 1 holds no share of asset 1 version 1. Ask validator 2.', remedy: 'Ask validator 2.' });
  say = (_request, response) => json(response, 401, { title: 'x'.repeat(5_000), code: 'UNAUTHENTICATED' });
  const refused = await ask(relayTo({ 1: url })).catch((error: unknown) => error as { code: string; message: string });
  expect(refused).toMatchObject({ code: 'CONTENT_MISMATCH', message: 'x'.repeat(300) });
  say = (_request, response) => json(response, 500, null);
  await expect(ask(relayTo({ 1: url }))).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
});

test('who does not answer holds up neither the page nor the others', async () => {
  const waiting: ServerResponse[] = [];
  say = (_request, response) => void waiting.push(response);
  const relay = relayTo({ 1: url, 2: 'http://127.0.0.1:1', 3: `${url}/three` }, { timeoutMs: 500 });
  const began = performance.now();
  const askFrom = (caller: string) => Array.from({ length: 4 }, () => ask(relay, 1, caller).catch((error: unknown) => (error as { code: string }).code));
  const mine = askFrom('192.0.2.1');
  await expect.poll(() => waiting.length).toBe(4);
  // As many as one caller may have under way at one validator; another has places still.
  await expect(ask(relay)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  const slow = [...mine, ...askFrom('192.0.2.2')];
  await expect.poll(() => waiting.length).toBe(8);
  // As many of one validator as there may be, say because its endpoint leads back here.
  await expect(ask(relay, 1, '192.0.2.3')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  await expect(ask(relay, 2)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  say = (_request, response) => json(response, 200, { ...answer, validatorId: 3 });
  expect(await ask(relay, 3)).toMatchObject({ validatorId: 3 });
  expect(asked.at(-1)).toBe('POST /three/drills');
  expect(await Promise.all(slow)).toEqual(Array.from({ length: 8 }, () => 'TIMEOUT'));
  expect(performance.now() - began).toBeLessThan(20_000);
  say = (_request, response) => json(response, 200, answer);
  expect(await ask(relay)).toEqual(answer);
});
