import { createWriter, headerLength } from '@ipld/car/buffer-writer';
import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { varint } from 'multiformats';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import type { BlockStore } from './BlockStore.ts';
import { checkBlock } from './BlockStore.ts';
import { malformed } from './fileNode.ts';
import { StorageError } from './StorageError.ts';

/** How much below the root goes into a CAR: nothing, the file, or everything. */
export type DagScope = 'block' | 'entity' | 'all';

/**
 * A CARv1 (https://ipld.io/specs/transport/car/carv1/) of the graph below `root`, depth first, each block once.
 *
 * Pulls one block at a time; remembers only the names of those sent. Every block is re-hashed on its way out.
 *
 * @throws StorageError `UNSUPPORTED` or `MISMATCH` at once for a root that cannot be walked; in the middle of the
 * stream where a block below it is missing or wrong.
 */
export function carStream(parameters: { blocks: BlockStore; root: CID; rootBytes: Uint8Array; scope: DagScope }): AsyncGenerator<Uint8Array> {
  const { root, rootBytes, scope } = parameters;
  return stream({ ...parameters, links: linksOf(root, rootBytes, scope) });
}

async function* stream(parameters: { blocks: BlockStore; root: CID; rootBytes: Uint8Array; links: CID[] }): AsyncGenerator<Uint8Array> {
  const { blocks, root, rootBytes, links } = parameters;
  yield header(root);
  yield* frame(root, rootBytes);
  const sent = new Set([root.toString()]);
  const stack = links.toReversed();
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    if (sent.has(cid.toString())) continue;
    sent.add(cid.toString());
    const bytes = await blocks.get(cid);
    await checkBlock(cid, bytes);
    yield* frame(cid, bytes);
    stack.push(...linksOf(cid, bytes, 'all').toReversed());
  }
}

function header(root: CID): Uint8Array {
  return createWriter(new ArrayBuffer(headerLength({ roots: [root] })), { roots: [root] }).close();
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

function linksOf(cid: CID, bytes: Uint8Array, scope: DagScope): CID[] {
  if (scope === 'block' || cid.code === raw.code) return [];
  if (cid.code !== dagPb.code) throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: `${cid.toString()} has codec 0x${cid.code.toString(16)}; CARs are made of dag-pb and raw. Ask for dag-scope=block or format=raw.` });
  const node = decodeNode(cid, bytes);
  return scope === 'entity' && !isFile(node) ? [] : node.Links.map((link) => link.Hash);
}

function decodeNode(cid: CID, bytes: Uint8Array): dagPb.PBNode {
  try {
    return dagPb.decode(bytes);
  } catch (cause) {
    throw malformed(cid, 'it does not decode', cause);
  }
}

/** What is no UnixFS at all has no entity larger than its root. */
function isFile(node: dagPb.PBNode): boolean {
  try {
    return UnixFS.unmarshal(node.Data ?? new Uint8Array()).type === 'file';
  } catch {
    return false;
  }
}
