import type { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { StorageError } from './StorageError.ts';

/** Largest block that is accepted anywhere, in bytes: the limit of the IPFS network. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024;

/** `hashed`: whoever puts the block has just made its CID from these very bytes, so that hashing them once more shows nothing. */
export type PutOptions = { hashed?: boolean };

/** The floor of this package: a map from CID to bytes. Whoever reads re-hashes what comes back. */
export type BlockStore = {
  has(cid: CID, options?: { signal?: AbortSignal }): Promise<boolean>;
  /** @throws StorageError `NOT_FOUND` where the store does not have the block. */
  get(cid: CID, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  /** Resolves when the block is kept for good, and its bytes are the caller's again: whoever keeps them keeps a copy. Putting a block twice is no error. */
  put(cid: CID, bytes: Uint8Array, options?: PutOptions): Promise<void>;
};

/**
 * Checks that `bytes` are the block that `cid` names.
 *
 * @throws StorageError `UNSUPPORTED` for any hash but sha2-256, `TOO_LARGE` over {@link MAX_BLOCK_BYTES},
 * `MISMATCH` (naming the CID) if the digest differs.
 */
export async function checkBlock(cid: CID, bytes: Uint8Array): Promise<void> {
  const name = cid.toString();
  if (cid.multihash.code !== sha256.code) {
    throw new StorageError({ code: 'UNSUPPORTED', cid: name, message: `Block ${name} uses hash function 0x${cid.multihash.code.toString(16)}; only sha2-256 is accepted. Import the file again with sha2-256.` });
  }
  if (bytes.length > MAX_BLOCK_BYTES) {
    throw new StorageError({ code: 'TOO_LARGE', cid: name, message: `Block ${name} has ${bytes.length} bytes; at most ${MAX_BLOCK_BYTES} are accepted. Import the file again in smaller chunks.` });
  }
  const { digest } = await sha256.digest(bytes);
  const expected = cid.multihash.digest;
  if (digest.length !== expected.length || digest.some((byte, index) => byte !== expected[index])) {
    throw new StorageError({ code: 'MISMATCH', cid: name, message: `The bytes that came for block ${name} have another sha2-256. They were discarded; ask another peer.` });
  }
}

/** The error of a store that does not have `cid`; `where` names the store. */
export function notFound(cid: CID, where: string): StorageError {
  const name = cid.toString();
  return new StorageError({ code: 'NOT_FOUND', cid: name, message: `Block ${name} is not in ${where}. Ask another peer, or ask the publisher to announce it again.` });
}
