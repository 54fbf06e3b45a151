import { open } from 'node:fs/promises';

const PIECE_BYTES = 1 << 20;
/** One that is given, the one before it, and one that is read meanwhile. */
const BUFFERS = 3;

/**
 * A file's bytes in pieces, each read while the one before it is worked on. Their memory is used again: a piece stays as it is until the second one after it is asked for, so
 * that collectors have nothing to collect.
 *
 * @throws the file system's errors
 */
export async function* readPieces(file: string, size = PIECE_BYTES): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  const buffers = Array.from({ length: BUFFERS }, () => new Uint8Array(size));
  const read = (index: number): Promise<Uint8Array> => {
    const buffer = buffers[index % BUFFERS] as Uint8Array;
    return handle.read(buffer).then(({ bytesRead }) => buffer.subarray(0, bytesRead));
  };
  let next = read(0);
  try {
    for (let index = 1; ; index += 1) {
      const piece = await next;
      if (piece.length === 0) return;
      next = read(index);
      // What it throws is thrown when it is awaited.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}
