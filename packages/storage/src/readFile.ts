import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock } from './BlockStore.ts';
import { parseCid } from './cids.ts';
import type { FileNode } from './fileNode.ts';
import { decodeFileNode, malformed } from './fileNode.ts';
import { StorageError } from './StorageError.ts';

/** Blocks fetched ahead, on each level of the tree: hides the latency of a gateway, bounds the memory. */
const LOOKAHEAD = 3;

/** Levels of a tree that are walked. The importer reaches 1 PiB with five. */
const MAX_DEPTH = 32;

export type ReadFileParameters = {
  cid: string;
  /** First byte, 0 by default. Past the end gives nothing. */
  offset?: number;
  /** Bytes at most, to the end by default. */
  length?: number;
  /** Called with the bytes delivered so far. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
};

/** A node still to visit: where its bytes start in the file, and how many the parent promised. */
type Visit = { cid: CID; start: number; size: number | undefined; depth: number; block?: Promise<Uint8Array> };

/**
 * Reads a UnixFS file, or a range of it, in order. Only the blocks of the range are fetched; each is re-hashed
 * here, whatever the store did, and its size compared with its parent's word before a byte of it is delivered.
 *
 * @throws StorageError of the store, or `MISMATCH` / `UNSUPPORTED` for a tree that is not a sound file; the
 * signal's reason once aborted.
 */
export async function* readFile(blocks: BlockStore, parameters: ReadFileParameters): AsyncGenerator<Uint8Array> {
  const { offset = 0, length = Number.MAX_SAFE_INTEGER - offset, onProgress, signal } = parameters;
  assertRange(offset, length);
  const end = offset + length;
  const stack: Visit[] = [{ cid: parseCid(parameters.cid), start: 0, size: undefined, depth: 0 }];
  let delivered = 0;
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    signal?.throwIfAborted();
    visit.block ??= load(blocks, visit.cid, signal);
    for (const next of stack.slice(-LOOKAHEAD).toReversed()) next.block ??= load(blocks, next.cid, signal);
    const node = checkedNode(visit, await abortable(visit.block, signal));
    stack.push(...childrenInRange({ visit, node, offset, end }).toReversed());
    const bytes = node.data.subarray(Math.max(0, offset - visit.start), Math.max(0, end - visit.start));
    if (bytes.length === 0) continue;
    delivered += bytes.length;
    onProgress?.(delivered);
    yield bytes;
  }
}

/** The size of a file in bytes, from its root block alone. */
export async function fileSize(blocks: BlockStore, cid: string): Promise<number> {
  const root = parseCid(cid);
  return decodeFileNode(root, await load(blocks, root, undefined)).size;
}

/** Reads one block and checks it. */
export function load(blocks: BlockStore, cid: CID, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const block = blocks.get(cid, signal === undefined ? undefined : { signal }).then(async (bytes) => {
    await checkBlock(cid, bytes);
    return bytes;
  });
  // A block fetched ahead may fail after the reader left; whoever awaits it still gets the error.
  block.catch(() => undefined);
  return block;
}

function checkedNode(visit: Visit, block: Uint8Array): FileNode {
  const node = decodeFileNode(visit.cid, block);
  if (visit.size !== undefined && node.size !== visit.size) throw malformed(visit.cid, `it holds ${node.size} bytes where its parent says ${visit.size}`);
  if (visit.depth >= MAX_DEPTH && node.links.length > 0) throw malformed(visit.cid, `it lies deeper than ${MAX_DEPTH} levels`);
  return node;
}

/** Empty children are left out too: a tree of them could be walked for ever without giving a byte. */
function childrenInRange(parameters: { visit: Visit; node: FileNode; offset: number; end: number }): Visit[] {
  const { visit, node, offset, end } = parameters;
  let start = visit.start + node.data.length;
  const visits: Visit[] = [];
  for (const { cid, size } of node.links) {
    if (size > 0 && start < end && start + size > offset) visits.push({ cid, start, size, depth: visit.depth + 1 });
    start += size;
  }
  return visits;
}

function assertRange(offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0) return;
  throw new StorageError({ code: 'UNSUPPORTED', message: `Range offset ${offset}, length ${length} is not one. Give whole numbers from 0 up.` });
}

/** Lets go of a store that does not listen to the signal. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
