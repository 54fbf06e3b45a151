import { type DescribedTable, STREAMED_FROM_BYTES, profileStream, profileTable } from '@neurodata/engine';
import type { ContentSource } from '@neurodata/sdk';

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

/** Describes a table file; a large one while it passes by. @throws EngineError as `profileTable` */
export async function describeFile(file: Blob): Promise<DescribedTable> {
  return file.size > STREAMED_FROM_BYTES ? profileStream(pieces(file)) : profileTable(new Uint8Array(await file.arrayBuffer()));
}
