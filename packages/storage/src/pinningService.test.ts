import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pinningService } from './node.ts';

/** A service as https://ipfs.github.io/pinning-services-api-spec/ describes it, with what it was asked. */
type Pin = { requestid: string; status: string; created: string; pin: { cid: string; name?: string; origins?: string[] }; delegates: string[]; info?: Record<string, string> };
let server: Server;
let url: string;
let pins: Pin[];
let asked: string[];
/** Answered instead of what was asked for, while there is one. */
let instead: { status: number; body: string } | undefined;

const token = 'a-token-of-the-service';
const cid = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e';

beforeEach(async () => {
  [pins, asked, instead] = [[], [], undefined];
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    asked.push(`${request.method ?? ''} ${pathname}`);
    const answer = (status: number, value?: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(value === undefined ? '' : JSON.stringify(value));
    if (instead) return void response.writeHead(instead.status).end(instead.body);
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: { reason: 'UNAUTHORIZED', details: 'no such token' } });
    const id = pathname.split('/')[2];
    if (request.method === 'POST') {
      const made: Pin = { requestid: `id-${pins.length}`, status: 'queued', created: new Date(1_700_000_000_000 + pins.length * 1_000).toISOString(), pin: JSON.parse(body) as Pin['pin'], delegates: ['/dnsaddr/pins.example'] };
      pins.push(made);
      return answer(202, made);
    }
    if (request.method === 'DELETE') {
      pins = pins.filter(({ requestid }) => requestid !== id);
      return answer(202);
    }
    if (id !== undefined) {
      const found = pins.find(({ requestid }) => requestid === id);
      return found ? answer(200, found) : answer(404, { error: { reason: 'NOT_FOUND' } });
    }
    const states = (searchParams.get('status') ?? 'pinned').split(',');
    const before = searchParams.get('before') ?? '9';
    const found = pins.filter((pin) => states.includes(pin.status) && pin.created < before && (searchParams.get('cid') ?? pin.pin.cid) === pin.pin.cid).toReversed();
    return answer(200, { count: found.length, results: found.slice(0, Number(searchParams.get('limit') ?? 10)) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const service = (parameters: object = {}) => pinningService({ url: `${url}/`, token, name: 'pins.example', ...parameters });

test('a pin is asked for once, followed, listed and let go', async () => {
  const target = service();
  const queued = await target.pin({ cid, name: 'asset 7 v1', origins: ['/dns/market.example/tcp/443/https'] });
  expect(queued).toMatchObject({ cid, id: 'id-0', name: 'asset 7 v1', state: 'queued' });
  expect(pins[0]?.pin).toEqual({ cid, name: 'asset 7 v1', origins: ['/dns/market.example/tcp/443/https'] });
  expect((await target.pin({ cid, name: 'asset 7 v1' })).id).toBe('id-0');
  expect(pins).toHaveLength(1);
  pins[0]!.status = 'pinned';
  expect(await target.status(queued)).toMatchObject({ state: 'pinned' });
  expect(await target.check()).toBe('pins.example, a pinning service, keeps 1 pins');
  await target.unpin(queued);
  expect(await target.status(queued)).toMatchObject({ state: 'none', id: 'id-0' });
  await target.unpin(queued);
});

test('one that failed there is asked for anew, with its reason told', async () => {
  const target = service();
  const first = await target.pin({ cid, name: 'x' });
  Object.assign(pins[0]!, { status: 'failed', info: { status_details: 'lack of funds' } });
  expect(await target.status(first)).toMatchObject({ state: 'failed', why: 'lack of funds' });
  expect((await target.pin({ cid, name: 'x' })).id).toBe('id-1');
});

test('all pages are listed', async () => {
  for (let index = 0; index < 2_300; index++) pins.push({ requestid: `id-${index}`, status: 'pinned', created: new Date(1_700_000_000_000 + index * 1_000).toISOString(), pin: { cid, name: String(index) }, delegates: [] });
  const seen = [];
  for await (const { id } of service().list()) seen.push(id);
  expect([seen.length, new Set(seen).size]).toEqual([2_300, 2_300]);
});

test('every way it can fail has its code, and no error holds the token', async () => {
  const fails = async (work: Promise<unknown>): Promise<{ code: string; message: string; retryable: boolean }> => work.then(() => { throw new Error('it did not fail'); }, (error: { code: string; message: string; retryable: boolean }) => error);
  const errors = [await fails(service({ token: 'guess' }).check())];
  expect(errors[0]).toMatchObject({ code: 'UNSUPPORTED', retryable: false, message: 'pins.example refused with 401: UNAUTHORIZED no such token. Check its token.' });
  for (const [status, body, code] of [[409, '{"error":{"reason":"INSUFFICIENT_FUNDS"}}', 'UNSUPPORTED'], [429, '', 'UNREACHABLE'], [503, 'later', 'UNREACHABLE'], [200, '<html>', 'UNREACHABLE'], [200, '{"count":1}', 'UNREACHABLE'], [200, '{"count":1,"results":[{"requestid":1}]}', 'UNREACHABLE'], [200, ' '.repeat(9_000_000), 'TOO_LARGE'], [302, '', 'UNREACHABLE']] as const) {
    instead = { status, body };
    errors.push(await fails(service().check()));
    expect(errors.at(-1), `${status} ${body.slice(0, 20)}`).toMatchObject({ code });
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  errors.push(await fails(service().check()));
  expect(errors.at(-1)).toMatchObject({ code: 'UNREACHABLE', retryable: true });
  for (const { message } of errors) expect(message).not.toMatch(/a-token-of|guess/);
});

test('one that is silent is given up on within the deadline', async () => {
  server.removeAllListeners('request');
  await expect(service({ deadlineMs: 100 }).check()).rejects.toMatchObject({ code: 'TIMEOUT' });
});
