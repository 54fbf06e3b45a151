import * as dagPb from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { decodeNode, unixfsOf } from './dagLinks.ts';
import { decodeFileNode } from './fileNode.ts';
import { StorageError } from './StorageError.ts';

/** Bytes of a file: the first one, and the one behind the last. */
export type ByteRange = { start: number; end: number };

const FORM = /^(-?\d{1,16}):(\*|-?\d{1,16})$/;

/**
 * What `entity-bytes=from:to` means for a block: both ends count, `*` is the end, negative numbers count from there.
 *
 * @returns undefined for what is no file, where the parameter counts for nothing; an empty range where it holds no byte.
 * @throws StorageError `UNSUPPORTED` for a text that is no range, and one that lies wholly behind the file's end.
 */
export function resolveEntityBytes(text: string, block: { cid: CID; bytes: Uint8Array }): ByteRange | undefined {
  const parts = FORM.exec(text);
  if (!parts) throw new StorageError({ code: 'UNSUPPORTED', message: `entity-bytes=${text.slice(0, 60)} is no range. Give from:to in bytes, both included, e.g. 0:1023, -1024:* or 499:-1000.` });
  const size = sizeOfEntity(block);
  if (size === undefined) return undefined;
  const from = Number(parts[1]);
  if (from >= size && from > 0) {
    throw new StorageError({ code: 'UNSUPPORTED', cid: block.cid.toString(), message: `entity-bytes=${text} lies behind the end of ${block.cid.toString()}, which has ${size} bytes.` });
  }
  const to = parts[2] === '*' ? size - 1 : Number(parts[2]);
  const start = from < 0 ? Math.max(0, size + from) : from;
  return { start, end: Math.max(start, Math.min(size, (to < 0 ? size + to : to) + 1)) };
}

/** The children of a file's node that hold a byte of `range`, and where each begins; `start` is where the node does. */
export function childrenInRange(parameters: { cid: CID; bytes: Uint8Array; start: number; range: ByteRange }): { cid: CID; start: number }[] {
  const node = decodeFileNode(parameters.cid, parameters.bytes);
  const { range } = parameters;
  let start = parameters.start + node.data.length;
  const children: { cid: CID; start: number }[] = [];
  for (const { cid, size } of node.links) {
    if (start < range.end && start + size > range.start) children.push({ cid, start });
    start += size;
  }
  return children;
}

function sizeOfEntity({ cid, bytes }: { cid: CID; bytes: Uint8Array }): number | undefined {
  if (cid.code === raw.code) return bytes.length;
  if (cid.code !== dagPb.code) return undefined;
  const type = unixfsOf(decodeNode(cid, bytes))?.type;
  return type === 'file' || type === 'raw' ? decodeFileNode(cid, bytes).size : undefined;
}
