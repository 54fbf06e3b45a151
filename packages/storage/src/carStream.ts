import { createWriter, headerLength } from '@ipld/car/buffer-writer';
import * as dagPb from '@ipld/dag-pb';
import { varint } from 'multiformats';
import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock } from './BlockStore.ts';
import { IDENTITY } from './cids.ts';
import type { DagScope } from './dagLinks.ts';
import { dagLinks } from './dagLinks.ts';
import type { ByteRange } from './entityBytes.ts';
import { childrenInRange } from './entityBytes.ts';

/** A block that is there already: its bytes belong to its CID. */
export type KnownBlock = { cid: CID; bytes: Uint8Array };

export type CarStreamParameters = {
  blocks: BlockStore;
  /** From the root to the block whose graph is sent: one, where no path was asked for. */
  path: readonly [KnownBlock, ...KnownBlock[]];
  scope: DagScope;
  /** Of a file: its blocks that hold a byte of this range, and those above them. */
  range?: ByteRange;
  /** Whether a block is sent each time that the walk meets it, instead of once. */
  duplicates?: boolean;
};

/**
 * A CARv1 (https://ipld.io/specs/transport/car/carv1/) of the graph below the end of `path`, depth first.
 *
 * Pulls one block at a time; remembers only the names of those sent. Every block is re-hashed on its way out. What a CID holds itself
 * (identity) is never sent as a block.
 *
 * @throws StorageError `UNSUPPORTED` or `MISMATCH` at once for an end that cannot be walked; in the middle of the
 * stream where a block below it is missing or wrong.
 */
export function carStream(parameters: CarStreamParameters): AsyncGenerator<Uint8Array> {
  const { path, scope, range } = parameters;
  const end = path.at(-1) ?? path[0];
  return stream(parameters, linksBelow({ block: end, start: 0, scope, range }));
}

/** A CARv1 of everything below each of `roots`, each block once. @throws StorageError as {@link carStream}, in the middle. */
export async function* exportCar(parameters: { blocks: BlockStore; roots: readonly [CID, ...CID[]]; onBlock?: (bytes: number) => void }): AsyncGenerator<Uint8Array> {
  const { blocks, roots, onBlock } = parameters;
  yield header(roots);
  yield* walk({ blocks, visits: roots.map((cid) => ({ cid, start: 0 })), scope: 'all', ...(onBlock ? { onBlock } : {}) });
}

/** `start`: where its bytes begin in the file, counted where a range is asked for. */
type Visit = { cid: CID; start: number };
type Walk = { blocks: BlockStore; visits: Visit[]; scope: DagScope; range?: ByteRange | undefined; duplicates?: boolean | undefined; sent?: Set<string>; onBlock?: (bytes: number) => void };

async function* stream({ blocks, path, scope, range, duplicates }: CarStreamParameters, visits: Visit[]): AsyncGenerator<Uint8Array> {
  yield header([path[0].cid]);
  const sent = new Set<string>();
  for (const { cid, bytes } of path) {
    if (cid.multihash.code === IDENTITY || sent.has(cid.toString())) continue;
    sent.add(cid.toString());
    yield* frame(cid, bytes);
  }
  yield* walk({ blocks, visits, scope, range, duplicates, sent });
}

async function* walk({ blocks, visits, scope, range, duplicates = false, sent = new Set(), onBlock }: Walk): AsyncGenerator<Uint8Array> {
  const stack = visits.toReversed();
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { cid, start } = visit;
    const isIdentity = cid.multihash.code === IDENTITY;
    if (!duplicates && sent.has(cid.toString())) continue;
    sent.add(cid.toString());
    const bytes = isIdentity ? cid.multihash.digest : await blocks.get(cid);
    if (!isIdentity) {
      await checkBlock(cid, bytes);
      yield* frame(cid, bytes);
      onBlock?.(bytes.length);
    }
    // One by one: a node of many links would be too many arguments.
    for (const next of linksBelow({ block: { cid, bytes }, start, scope, range }).toReversed()) stack.push(next);
  }
}

/** Below the root of an "entity" come nothing but parts of it, so one rule serves all levels. */
function linksBelow(parameters: { block: KnownBlock; start: number; scope: DagScope; range: ByteRange | undefined }): Visit[] {
  const { block: { cid, bytes }, start, scope, range } = parameters;
  if (range && cid.code === dagPb.code) return childrenInRange({ cid, bytes, start, range });
  return dagLinks(cid, bytes, scope).map((link) => ({ cid: link, start: 0 }));
}

function header(roots: readonly CID[]): Uint8Array {
  return createWriter(new ArrayBuffer(headerLength({ roots: [...roots] })), { roots: [...roots] }).close();
}

/** Length of what follows, CID, block; in two pieces, so that the block is not copied. */
function* frame(cid: CID, bytes: Uint8Array): Generator<Uint8Array> {
  const length = cid.bytes.length + bytes.length;
  const head = new Uint8Array(varint.encodingLength(length) + cid.bytes.length);
  varint.encodeTo(length, head);
  head.set(cid.bytes, head.length - cid.bytes.length);
  yield head;
  if (bytes.length > 0) yield bytes;
}
