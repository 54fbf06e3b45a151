import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NeuroError } from '@neurodata/protocol';
import { type Hub, HubError, type HubSource, createEntitledSource, createHub, type NeuroClient } from '@neurodata/sdk';
import { showsToken } from './serveToken.ts';

export type ServeParameters = {
  client: NeuroClient;
  token: string;
  /** 0 picks a free one. */
  port: number;
  /** A loopback address. */
  host?: string;
  /** Told of each request once it is answered. */
  answered?: (line: string) => void;
};
export type Serve = { url: string; stop(): Promise<void> };

const loopback = ['127.0.0.1', 'localhost', '::1'];
const MOST_BODY = 256 * 1024;

/**
 * Serves what the client's account may open to this machine's own programs, in the hub's wire. Every caller shows the token; only names of this machine are
 * answered, so that no page can point its own name here. Throws `BAD_INPUT` for another address, `CONFLICT` where the port is taken.
 */
export async function createServe(parameters: ServeParameters): Promise<Serve> {
  const { client, token, port, host = '127.0.0.1', answered } = parameters;
  if (!loopback.includes(host)) throw new NeuroError(`${host} is not an address of this machine alone.`, { code: 'BAD_INPUT', remedy: `Use one of ${loopback.join(', ')}.` });
  const hub = createHub({ source: createEntitledSource({ client, authorize: guard(token, client.account?.address ?? 'nobody') }) });
  const server = createServer((request, response) => {
    response.on('close', () => answered?.(`${request.method} ${request.url?.slice(0, 200)} ${response.statusCode}`));
    answer(hub, request, response).catch(() => response.destroy());
  });
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${taken}`,
    stop: async () => {
      const closed = new Promise((resolve) => { server.close(resolve); });
      server.closeAllConnections();
      await closed;
    },
  };
}

function guard(token: string, name: string): HubSource['authorize'] {
  return (headers) => {
    const hostName = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?$/i.exec(headers['host'] ?? '')?.[1]?.replace(/^\[|\]$/g, '').toLowerCase();
    if (hostName === undefined || !loopback.includes(hostName)) throw new HubError('This is served to this machine only.', { status: 403, code: 'Unauthorized' });
    // Just these words: at others, clients take a 401 for a repository that does not exist.
    if (!showsToken(headers['authorization'], token)) throw new HubError('Invalid credentials in Authorization header', { status: 401, code: 'Unauthorized', headers: { 'www-authenticate': 'Bearer realm="neurodata serve: set HF_TOKEN to the token that it printed"' } });
    return { name };
  };
}

async function answer(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  const body = await readBody(request);
  const answered = await hub({ method: request.method ?? 'GET', url: request.url ?? '/', headers, body, signal: gone.signal });
  response.writeHead(answered.status, answered.headers);
  if (answered.body === undefined) response.end();
  else if (answered.body instanceof Uint8Array) response.end(answered.body);
  // A failing chunk ends the connection: the length was promised, so no client takes what came for the whole.
  else await pipeline(Readable.from(answered.body, { objectMode: false }), response);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BODY) throw new Error('the body is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new NeuroError(`${host}:${port} cannot be listened on.`, { code: 'CONFLICT', details: String(cause), remedy: 'Choose another --port.', cause })));
    server.listen(port, host, resolve);
  });
}
