import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sendBytes } from './sendBytes.ts';

const open: { close(): void }[] = [];
afterEach(() => { for (const server of open.splice(0)) server.close(); });

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  open.push({ close: () => { server.closeAllConnections(); server.close(); } });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const bytes = new Uint8Array(randomBytes(1 << 20));
const digest = createHash('sha256').update(bytes).digest('hex');

test('bytes arrive as they are, with their headers and length, and the answer is read', async () => {
  const url = await serve(async (request, response) => {
    const body = await bodyOf(request);
    response.writeHead(201, { 'content-type': 'application/json', 'x-two': ['a', 'b'] }).end(JSON.stringify({ digest: createHash('sha256').update(body).digest('hex'), type: request.headers['content-type'], length: request.headers['content-length'] }));
  });
  for (let turn = 0; turn < 3; turn += 1) {
    const answer = await sendBytes(`${url}/x`, { method: 'PUT', headers: { 'content-type': 'application/vnd.ipld.raw' }, body: bytes });
    expect([answer.status, answer.ok, answer.headers.get('x-two')]).toEqual([201, true, 'a, b']);
    expect(await answer.json()).toEqual({ digest, type: 'application/vnd.ipld.raw', length: '1048576' });
  }
});

test('a refusal is an answer, also one that comes before all was sent', async () => {
  const url = await serve((_request, response) => void response.writeHead(413, { connection: 'close' }).end('too much'));
  const answer = await sendBytes(url, { method: 'PUT', body: new Uint8Array(1 << 16) });
  expect([answer.status, await answer.text()]).toEqual([413, 'too much']);
  const empty = await serve((request, response) => void bodyOf(request).then(() => response.writeHead(204).end()));
  expect((await sendBytes(empty, { method: 'PUT', body: bytes })).status).toBe(204);
});

test('what was moved is followed, and other requests are those of fetch', async () => {
  const url = await serve(async (request, response) => {
    if (request.url === '/old') return void request.resume().on('end', () => response.writeHead(308, { location: '/new' }).end());
    const body = await bodyOf(request);
    response.end(`${request.method} ${request.url} ${body.length}`);
  });
  expect(await (await sendBytes(`${url}/old`, { method: 'PUT', body: bytes })).text()).toBe('PUT /new 1048576');
  expect(await (await sendBytes(new URL('/get', url))).text()).toBe('GET /get 0');
  expect(await (await sendBytes(`${url}/text`, { method: 'PUT', body: 'abc' })).text()).toBe('PUT /text 3');
});

test('silence ends with the deadline, a closed door at once, and a kept connection that was closed is no failure', async () => {
  const silent = await serve((request) => void request.resume());
  await expect(sendBytes(silent, { method: 'PUT', body: bytes, signal: AbortSignal.timeout(100) })).rejects.toThrow();
  await expect(sendBytes('http://127.0.0.1:1', { method: 'PUT', body: bytes })).rejects.toThrow('ECONNREFUSED');
  const hasty = await serve((request, response) => {
    void bodyOf(request).then(() => response.end('kept'));
    // It says that it keeps the connection, and closes it.
    response.on('finish', () => setTimeout(() => request.socket.destroy(), 20));
  });
  for (let turn = 0; turn < 5; turn += 1) {
    expect(await (await sendBytes(hasty, { method: 'PUT', body: bytes })).text()).toBe('kept');
    await new Promise((resolve) => { setTimeout(resolve, 18 + turn); });
  }
});
