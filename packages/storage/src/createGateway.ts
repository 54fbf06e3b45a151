import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock } from './BlockStore.ts';
import type { KnownBlock } from './carStream.ts';
import { carStream } from './carStream.ts';
import { IDENTITY, parseCid } from './cids.ts';
import type { ByteRange } from './entityBytes.ts';
import { resolveEntityBytes } from './entityBytes.ts';
import type { GatewayForm } from './gatewayForm.ts';
import { CAR, RAW, readForm } from './gatewayForm.ts';
import { resolvePath } from './resolvePath.ts';
import type { StorageErrorCode } from './StorageError.ts';
import { StorageError } from './StorageError.ts';

/** One place maps codes to status: 504 and 502 can come from a store that asks elsewhere. */
const STATUS: Record<StorageErrorCode, number> = {
  NOT_FOUND: 404, UNSUPPORTED: 400, TOO_LARGE: 500, MISMATCH: 500, TIMEOUT: 504, UNREACHABLE: 502,
};

/** `path` without the query, still percent-encoded; header names in lower case. */
export type GatewayRequest = { method: string; path: string; headers: Record<string, string | undefined>; query: Record<string, string> };

/** A stream that throws must break the connection, so that the client sees an incomplete CAR. */
export type GatewayResponse = { status: number; headers: Record<string, string>; body?: Uint8Array | AsyncIterable<Uint8Array> };

/**
 * A trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/) over `blocks`, for any HTTP
 * server: GET and HEAD of `/ipfs/{cid}` as a raw block or a CAR (version 1, depth first; `dag-scope`, `entity-bytes`,
 * `car-dups`), and of paths through UnixFS directories, plain or sharded, as a CAR. Not spoken: IPNS, deserialized answers;
 * `gatewayConformance.test.ts` has a row for each rule.
 *
 * Never rejects for a bad request or a missing block; those are responses.
 */
export function createGateway(blocks: BlockStore): (request: GatewayRequest) => Promise<GatewayResponse> {
  return async (request) => {
    try {
      return await answer(blocks, request);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const uncached = error.code === 'NOT_FOUND' && request.headers['cache-control']?.includes('only-if-cached') === true;
      return refusal(uncached ? 412 : STATUS[error.code], error.message);
    }
  };
}

async function answer(blocks: BlockStore, request: GatewayRequest): Promise<GatewayResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, `${request.method} is not served here. Use GET or HEAD.`, { allow: 'GET, HEAD' });
  const { cid, segments } = readPath(request.path);
  const form = readForm(request);
  if ('refused' in form) return refusal(form.status, form.refused);
  if (form.format === 'raw' && segments.length > 0) return refusal(400, 'Raw blocks have no paths below them. Ask for the block itself, or for format=car.');
  const headers = headersOf({ cid, path: request.path, form, fileName: request.query['filename'] });
  const known = request.headers['if-none-match'];
  if (segments.length === 0 && matches(known, headers['etag'] ?? '')) return { status: 304, headers };
  const path = await resolvePath({ blocks, root: { cid, bytes: await rootBlock(blocks, cid) }, segments });
  // What a star or a path stands for is known only now.
  if (known?.trim() === '*' || matches(known, headers['etag'] ?? '')) return { status: 304, headers };
  if (form.format === 'raw') return rawAnswer(request.method, headers, path[0].bytes);
  const { scope, range } = reach(form, path.at(-1) ?? path[0]);
  if (request.method === 'HEAD') return { status: 200, headers };
  return { status: 200, headers, body: carStream({ blocks, path, scope, duplicates: form.duplicates, ...(range ? { range } : {}) }) };
}

function rawAnswer(method: string, common: Record<string, string>, bytes: Uint8Array): GatewayResponse {
  const headers = { ...common, 'content-length': String(bytes.length) };
  return method === 'HEAD' ? { status: 200, headers } : { status: 200, headers, body: bytes };
}

/** Of a range that holds no byte the root alone is sent, from which a client sees why. */
function reach(form: Extract<GatewayForm, { format: 'car' }>, end: KnownBlock): { scope: typeof form.scope; range?: ByteRange } {
  if (form.entityBytes === undefined) return { scope: form.scope };
  const range = resolveEntityBytes(form.entityBytes, end);
  if (range === undefined) return { scope: 'entity' };
  return range.end > range.start ? { scope: 'entity', range } : { scope: 'block' };
}

async function rootBlock(blocks: BlockStore, cid: CID): Promise<Uint8Array> {
  if (cid.multihash.code === IDENTITY) return cid.multihash.digest;
  const bytes = await blocks.get(cid);
  await checkBlock(cid, bytes);
  return bytes;
}

const MAX_SEGMENTS = 32;

function readPath(path: string): { cid: CID; segments: string[] } {
  const parts = /^\/ipfs\/([^/]+)(\/.*)?$/.exec(path);
  const segments = (parts?.[2] ?? '').split('/').filter((segment) => segment !== '');
  if (parts?.[1] === undefined || segments.length > MAX_SEGMENTS) throw new StorageError({ code: 'UNSUPPORTED', message: `${path.slice(0, 200)} is not /ipfs/{cid}, with at most ${MAX_SEGMENTS} names behind it.` });
  return { cid: parseCid(parts[1]), segments: segments.map(decoded) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new StorageError({ code: 'UNSUPPORTED', message: `"${segment.slice(0, 100)}" is not percent-encoded text.`, cause });
  }
}

function headersOf(parameters: { cid: CID; path: string; form: GatewayForm; fileName: string | undefined }): Record<string, string> {
  const { cid, form, fileName } = parameters;
  const name = cid.toString();
  const path = parameters.path.replace(/\/+$/, '').replace(/^\/ipfs\/[^/]+/, `/ipfs/${name}`);
  const common = {
    'cache-control': 'public, max-age=29030400, immutable',
    'x-ipfs-path': path,
    'x-ipfs-roots': name,
    'x-content-type-options': 'nosniff',
    vary: 'Accept',
  };
  if (form.format === 'raw') {
    return { ...common, 'content-type': RAW, 'content-disposition': attachment(fileName ?? `${name}.bin`), 'content-location': `${path}?format=raw`, etag: `"${name}.raw"` };
  }
  const { scope, entityBytes, duplicates } = form;
  const dups = duplicates ? 'y' : 'n';
  const query = [...(scope === 'all' ? [] : [`dag-scope=${scope}`]), ...(entityBytes === undefined ? [] : [`entity-bytes=${encodeURIComponent(entityBytes)}`]), ...(duplicates ? ['car-dups=y'] : [])];
  const tag = [path.slice('/ipfs/'.length).replaceAll('/', '.'), 'car', scope, ...(entityBytes === undefined ? [] : [encodeURIComponent(entityBytes)]), 'dfs', dups].join('.');
  return {
    ...common,
    'content-type': `${CAR}; version=1; order=dfs; dups=${dups}`,
    'content-disposition': attachment(fileName ?? `${name}.car`),
    'content-location': [`${path}?format=car`, ...query].join('&'),
    // Weak for a CAR: its bytes may be cut differently by another version of this gateway.
    etag: `W/"${tag}"`,
  };
}

const MAX_FILE_NAME = 200;

/** A name of the client's choosing, as RFC 6266 writes it: plain for old readers, exact in the second form. */
function attachment(fileName: string): string {
  const name = fileName.slice(0, MAX_FILE_NAME).toWellFormed();
  const plain = name.replace(/[^ -~]|["\\/%]/g, '_');
  return `attachment; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`}`;
}

/** Weak comparison (RFC 9110, 13.1.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch !== undefined && ifNoneMatch.split(',').some((tag) => bare(tag) === bare(etag));
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): GatewayResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers },
    body: new TextEncoder().encode(`${message}\n`),
  };
}
