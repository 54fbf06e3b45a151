import { importByteStream } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import * as raw from 'multiformats/codecs/raw';
import type { BlockStore } from './BlockStore.ts';
import type { Hex } from './cids.ts';
import { toHex } from './cids.ts';
import { createSha256 } from './createSha256.ts';
import { createBlockCutter } from './cutBlocks.ts';
import { putBeside } from './putBeside.ts';

/** Bytes in one leaf. */
export const CHUNK_BYTES = 1024 * 1024;

/** Links in one inner node. */
export const MAX_LINKS = 1024;

/** Blocks that are stored at the same time; bounds the memory, not the result. */
const WRITE_CONCURRENCY = 4;

export type AddFileParameters = {
  /** The bytes, in pieces of any size. A piece must stay as it is until the next one is asked for. */
  content: AsyncIterable<Uint8Array>;
  /** Whether the pieces are given away: their memory is freed as soon as they are copied. */
  given?: boolean;
  /** Called with the bytes that are stored so far. */
  onProgress?: (bytes: number) => void;
};

/** `size` in bytes; `sha256` of the whole content. */
export type AddedFile = { cid: string; size: number; sha256: Hex };

/**
 * Every importer parameter that decides a CID, pinned: the profile `unixfs-v1-2025` of IPIP-499. Changing any of
 * them changes the CID of every file over one chunk.
 *
 * CIDv1, sha2-256, raw leaves of 1 MiB, balanced tree of up to 1024 links, links before data; a file of one chunk
 * is its raw leaf and nothing else, an empty file the empty raw block. The same in kubo:
 * `ipfs add --cid-version=1 --raw-leaves --chunker=size-1048576 --max-file-links=1024`.
 */
export function importerOptions() {
  return {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    wrapWithDirectory: false,
    fieldOrder: 'links-first',
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    layout: balanced({ maxChildrenPerNode: MAX_LINKS }),
    blockWriteConcurrency: WRITE_CONCURRENCY,
  } as const;
}

/**
 * Imports a file as UnixFS into `blocks` in one pass, with constant memory, and hashes it on the way. A few blocks are stored while the next one is made; nodes come after what they name.
 *
 * @throws whatever `content` or `blocks.put` throws. Blocks put before that stay.
 */
export async function addFile(blocks: BlockStore, { content, given = false, onProgress }: AddFileParameters): Promise<AddedFile> {
  const hash = createSha256();
  let size = 0;
  let stored = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  const cutter = createBlockCutter(CHUNK_BYTES, { given });
  const beside = putBeside(async (cid, bytes, options) => {
    await blocks.put(cid, bytes, options);
    cutter.giveBack(bytes);
    if (cid.code !== raw.code) return;
    stored += bytes.length;
    onProgress?.(stored);
  }, WRITE_CONCURRENCY);
  try {
    // The importer would wait for as many as it puts at once before it makes the next. Its own chunker cuts at the same places.
    const { cid } = await importByteStream(counted(), importerStore(beside), { ...importerOptions(), chunker: cutter.cut, blockWriteConcurrency: 1 });
    await beside.stored();
    return { cid: cid.toString(), size, sha256: toHex(hash.digest()) };
  } finally {
    await beside.settled();
  }
}

/** The part of the importer's block store that it calls, over ours. */
export function importerStore(blocks: Pick<BlockStore, 'put'>): Parameters<typeof importByteStream>[1] {
  return {
    put: async (cid, bytes) => {
      if (!(bytes instanceof Uint8Array)) throw new TypeError(`The importer gave block ${cid.toString()} as a stream; this adapter takes whole blocks.`);
      await blocks.put(cid, bytes, { hashed: true });
      return cid;
    },
  };
}
