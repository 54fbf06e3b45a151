import type { TableFile } from '@neurodata/engine';
import { open } from 'node:fs/promises';

/** A file on disk whose bytes can be asked for at any place, until it is disposed of. A read behind its end gives less. */
export async function openTableFile(file: string): Promise<TableFile & AsyncDisposable> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
        if (bytesRead === 0) return bytes.subarray(0, at);
        at += bytesRead;
      }
      return bytes;
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
