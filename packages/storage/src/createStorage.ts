import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { sha256 } from 'multiformats/hashes/sha2';
import type { AddFileParameters, AddedFile } from './addFile.ts';
import { CHUNK_BYTES, addFile } from './addFile.ts';
import type { BlockStore } from './BlockStore.ts';
import type { Hex } from './cids.ts';
import { digestOfRawCid, parseCid, toHex } from './cids.ts';
import type { ReadFileParameters } from './readFile.ts';
import { fileSize, load, readFile } from './readFile.ts';
import { StorageError } from './StorageError.ts';

/** Files and single blocks by CID, over any {@link BlockStore}. */
export type Storage = {
  blocks: BlockStore;
  /** Imports a file; see {@link addFile} for the pinned parameters. */
  addFile(parameters: AddFileParameters): Promise<AddedFile>;
  /** Reads a file or a range of it: checked, in order, with constant memory; see {@link readFile}. */
  readFile(parameters: ReadFileParameters): AsyncIterable<Uint8Array>;
  /** Size of a file in bytes. */
  fileSize(cid: string): Promise<number>;
  /** Stores one raw block of at most 1 MiB. CID and digest determine each other. */
  addRaw(bytes: Uint8Array): Promise<{ cid: string; digest: Hex }>;
  /** Reads what {@link Storage.addRaw} stored. */
  readRaw(cid: string): Promise<Uint8Array>;
};

/**
 * Files over blocks. Trusts no store: whatever is read is re-hashed.
 *
 * @example
 * const storage = createStorage(memoryBlocks());
 * const { cid } = await storage.addFile({ content });
 * for await (const bytes of storage.readFile({ cid })) { ... }
 */
export function createStorage(blocks: BlockStore): Storage {
  return {
    blocks,
    addFile: (parameters) => addFile(blocks, parameters),
    readFile: (parameters) => readFile(blocks, parameters),
    fileSize: (cid) => fileSize(blocks, cid),
    addRaw: (bytes) => addRaw(blocks, bytes),
    readRaw: async (cid) => {
      digestOfRawCid(cid);
      return load(blocks, parseCid(cid), undefined);
    },
  };
}

async function addRaw(blocks: BlockStore, bytes: Uint8Array): Promise<{ cid: string; digest: Hex }> {
  if (bytes.length > CHUNK_BYTES) {
    throw new StorageError({ code: 'TOO_LARGE', message: `A raw block of ${bytes.length} bytes is over the limit of ${CHUNK_BYTES}. Use addFile.` });
  }
  const multihash = await sha256.digest(bytes);
  const cid = CID.createV1(raw.code, multihash);
  await blocks.put(cid, bytes);
  return { cid: cid.toString(), digest: toHex(multihash.digest) };
}
