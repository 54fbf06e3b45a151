import * as dagPb from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { StorageError } from './StorageError.ts';

/** A child and the bytes of the file below it. */
export type FileLink = { cid: CID; size: number };

/** A node of a UnixFS file: its own bytes come first, then those of its links. `size` is the sum. */
export type FileNode = { size: number; data: Uint8Array; links: FileLink[] };

/**
 * Decodes one checked block of a file (https://specs.ipfs.tech/unixfs/).
 *
 * @throws StorageError `UNSUPPORTED` for a directory, symlink or other codec; `MISMATCH` for a node whose sizes
 * and links disagree.
 */
export function decodeFileNode(cid: CID, block: Uint8Array): FileNode {
  if (cid.code === raw.code) return { size: block.length, data: block, links: [] };
  const name = cid.toString();
  if (cid.code !== dagPb.code) throw new StorageError({ code: 'UNSUPPORTED', cid: name, message: `${name} has codec 0x${cid.code.toString(16)}, which is not a file. Give the CID of a UnixFS file.` });
  const { node, unixfs } = decode(cid, block);
  if (unixfs.type !== 'file' && unixfs.type !== 'raw') {
    throw new StorageError({ code: 'UNSUPPORTED', cid: name, message: `${name} is a UnixFS ${unixfs.type}, not a file. Give the CID of a file.` });
  }
  if (unixfs.blockSizes.length !== node.Links.length) throw malformed(cid, `${node.Links.length} links, ${unixfs.blockSizes.length} sizes`);
  const data = unixfs.data ?? new Uint8Array();
  const links = node.Links.map((link, index) => ({ cid: link.Hash, size: Number(unixfs.blockSizes[index]) }));
  const size = links.reduce((sum, link) => sum + link.size, data.length);
  if (!Number.isSafeInteger(size)) throw malformed(cid, 'a size past 2^53');
  return { size, data, links };
}

/** The error of a node that contradicts itself or its parent. */
export function malformed(cid: CID, what: string, cause?: unknown): StorageError {
  const name = cid.toString();
  return new StorageError({ code: 'MISMATCH', cid: name, cause, message: `Block ${name} is not a sound UnixFS node: ${what}. The file was built wrong; ask the publisher.` });
}

function decode(cid: CID, block: Uint8Array): { node: dagPb.PBNode; unixfs: UnixFS } {
  try {
    const node = dagPb.decode(block);
    return { node, unixfs: UnixFS.unmarshal(node.Data ?? new Uint8Array()) };
  } catch (cause) {
    throw malformed(cid, 'it does not decode', cause);
  }
}
