import { type DescribedTable, STREAMED_FROM_BYTES, profileStream, profileTable } from '@neurodata/engine';
import { createSha256 } from '@neurodata/protocol';
import type { ContentSource } from '@neurodata/sdk';
import type { Hex } from 'viem';

const BLOB_BYTES = 1 << 22;

/** A file's bytes in pieces. Streams are not iterable in every browser. */
export async function* pieces(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

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

/** The bytes of a stream as a blob, which the browser may keep on disk: memory holds a piece of it. */
export async function blobOf(bytes: AsyncIterable<Uint8Array>, mediaType: string): Promise<Blob> {
  const blobs: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of bytes) {
    // Some producers reuse their buffer between pieces.
    held.push(piece.slice());
    size += piece.length;
    if (size < BLOB_BYTES) continue;
    blobs.push(new Blob(held));
    [held, size] = [[], 0];
  }
  return new Blob([...blobs, ...held], { type: mediaType });
}
