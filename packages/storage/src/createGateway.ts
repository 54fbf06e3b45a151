import { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock } from './BlockStore.ts';
import type { DagScope } from './carStream.ts';
import { carStream } from './carStream.ts';
import { parseCid } from './cids.ts';
import type { StorageErrorCode } from './StorageError.ts';
import { StorageError } from './StorageError.ts';

const RAW = 'application/vnd.ipld.raw';
const CAR = 'application/vnd.ipld.car';

/** Hash "function" of a CID that carries its content itself: the spec's probe `bafkqaaa` is one. */
const IDENTITY = 0;

/** One place maps codes to status: 504 and 502 can come from a store that asks elsewhere. */
const STATUS: Record<StorageErrorCode, number> = {
  NOT_FOUND: 404, UNSUPPORTED: 400, TOO_LARGE: 500, MISMATCH: 500, TIMEOUT: 504, UNREACHABLE: 502,
};

/** `path` without the query, still percent-encoded; header names in lower case. */
export type GatewayRequest = { method: string; path: string; headers: Record<string, string | undefined>; query: Record<string, string> };

/** A stream that throws must break the connection, so that the client sees an incomplete CAR. */
export type GatewayResponse = { status: number; headers: Record<string, string>; body?: Uint8Array | AsyncIterable<Uint8Array> };

type Format = 'raw' | 'car';

/**
 * A trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/) over `blocks`, for any HTTP
 * server: GET and HEAD of `/ipfs/{cid}` as a raw block or a CAR (version 1, depth first, no duplicates,
 * `dag-scope`). Not spoken: paths below a CID, `entity-bytes`, IPNS; they are answered with 400.
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
  const cid = cidOfPath(request.path);
  const format = formatOf(request);
  if (typeof format !== 'string') return format;
  const scope = scopeOf(request, format);
  const headers = headersOf({ cid, format, scope });
  if (matches(request.headers['if-none-match'], headers['etag'] ?? '')) return { status: 304, headers };
  const bytes = await rootBlock(blocks, cid);
  if (format === 'raw') headers['content-length'] = String(bytes.length);
  if (request.method === 'HEAD') return { status: 200, headers };
  if (format === 'raw') return { status: 200, headers, body: bytes };
  return { status: 200, headers, body: carStream({ blocks, root: cid, rootBytes: bytes, scope }) };
}

async function rootBlock(blocks: BlockStore, cid: CID): Promise<Uint8Array> {
  if (cid.multihash.code === IDENTITY) return cid.multihash.digest;
  const bytes = await blocks.get(cid);
  await checkBlock(cid, bytes);
  return bytes;
}

function cidOfPath(path: string): CID {
  const parts = /^\/ipfs\/([^/]+)\/?$/.exec(path);
  if (parts?.[1] === undefined) throw new StorageError({ code: 'UNSUPPORTED', message: `${path.slice(0, 200)} is not /ipfs/{cid}. Paths below a CID are not served; ask for the block itself.` });
  return parseCid(parts[1]);
}

/** The query wins over the header, as the spec says. */
function formatOf({ headers, query }: GatewayRequest): Format | GatewayResponse {
  const { format } = query;
  if (format === 'raw' || format === 'car') return format;
  if (format !== undefined) return refusal(406, `Format ${format.slice(0, 40)} is not served. Use format=raw or format=car.`);
  const accept = headers['accept'];
  if (accept === undefined) return refusal(400, `No format was asked for. Add ?format=raw or Accept: ${RAW}.`);
  const wanted = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()));
  for (const [type, ...options] of wanted) {
    if (type === RAW) return 'raw';
    if (type === CAR && !options.some((option) => /^version=(?!1$)/.test(option))) return 'car';
  }
  return refusal(406, `Only verifiable formats are served. Use Accept: ${RAW} or ${CAR}.`);
}

function scopeOf({ query }: GatewayRequest, format: Format): DagScope {
  if (format === 'raw') return 'block';
  const scope = query['dag-scope'] ?? 'all';
  if (query['entity-bytes'] !== undefined) throw new StorageError({ code: 'UNSUPPORTED', message: 'entity-bytes is not served. Read the blocks of the range with format=raw.' });
  if (scope === 'block' || scope === 'entity' || scope === 'all') return scope;
  throw new StorageError({ code: 'UNSUPPORTED', message: `dag-scope=${scope.slice(0, 40)} is not served. Use block, entity or all.` });
}

function headersOf(parameters: { cid: CID; format: Format; scope: DagScope }): Record<string, string> {
  const { cid, format, scope } = parameters;
  const name = cid.toString();
  const isRaw = format === 'raw';
  return {
    'content-type': isRaw ? RAW : `${CAR}; version=1; order=dfs; dups=n`,
    'content-disposition': `attachment; filename="${name}.${isRaw ? 'bin' : 'car'}"`,
    'content-location': `/ipfs/${name}?format=${format}${isRaw || scope === 'all' ? '' : `&dag-scope=${scope}`}`,
    'cache-control': 'public, max-age=29030400, immutable',
    // Weak for a CAR: its bytes may be cut differently by another version of this gateway.
    etag: isRaw ? `"${name}.raw"` : `W/"${name}.car.${scope}.dfs.n"`,
    'x-ipfs-path': `/ipfs/${name}`,
    'x-ipfs-roots': name,
    'x-content-type-options': 'nosniff',
    vary: 'Accept',
  };
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
