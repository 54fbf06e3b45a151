import type { BlockStore } from './BlockStore.ts';
import { checkBlock, notFound } from './BlockStore.ts';

/** Blocks in memory, for tests and for browsers. Gone with the page. */
export function memoryBlocks(): BlockStore {
  const blocks = new Map<string, Uint8Array>();
  return {
    has: async (cid) => blocks.has(cid.toV1().toString()),
    get: async (cid) => {
      const bytes = blocks.get(cid.toV1().toString());
      if (bytes === undefined) throw notFound(cid, 'memory');
      return bytes.slice();
    },
    put: async (cid, bytes) => {
      // The copy also lets go of a larger buffer that `bytes` may be a window of.
      const copy = new Uint8Array(bytes);
      await checkBlock(cid, copy);
      blocks.set(cid.toV1().toString(), copy);
    },
  };
}
