import type { CID } from 'multiformats/cid';
import type { BlockStore } from './BlockStore.ts';
import { StorageError } from './StorageError.ts';

/**
 * Reads from the first store that delivers the right block; writes to the first store.
 *
 * What one store lacks, sends wrong, too large or late, or cannot be reached for is asked from the next.
 *
 * @throws StorageError from `get` when all failed: `NOT_FOUND` if all lack the block, otherwise the first other
 * code, with every failure in `cause.errors`.
 * @example firstOf([diskBlocks({ folder }), gatewayBlocks({ url })])
 */
export function firstOf(stores: BlockStore[]): BlockStore {
  return chain(stores, async () => undefined);
}

/**
 * As {@link firstOf}, and a block that came from a later store is kept in the first one.
 *
 * A first store that cannot keep it (a full disk) does not spoil the read.
 */
export function cachedBlocks(stores: BlockStore[]): BlockStore {
  return chain(stores, async (cid, bytes) => {
    await stores[0]?.put(cid, bytes).catch(() => undefined);
  });
}

function chain(stores: BlockStore[], found: (cid: CID, bytes: Uint8Array) => Promise<void>): BlockStore {
  return {
    has: async (cid, options) => {
      for (const store of stores) {
        if (await store.has(cid, options).catch(passOver)) return true;
      }
      return false;
    },
    get: async (cid, options) => {
      const failures: StorageError[] = [];
      for (const [index, store] of stores.entries()) {
        try {
          const bytes = await store.get(cid, options);
          if (index > 0) await found(cid, bytes);
          return bytes;
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          failures.push(error);
        }
      }
      throw summary(cid, failures);
    },
    put: async (cid, bytes, options) => {
      const first = stores[0];
      if (first === undefined) throw new StorageError({ code: 'UNSUPPORTED', cid: cid.toString(), message: 'There is no store to put blocks in. Give at least one.' });
      await first.put(cid, bytes, options);
    },
  };
}

function passOver(error: unknown): false {
  if (error instanceof StorageError) return false;
  throw error;
}

function summary(cid: CID, failures: StorageError[]): StorageError {
  const name = cid.toString();
  const telling = failures.find((failure) => failure.code !== 'NOT_FOUND');
  const code = telling?.code ?? 'NOT_FOUND';
  const reasons = failures.map((failure) => failure.message).join(' ');
  return new StorageError({ code, cid: name, cause: new AggregateError(failures), message: `None of ${failures.length} stores delivered block ${name}. ${reasons}` });
}
