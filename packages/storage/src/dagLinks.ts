import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { malformed } from './fileNode.ts';
import { StorageError } from './StorageError.ts';

/** How much below a block belongs to what is asked for: nothing, the file or the list of a directory, or everything. */
export type DagScope = 'block' | 'entity' | 'all';

/**
 * The blocks that a block names, in their order, as far as `scope` takes them in.
 *
 * @throws StorageError `UNSUPPORTED` where all is asked of a codec other than raw and dag-pb, `MISMATCH` for a node that does not decode.
 */
export function dagLinks(cid: CID, bytes: Uint8Array, scope: DagScope): CID[] {
  if (scope === 'block' || cid.code === raw.code) return [];
  if (cid.code !== dagPb.code) {
    if (scope === 'entity') return [];
    throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: `${cid.toString()} has codec 0x${cid.code.toString(16)}; CARs are made of dag-pb and raw. Ask for dag-scope=block or format=raw.` });
  }
  const node = decodeNode(cid, bytes);
  const links = scope === 'all' ? node.Links : entityLinks(node);
  return links.map((link) => link.Hash);
}

/** Decodes a dag-pb block. @throws StorageError `MISMATCH` naming it. */
export function decodeNode(cid: CID, bytes: Uint8Array): dagPb.PBNode {
  try {
    return dagPb.decode(bytes);
  } catch (cause) {
    throw malformed(cid, 'it does not decode', cause);
  }
}

/** What a dag-pb node is as UnixFS; undefined where it is none. */
export function unixfsOf(node: dagPb.PBNode): UnixFS | undefined {
  try {
    return UnixFS.unmarshal(node.Data ?? new Uint8Array());
  } catch {
    return undefined;
  }
}

/** What is no UnixFS at all has no entity larger than its root. */
function entityLinks(node: dagPb.PBNode): dagPb.PBLink[] {
  const unixfs = unixfsOf(node);
  if (unixfs?.type === 'file') return node.Links;
  if (unixfs?.type !== 'hamt-sharded-directory') return [];
  // A shard's own shards have its prefix alone as their name, entries a name behind it.
  const prefix = (Number(unixfs.fanout ?? 256n) - 1).toString(16).length;
  return node.Links.filter((link) => link.Name?.length === prefix);
}
