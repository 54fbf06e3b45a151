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
