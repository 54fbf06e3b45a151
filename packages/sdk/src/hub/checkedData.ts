import { CONTENT_CHUNK_LENGTH, type RangeReader, SealingError, contentLeaf, contentRootOf, createRangeReader, plaintextSize } from '@neurodata/sealing';
import type { Storage } from '@neurodata/storage';
import { NeuroError } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { HubData } from './HubSource.ts';

export type CheckedDataParameters = {
  storage: Pick<Storage, 'readFile'>;
  /** The ciphertext. */
  cid: string;
  sealedSize: number;
  /** The 32-byte key secret. */
  secret: Uint8Array;
  /** As on chain. */
  contentRoot: Hex;
  /** In words, for errors. */
  what: string;
  /** Most leaves (1 MiB each) that are read beyond a range in order to check it; 64 where absent. */
  mostExtraLeaves?: number;
};

/**
 * A sealed file for reads at any place. Every block is hashed by its CID and every 64 KiB authenticated before a byte leaves; and each MiB's leaf is kept, so that the
 * content root on chain is compared too: before the last MiB of the file is given, and, for files of up to `mostExtraLeaves` MiB, before any part of it is. Throws
 * `CONTENT_MISMATCH` instead of a byte that fails.
 */
export async function openCheckedData(parameters: CheckedDataParameters): Promise<HubData & { isChecked(): boolean }> {
  const { secret, what, mostExtraLeaves = 64 } = parameters;
  const head = await readHead(parameters);
  const open = (ahead: number, signal?: AbortSignal): Promise<RangeReader> => openReader({ ...parameters, head, ahead: ahead * SEALED_LEAF, signal });
  const { size } = await open(0);
  const count = Math.max(1, Math.ceil(size / CONTENT_CHUNK_LENGTH));
  const leaves: (Uint8Array | undefined)[] = Array.from({ length: count });
  let [missing, state]: [number, 'unknown' | 'checked' | 'wrong'] = [count, 'unknown'];

  const readLeaf = async (reader: RangeReader, index: number): Promise<Uint8Array> => {
    const bytes = await reader.read(index * CONTENT_CHUNK_LENGTH, CONTENT_CHUNK_LENGTH);
    const leaf = contentLeaf({ secret, index, bytes });
    const known = leaves[index];
    if (known === undefined) {
      leaves[index] = leaf;
      missing -= 1;
    } else if (known.some((byte, at) => byte !== leaf[at])) throw mismatch(what);
    return bytes;
  };
  /** Throws unless the root over all leaves is the one on chain. */
  const compare = async (signal?: AbortSignal): Promise<void> => {
    if (missing > 0) {
      const reader = await open(count, signal);
      for (let index = 0; index < count; index += 1) if (leaves[index] === undefined) await readLeaf(reader, index);
    }
    if (state === 'unknown') state = contentRootOf(leaves.filter((leaf) => leaf !== undefined)) === parameters.contentRoot.toLowerCase() ? 'checked' : 'wrong';
    if (state === 'wrong') throw mismatch(what);
  };
  const leavesOf = (offset: number, length: number): [number, number] => [Math.floor(offset / CONTENT_CHUNK_LENGTH), Math.min(count - 1, Math.floor(Math.max(offset, offset + length - 1) / CONTENT_CHUNK_LENGTH))];
  /** Leaves that would be read only to check. */
  const extra = (offset: number, length: number): number => {
    const [first, last] = leavesOf(offset, length);
    return leaves.filter((leaf, index) => leaf === undefined && (index < first || index > last)).length;
  };
  const checksContent = (offset: number, length: number): boolean => state !== 'unknown' || extra(offset, length) <= mostExtraLeaves;

  return {
    size,
    isChecked: () => state === 'checked',
    checks: ({ offset, length }) => (checksContent(offset, length) ? 'content' : 'encryption'),
    async* read({ offset, length, signal }) {
      try {
        if (state === 'wrong') throw mismatch(what);
        const [first, last] = leavesOf(offset, length);
        const checks = checksContent(offset, length);
        // A part alone proves nothing before the whole is known; the whole is held back at its end only.
        if (checks && last < count - 1) await compare(signal);
        const reader = await open(last - first + 1, signal);
        for (let index = first; index <= last; index += 1) {
          signal?.throwIfAborted();
          const bytes = await readLeaf(reader, index);
          if (checks && index === count - 1) await compare(signal);
          const start = index * CONTENT_CHUNK_LENGTH;
          const piece = bytes.subarray(Math.max(0, offset - start), Math.max(0, offset + length - start));
          if (piece.length > 0) yield piece;
        }
      } catch (error) {
        throw error instanceof SealingError ? mismatch(what, error) : error;
      }
    },
  };
}

function mismatch(what: string, cause?: unknown): NeuroError {
  return new NeuroError(`The content of ${what} is not what its publisher committed to.`, { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', ...(cause === undefined ? {} : { cause }) });
}

/** A reader with its own place in the ciphertext: reads that follow each other go on in one stream. */
async function openReader(parameters: CheckedDataParameters & { head: Uint8Array; ahead: number; signal: AbortSignal | undefined }): Promise<RangeReader> {
  const { storage, cid, sealedSize: size, secret, head, ahead, signal } = parameters;
  const read = sequentialReads({ storage, cid, ahead, ...(signal ? { signal } : {}) });
  return createRangeReader({ read: async (offset, length) => (offset + length <= head.length ? head.subarray(offset, offset + length) : read(offset, length)), size, thresholdSecret: secret });
}

/** What every opening of the file begins with. */
const HEAD = 4096;
const SEALED_LEAF = CONTENT_CHUNK_LENGTH + 16 * 16;

/** How many bytes a sealed file holds in the clear, from its header. Headers longer than its first 4 KiB are those of files with dozens of recipients: assets have one. */
export async function sizeInTheClear({ storage, cid, size }: { storage: Pick<Storage, 'readFile'>; cid: string; size: number }): Promise<number> {
  const head = await readHead({ storage, cid });
  return plaintextSize({ read: async (offset, length) => head.subarray(offset, offset + length), size });
}

/** The first 4 KiB of a sealed file, or what there is of them. */
export async function readHead({ storage, cid }: { storage: Pick<Storage, 'readFile'>; cid: string }): Promise<Uint8Array> {
  return sequentialReads({ storage, cid, ahead: HEAD })(0, HEAD);
}

/**
 * Reads at any place; one that begins where the last ended takes the next bytes of the same stream, so that no block is fetched twice. A stream is opened for
 * `ahead` bytes, or for those that are asked for.
 */
export function sequentialReads(parameters: { storage: Pick<Storage, 'readFile'>; cid: string; ahead: number; signal?: AbortSignal }): (offset: number, length: number) => Promise<Uint8Array> {
  const { storage, cid, ahead, signal } = parameters;
  let [at, left, rest]: [number, number, Uint8Array] = [-1, 0, new Uint8Array(0)];
  let stream: AsyncIterator<Uint8Array> | undefined;
  return async (offset, length) => {
    if (offset !== at || left < length) {
      await stream?.return?.();
      left = Math.max(length, ahead);
      stream = storage.readFile({ cid, offset, length: left, ...(signal ? { signal } : {}) })[Symbol.asyncIterator]();
      rest = new Uint8Array(0);
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (rest.length === 0) {
        const next = await stream?.next();
        if (!next || next.done) break;
        rest = next.value;
        continue;
      }
      const part = rest.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
    [at, left] = [offset + filled, left - filled];
    return bytes.subarray(0, filled);
  };
}
