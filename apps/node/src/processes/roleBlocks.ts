import { StorageError, cachedBlocks, firstOf } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';

/**
 * A role's blocks: its own folder first, then gateways, then whoever else may have them. What it puts counts as stored once
 * a gateway has it, too: the folder of a worker that goes away is no place for a buyer's model.
 */
export function roleBlocks(parameters: { own: BlockStore; gateways: BlockStore[]; others: BlockStore[] }): { storage: BlockStore; gateway: BlockStore } {
  const { own, gateways, others } = parameters;
  const gateway: BlockStore = {
    ...firstOf(gateways),
    put: async (cid, bytes) => {
      const failures: StorageError[] = [];
      for (const store of gateways) {
        try {
          return await store.put(cid, bytes);
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          failures.push(error);
        }
      }
      throw new StorageError({ code: 'UNREACHABLE', cid: cid.toString(), message: `None of ${gateways.length} gateways took block ${cid.toString()}. ${failures.map(({ message }) => message).join(' ')}`, cause: new AggregateError(failures) });
    },
  };
  return {
    gateway,
    storage: {
      ...cachedBlocks([own, ...gateways, ...others]),
      put: async (cid, bytes) => {
        await own.put(cid, bytes);
        await gateway.put(cid, bytes);
      },
    },
  };
}
