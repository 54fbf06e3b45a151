import { finished } from 'node:stream';
import type { Readable } from 'node:stream';
import { NeuroError } from '@neurodata/protocol';
import { MAX_BLOCK_BYTES } from '@neurodata/storage';

/** As many blocks as a sender has under way at once. */
const MOST_FREE = 4;

export type BlockMemory = {
  /** The bytes of a body. @throws NeuroError TOO_LARGE beyond those of a block */
  read(payload: Readable): Promise<Uint8Array>;
  /** Of a body that nobody looks at any more. */
  give(body: Uint8Array): void;
};

/** Bodies are put together in memory that is used again: another megabyte for each block would keep the collector at work. What is not given back is the collector's after all. */
export function createBlockMemory(): BlockMemory {
  const free: ArrayBufferLike[] = [];
  return {
    read: (payload) => new Promise((resolve, reject) => {
      const all = new Uint8Array(free.pop() ?? new ArrayBuffer(MAX_BLOCK_BYTES));
      let length = 0;
      payload.on('data', (chunk: Buffer) => {
        if (length + chunk.length > all.length) {
          reject(new NeuroError(`A block has at most ${MAX_BLOCK_BYTES} bytes.`, { code: 'TOO_LARGE', remedy: 'Cut the file into smaller blocks.' }));
          return;
        }
        all.set(chunk, length);
        length += chunk.length;
      });
      finished(payload, { writable: false }, (error) => (error ? reject(error) : resolve(all.subarray(0, length))));
    }),
    give: ({ buffer }) => {
      if (free.length < MOST_FREE) free.push(buffer);
    },
  };
}
