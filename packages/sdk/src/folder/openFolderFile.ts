import { type FolderFile, NeuroError, createSha256 } from '@neurodata/protocol';
import { SealingError, decodeIdentity, unseal } from '@neurodata/sealing';
import type { Storage } from '@neurodata/storage';
import { toNeuroError } from '../errors.ts';

export type OpenFolderFileParameters = {
  storage: Pick<Storage, 'readFile'>;
  file: FolderFile;
  /** Ciphertext bytes so far. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
};

/**
 * The plaintext of one file of a folder, in constant memory. Every block is hashed by its CID, every chunk authenticated; at the end sizes and digests are those of the
 * index, which the chain commits to. Whole only once it has ended without a throw. Throws `CONTENT_MISMATCH` naming the file, or what the storage throws.
 */
export async function* openFolderFile(parameters: OpenFolderFileParameters): AsyncGenerator<Uint8Array> {
  const { file } = parameters;
  const [sealed, plain] = [counter(file, file.sealedSize), counter(file, file.size)];
  try {
    for await (const piece of unseal({ ciphertext: sealed.count(ciphertextOf(parameters)), identities: [decodeIdentity(file.identity)] })) {
      plain.add(piece);
      yield piece;
    }
    sealed.expect(file.sealedSha256);
    plain.expect(file.sha256);
  } catch (error) {
    if (error instanceof SealingError) throw mismatch(file, error.message, error);
    throw toNeuroError(error);
  }
}

function ciphertextOf({ storage, file, onProgress, signal }: OpenFolderFileParameters): AsyncIterable<Uint8Array> {
  return storage.readFile({ cid: file.cid, ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) });
}

type Counter = { add(piece: Uint8Array): void; count(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>; expect(digest: string): void };

/** Counts and hashes what passes; more than there may be ends it at once. */
function counter(file: FolderFile, most: number): Counter {
  const hash = createSha256();
  let size = 0;
  const add = (piece: Uint8Array): void => {
    size += piece.length;
    if (size > most) throw mismatch(file, `It is longer than ${most} bytes.`);
    hash.update(piece);
  };
  return {
    add,
    count: async function* count(source) {
      for await (const piece of source) {
        add(piece);
        yield piece;
      }
    },
    expect: (digest) => {
      const found = hash.hex();
      if (size !== most) throw mismatch(file, `It has ${size} bytes instead of ${most}.`);
      if (found !== digest) throw mismatch(file, `Its sha256 is ${found}, not ${digest}.`);
    },
  };
}

function mismatch({ path }: FolderFile, details: string, cause?: unknown): NeuroError {
  return new NeuroError(`${JSON.stringify(path)} is not what its publisher committed to.`, { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', details, ...(cause === undefined ? {} : { cause }) });
}
