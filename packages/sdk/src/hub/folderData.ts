import { type FolderFile, type FolderIndex, MOST_INDEX_BYTES, NeuroError, clearSizeOf, createSha256, mainFileOf } from '@neurodata/protocol';
import { SealingError, createRangeReader, decodeIdentity } from '@neurodata/sealing';
import type { Storage } from '@neurodata/storage';
import { checkFolder } from '../folder/checkFolder.ts';
import { collect } from '../readSealedAsset.ts';
import { readHead, sequentialReads } from './checkedData.ts';
import { HubError } from './HubError.ts';
import type { HubData, HubSource } from './HubSource.ts';
import { remembering } from './remembering.ts';

type Wanted = Parameters<HubSource['openData']>[0];

/** Indexes are small, but there may be many. */
const MOST_INDEXES = 20;
const PIECE = 1024 * 1024;

/**
 * Opens what is wanted of a version whose content `open` gives: that content, or of a folder the file at `path`, by default its main table. An index is read whole and
 * compared with the chain before any of its files is opened.
 */
export function createFolderOpener(storage: Pick<Storage, 'readFile'>): (wanted: Wanted, open: () => Promise<HubData>) => Promise<HubData> {
  const indexes = remembering(async ({ wanted, open }: { wanted: Wanted; open: () => Promise<HubData> }): Promise<FolderIndex> => {
    const content = await open();
    if (content.size > MOST_INDEX_BYTES) throw new NeuroError(`The index of the folder has ${content.size} bytes, more than an index may have.`, { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.' });
    return checkFolder(wanted.manifest, await collect(content.read({ offset: 0, length: content.size })));
  }, MOST_INDEXES);
  return async (wanted, open) => {
    const { asset, version, manifest, path = manifest['nd:folder']?.main?.path } = wanted;
    if (!manifest['nd:folder']) return open();
    const { files } = await indexes(`${asset.assetId}/${version.version}`, { wanted, open });
    const file = files.find((one) => one.path === path);
    if (!file) throw new HubError(path === undefined ? 'This folder has no main table.' : `There is no ${path} in this version.`, { status: 404, code: 'EntryNotFound' });
    return folderFileData(storage, file);
  };
}

/** How many bytes a folder's main table has in the clear, as far as its sealed size tells; 0 where there is none. */
export function mainTableSize(manifest: Wanted['manifest']): number {
  return clearSizeOf(mainFileOf(manifest)?.sealedSize ?? 0) ?? 0;
}

/**
 * One file of a folder for reads at any place. The chain commits to the index, the index names ciphertext and key: each block is hashed by its CID and each 64 KiB authenticated
 * before a byte leaves. Whoever reads the whole gets its last piece once size and sha256 are those of the index. Throws `CONTENT_MISMATCH`.
 */
export function folderFileData(storage: Pick<Storage, 'readFile'>, file: FolderFile): HubData {
  const { cid, sealedSize, size, identity } = file;
  return {
    size,
    checks: () => 'content',
    async* read({ offset, length, signal }) {
      try {
        const head = await readHead({ storage, cid });
        const read = sequentialReads({ storage, cid, ahead: length + Math.ceil(length / 1_000) + 200_000, ...(signal ? { signal } : {}) });
        const reader = await createRangeReader({ read: async (at, bytes) => (at + bytes <= head.length ? head.subarray(at, at + bytes) : read(at, bytes)), size: sealedSize, identities: [decodeIdentity(identity)] });
        if (reader.size !== size) throw mismatch(file);
        const hash = offset === 0 && length >= size ? createSha256() : undefined;
        const end = Math.min(size, offset + length);
        // An empty file has one chunk, which proves that it is empty.
        const stop = Math.max(end, size === 0 ? 1 : 0);
        for (let at = offset; at < stop; at += PIECE) {
          signal?.throwIfAborted();
          const piece = await reader.read(at, Math.min(PIECE, end - at));
          hash?.update(piece);
          if (hash && at + PIECE >= end && hash.hex() !== file.sha256) throw mismatch(file);
          if (piece.length > 0) yield piece;
        }
      } catch (error) {
        throw error instanceof SealingError ? mismatch(file, error) : error;
      }
    },
  };
}

function mismatch({ path }: FolderFile, cause?: unknown): NeuroError {
  return new NeuroError(`${JSON.stringify(path)} is not what its publisher committed to.`, { code: 'CONTENT_MISMATCH', remedy: 'Open a dispute.', ...(cause === undefined ? {} : { cause }) });
}
