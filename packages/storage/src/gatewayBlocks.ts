import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { MAX_BLOCK_BYTES, checkBlock, notFound } from './BlockStore.ts';
import { StorageError } from './StorageError.ts';

const RAW = 'application/vnd.ipld.raw';

/** Time that one block may take from request to last byte, in milliseconds. */
export const DEFAULT_DEADLINE_MS = 15_000;
/** How often a block is sent again, and how long the first time waits, in milliseconds; each later one waits twice as long as the one before, and has twice the time. */
const [MOST_RETRIES, RETRY_MS] = [3, 1_000];

/** A block that did not arrive is about to be sent again: for which time, of how many at most. */
export type BlockRetry = { number: number; of: number; error: StorageError };

export type GatewayBlocksParameters = {
  /** Base address, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** The `fetch` to use, e.g. one that adds credentials. */
  fetch?: typeof fetch;
  /** Time for one block, from request to last byte, in milliseconds. */
  deadlineMs?: number;
  /** Asks for blocks that the gateway has itself (`Cache-Control: only-if-cached`): two gateways that ask each other need it. */
  onlyIfCached?: boolean;
  /** Whether `put` may upload. Off by default: most gateways are read-only. */
  upload?: boolean;
  /** Is told before `put` sends a block again. */
  onRetry?: (retry: BlockRetry) => void;
  /** What the first of them waits, in milliseconds. */
  retryMs?: number;
};

/** Blocks from this size on are asked for before they are sent: what was interrupted goes on where it was, and asking costs less than sending. */
const ASK_FIRST_BYTES = 16 * 1024;

/** After so many answers in a row that a block is not there, only one in as many is asked for: what was never sent is not asked for each time. */
const ABSENT_IN_A_ROW = 8;

type Call = { cid: CID; path: string; init: RequestInit; signal: AbortSignal | undefined; /** Where it is another than that of all. */ deadlineMs?: number };

/**
 * Blocks of a trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/).
 *
 * Reads with `GET {url}/ipfs/{cid}?format=raw`; writes, where `upload` is set, with
 * `PUT {url}/api/v1/blocks/{cid}`, large blocks only where `HEAD` says that they are not there; after many that were not, only some are asked for. A block that did not arrive
 * for reasons that pass (silence, a broken connection, 408, 429, 5xx) is sent again three times, with growing pauses and deadlines. Every block is re-hashed before it is returned.
 *
 * @throws StorageError from its methods: `NOT_FOUND`, `TIMEOUT` after `deadlineMs`, `MISMATCH` or `TOO_LARGE` for
 * wrong bytes, `UNREACHABLE` if the gateway cannot be reached or answers with an error.
 */
export function gatewayBlocks(parameters: GatewayBlocksParameters): BlockStore {
  const call = caller(parameters);
  const headers = { accept: RAW, ...(parameters.onlyIfCached ? { 'cache-control': 'only-if-cached' } : {}) };
  const ipfs = (cid: CID): string => `/ipfs/${cid.toString()}?format=raw`;
  const mayBeThere = createGuess();
  // Among its own: it is to keep the block, not to know of somebody who does. Where it does not say, the block is sent.
  const isThere = (cid: CID): Promise<boolean> =>
    call({ cid, path: ipfs(cid), init: { method: 'HEAD', headers: { accept: RAW, 'cache-control': 'only-if-cached' } }, signal: undefined }, async (response) => response.ok).catch(() => false);
  return {
    has: (cid, options) =>
      call({ cid, path: ipfs(cid), init: { method: 'HEAD', headers }, signal: options?.signal }, async (response) => {
        if (isMissing(response)) return false;
        assertOk(parameters.url, cid, response);
        return true;
      }),
    get: (cid, options) =>
      call({ cid, path: ipfs(cid), init: { headers }, signal: options?.signal }, async (response) => {
        if (isMissing(response)) throw notFound(cid, parameters.url);
        assertOk(parameters.url, cid, response);
        const bytes = await readBounded(cid, response);
        await checkBlock(cid, bytes);
        return bytes;
      }),
    put: async (cid, bytes, { hashed = false } = {}) => {
      if (parameters.upload !== true) {
        throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: `Gateway ${parameters.url} is used read-only. Create it with upload: true to send blocks there.` });
      }
      if (!hashed) await checkBlock(cid, bytes);
      if (bytes.length >= ASK_FIRST_BYTES && (await mayBeThere(() => isThere(cid)))) return;
      const init = { method: 'PUT', headers: { 'content-type': RAW }, body: bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes) };
      await again(parameters, (deadlineMs) => call({ cid, path: `/api/v1/blocks/${cid.toString()}`, init, signal: undefined, deadlineMs }, async (response) => {
        assertOk(parameters.url, cid, response);
      }));
    },
  };
}

/** Sends until it arrives, as often as is worth it. Throws what was wrong last. */
async function again({ deadlineMs = DEFAULT_DEADLINE_MS, retryMs = RETRY_MS, onRetry }: GatewayBlocksParameters, send: (deadlineMs: number) => Promise<void>): Promise<void> {
  for (let number = 1; ; number += 1) {
    const factor = 2 ** (number - 1);
    try {
      return await send(deadlineMs * factor);
    } catch (error) {
      if (number > MOST_RETRIES || !(error instanceof StorageError) || !mayPass(error)) throw error;
      onRetry?.({ number, of: MOST_RETRIES, error });
      await new Promise((resolve) => { setTimeout(resolve, retryMs * factor); });
    }
  }
}

/** Whether the same request may succeed a moment later. A gateway that answered something else means it. */
function mayPass({ code, status }: StorageError): boolean {
  return code === 'TIMEOUT' || (code === 'UNREACHABLE' && (status === undefined || status === 408 || status === 429 || status >= 500));
}

/** Asks where an answer is likely to save something: always while blocks are found, now and then once many in a row were not. */
function createGuess(): (ask: () => Promise<boolean>) => Promise<boolean> {
  let [absent, passed] = [0, 0];
  return async (ask) => {
    if (absent >= ABSENT_IN_A_ROW) {
      passed = (passed + 1) % ABSENT_IN_A_ROW;
      if (passed !== 0) return false;
    }
    const there = await ask();
    absent = there ? 0 : absent + 1;
    return there;
  };
}

/** Runs one request to its last byte under the deadline, and turns what goes wrong into a StorageError. */
function caller(parameters: GatewayBlocksParameters) {
  const base = parameters.url.replace(/\/+$/, '');
  const usual = parameters.deadlineMs ?? DEFAULT_DEADLINE_MS;
  // Not detached at creation: a browser's fetch insists on being called on its window.
  const send: typeof fetch = parameters.fetch ?? ((input, init) => fetch(input, init));
  return async <T>({ cid, path, init, signal, deadlineMs = usual }: Call, read: (response: Response) => Promise<T>): Promise<T> => {
    const name = cid.toString();
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    let response: Response | undefined;
    try {
      response = await send(`${base}${path}`, { ...init, signal: either });
      return await read(response);
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      signal?.throwIfAborted();
      if (deadline.aborted) {
        throw new StorageError({ code: 'TIMEOUT', cid: name, cause, message: `${parameters.url} did not deliver block ${name} within ${deadlineMs} ms. Ask another peer, or raise deadlineMs.` });
      }
      throw new StorageError({ code: 'UNREACHABLE', cid: name, cause, message: `${parameters.url} cannot be reached for block ${name}. Check the address and that the node runs.` });
    } finally {
      // An unread body keeps its connection; one that was read to the end is locked or closed already.
      if (response?.bodyUsed === false) await response.body?.cancel().catch(() => undefined);
    }
  };
}

function isMissing(response: Response): boolean {
  // 412: not among its own blocks, where only those were asked for.
  return response.status === 404 || response.status === 410 || response.status === 412;
}

function assertOk(url: string, cid: CID, response: Response): void {
  if (response.ok) return;
  const name = cid.toString();
  throw new StorageError({ code: 'UNREACHABLE', cid: name, status: response.status, message: `${url} answered ${response.status} for block ${name}. Try later or ask another peer.` });
}

async function readBounded(cid: CID, response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  // A reader, not `for await`: streams are not iterable in every browser yet.
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > MAX_BLOCK_BYTES) {
      await reader.cancel();
      const name = cid.toString();
      throw new StorageError({ code: 'TOO_LARGE', cid: name, message: `More than ${MAX_BLOCK_BYTES} bytes came for block ${name}. They were discarded; ask another peer.` });
    }
  }
  return joined(chunks, size);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
