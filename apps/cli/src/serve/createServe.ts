import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NeuroError } from '@neurodata/protocol';
import { type Hub, HubError, type HubResponse, type HubSource, createEntitledSource, createHub, type NeuroClient } from '@neurodata/sdk';
import type { DraftStore } from '../drafts/createDraftStore.ts';
import type { Draft } from '../drafts/draft.ts';
import { type Uploads, createUploads } from './createUploads.ts';
import { showsToken } from './serveToken.ts';

export type ServeParameters = {
  client: NeuroClient;
  token: string;
  /** 0 picks a free one. */
  port: number;
  /** A loopback address. */
  host?: string;
  /** Where copies of tables lie while they are asked, for this user alone. */
  viewerFolder: string;
  /** Told of each request once it is answered. */
  answered?: (line: string) => void;
  /** Where uploads are kept until they are published; without it, none are taken. */
  drafts?: DraftStore;
  /** Told of each draft that a commit made or changed. */
  committed?: (draft: Draft) => void;
};
export type Serve = { url: string; stop(): Promise<void> };

const loopback = ['127.0.0.1', 'localhost', '::1'];
const MOST_BODY = 256 * 1024;
/** A client that is refused while it sends reads the answer only once it has sent this much at most. */
const MOST_DRAINED = 512 * 2 ** 20;
/** Large files take their time, also on one machine. */
const UPLOAD_MS = 6 * 3_600_000;
/** The largest table that is asked, and what copies of tables take. */
const [MOST_TABLE, MOST_COPIES] = [4 * 2 ** 30, 16 * 2 ** 30];

/**
 * Serves what the client's account may open to this machine's own programs, in the hub's wire. Every caller shows the token; only names of this machine are
 * answered, so that no page can point its own name here. Throws `BAD_INPUT` for another address, `CONFLICT` where the port is taken.
 */
export async function createServe(parameters: ServeParameters): Promise<Serve> {
  const { client, token, port, host = '127.0.0.1', viewerFolder, answered, drafts, committed } = parameters;
  if (!loopback.includes(host)) throw new NeuroError(`${host} is not an address of this machine alone.`, { code: 'BAD_INPUT', remedy: `Use one of ${loopback.join(', ')}.` });
  const authorize = guard(token, client.account?.address ?? 'nobody');
  const source = createEntitledSource({ client, authorize });
  const { createHubTables } = await import('../commands/queries.ts');
  const tables = createHubTables({ folder: viewerFolder, mostBytes: MOST_TABLE, keepBytes: MOST_COPIES });
  let url = '';
  const hub = createHub({ source, tables, origin: () => url });
  const uploads = drafts && createUploads({ store: drafts, token, authorize, expectLocal, findAsset: (assetId) => source.findAsset(assetId), account: client.account?.address, ...(committed ? { committed } : {}) });
  await drafts?.sweep();
  const server = createServer({ requestTimeout: UPLOAD_MS }, (request, response) => {
    // Without what signs an upload's address.
    response.on('close', () => answered?.(`${request.method} ${request.url?.split('?')[0]?.slice(0, 200)} ${response.statusCode}`));
    answer({ hub, uploads }, request, response).catch(() => response.destroy());
  });
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  url = `http://${host === '::1' ? '[::1]' : host}:${taken}`;
  return {
    url,
    stop: async () => {
      const closed = new Promise((resolve) => { server.close(resolve); });
      server.closeAllConnections();
      await closed;
      await tables.stop();
    },
  };
}

/** Refuses a request that names another host: a page that points its own name at this machine. */
function expectLocal(headers: Record<string, string | undefined>): void {
  const hostName = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?$/i.exec(headers['host'] ?? '')?.[1]?.replace(/^\[|\]$/g, '').toLowerCase();
  if (hostName === undefined || !loopback.includes(hostName)) throw new HubError('This is served to this machine only.', { status: 403, code: 'Unauthorized' });
}

function guard(token: string, name: string): HubSource['authorize'] {
  return (headers) => {
    expectLocal(headers);
    // Just these words: at others, clients take a 401 for a repository that does not exist.
    if (!showsToken(headers['authorization'], token)) throw new HubError('Invalid credentials in Authorization header', { status: 401, code: 'Unauthorized', headers: { 'www-authenticate': 'Bearer realm="neurodata serve: set HF_TOKEN to the token that it printed"' } });
    return { name };
  };
}

async function answer({ hub, uploads }: { hub: Hub; uploads: Uploads | undefined }, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  const [method, url] = [request.method ?? 'GET', request.url ?? '/'];
  const uploaded = await uploads?.({ method, url, headers, body: piecesOf(request) });
  if (uploaded) await drain(request);
  await send(response, uploaded ?? (await hub({ method, url, headers, body: await readBody(request), signal: gone.signal })));
}

async function send(response: ServerResponse, { status, headers, body }: HubResponse): Promise<void> {
  response.writeHead(status, headers);
  if (body === undefined) response.end();
  else if (body instanceof Uint8Array) response.end(body);
  // A failing chunk ends the connection: the length was promised, so no client takes what came for the whole.
  else await pipeline(Readable.from(body, { objectMode: false }), response);
}

/** The body, which stays open where somebody stops reading it: an answer goes the same way. */
async function* piecesOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) yield piece;
}

/** Reads on what nobody wanted, so that the client gets to read why. Throws where it does not end. */
async function drain(request: IncomingMessage): Promise<void> {
  let left = MOST_DRAINED;
  for await (const piece of piecesOf(request)) {
    left -= piece.length;
    if (left < 0) throw new Error('the body is too long');
  }
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
