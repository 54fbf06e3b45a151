import { type DescribedTable, STREAMED_FROM_BYTES, profileStream, profileTable } from '@neurodata/engine';
import { createSha256 } from '@neurodata/protocol';
import type { ContentSource } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { pieces } from './blobs.ts';

/** A file for those who look what it is: parts of it are read where they are asked for. */
export function contentOfFile(file: Blob): ContentSource {
  return { size: file.size, read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()) };
}

/** A table file as it was when it was read: what it holds, and the digest of its bytes. */
export type DescribedFile = DescribedTable & { sha256: Hex };

/** Describes a table file; a large one while it passes by. @throws EngineError as `profileTable` */
export async function describeFile(file: Blob, onProgress?: (bytes: number) => void): Promise<DescribedFile> {
  if (file.size > STREAMED_FROM_BYTES) return describePassing(file, onProgress);
  const hash = createSha256();
  const bytes = new Uint8Array(await file.arrayBuffer());
  hash.update(bytes);
  return { ...(await profileTable(bytes)), sha256: `0x${hash.hex()}` };
}

async function describePassing(file: Blob, onProgress?: (bytes: number) => void): Promise<DescribedFile> {
  let hash = createSha256();
  let whole = false;
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(file)) {
      hash.update(piece);
      yield piece;
    }
    whole = true;
  }
  const { runCells: _, ...table } = await profileStream(hashed(), { file: contentOfFile(file), ...(onProgress ? { onProgress } : {}) });
  if (!whole) {
    // Parquet and Arrow are not read from the beginning to the end.
    hash = createSha256();
    for await (const piece of pieces(file)) hash.update(piece);
  }
  return { ...table, sha256: `0x${hash.hex()}` };
}
