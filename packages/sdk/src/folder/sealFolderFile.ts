import { type FolderFile, NeuroError, createSha256, sealedSizeOf, sha256Hex } from '@neurodata/protocol';
import { createIdentity, decodeIdentity, encodeIdentity, repeatableKeys, sealToRecipients } from '@neurodata/sealing';
import type { Storage } from '@neurodata/storage';
import { hexToBytes } from 'viem';

/** A fresh identity for one file, `AGE-SECRET-KEY-1...`: whoever opens the index opens the file with it. */
export function freshFileIdentity(): string {
  return encodeIdentity(createIdentity());
}

/** The plaintext of a file as its publisher knows it before it is sealed. Bytes; sha256 hexadecimal. */
export type PlainFile = Pick<FolderFile, 'path' | 'format' | 'size' | 'sha256'>;

/**
 * Seals one file of a folder to its identity, as an age file with one recipient. With a `seed` of 32 secret bytes the same file has the same sealed chunks each time, for uploads that broke off: it is
 * kept until the version is registered, and forgotten after `CONFLICT`, which is thrown where the file is not what it was when it was looked at.
 */
export async function* sealFolderFile(parameters: { content: AsyncIterable<Uint8Array>; file: PlainFile; identity: string; seed?: Uint8Array }): AsyncGenerator<Uint8Array> {
  const { content, file, identity, seed } = parameters;
  const hash = createSha256();
  let size = 0;
  async function* plaintext(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      hash.update(piece);
      size += piece.length;
      if (size > file.size) throw changed(file);
      yield piece;
    }
    if (size !== file.size || hash.hex() !== file.sha256) throw changed(file);
  }
  yield* sealToRecipients({ plaintext: plaintext(), recipients: [decodeIdentity(identity).publicKey], ...(seed ? { keys: repeatableKeys({ seed, sha256: saltOf(file) }) } : {}) });
}

/** Also of its path: two files that are the same are not seen to be. */
const saltOf = ({ path, sha256 }: PlainFile): Uint8Array => hexToBytes(sha256Hex(new TextEncoder().encode(`${sha256}\n${path}`)));

/** Stores a sealed file and gives its entry of the index. Throws what the storage throws; `INTERNAL` where it is not as long as it must be. */
export async function storeFolderFile(parameters: { storage: Pick<Storage, 'addFile'>; sealed: AsyncIterable<Uint8Array>; file: PlainFile; identity: string; onProgress?: (bytes: number) => void }): Promise<FolderFile> {
  const { storage, sealed, file, identity, onProgress } = parameters;
  const { cid, size: sealedSize, sha256: digest } = await storage.addFile({ content: sealed, ...(onProgress ? { onProgress } : {}) });
  if (sealedSize !== sealedSizeOf(file.size)) throw new NeuroError(`${file.path} has ${sealedSize} bytes when it is sealed, not ${sealedSizeOf(file.size)}.`, { code: 'INTERNAL', remedy: 'Remove what was kept of an interrupted publishing, and try again.' });
  return { ...file, cid, sealedSize, sealedSha256: digest.slice(2), identity };
}

function changed({ path }: PlainFile): NeuroError {
  return new NeuroError(`${path} was changed while it was published.`, { code: 'CONFLICT', remedy: 'Publish again when nothing writes to the folder.' });
}
