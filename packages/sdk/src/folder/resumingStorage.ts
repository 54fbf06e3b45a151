import { type Storage, createStorage } from '@neurodata/storage';
import type { NeuroClient } from '../createClient.ts';

/** The client's storage, which sends no block that the node has already: for what was interrupted. */
export function resumingStorage({ storage: { blocks }, gateway }: NeuroClient): Storage {
  return createStorage({
    has: blocks.has,
    get: blocks.get,
    put: async (cid, bytes, options) => {
      if (!(await gateway.has(cid))) await blocks.put(cid, bytes, options);
    },
  });
}
