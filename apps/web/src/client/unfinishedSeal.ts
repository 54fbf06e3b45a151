import type { Address, Hex } from 'viem';
import { openBrowserStore } from './browserStore.ts';

/** What sealing starts from until the version is registered: the same file then has the same ciphertext, and only what the node lacks is sent. */
export type UnfinishedSeal = {
  /** 32 secret bytes for a file with this digest: those of the last attempt, if there was one. Never throws. */
  seedFor(sha256: Hex): Promise<Uint8Array>;
  forget(): Promise<void>;
};

/** What the account was about to publish in this browser: one file, the last one. */
export function unfinishedSeal(account: Address): UnfinishedSeal {
  const use = openBrowserStore({ name: `neurodata-unfinished-${account.toLowerCase()}`, store: 'seals', key: 'sha256' });
  const forget = async (): Promise<void> => void (await use('readwrite', (store) => store.clear()));
  return {
    forget,
    seedFor: async (sha256) => {
      const fresh = crypto.getRandomValues(new Uint8Array(32));
      try {
        const known = await use('readonly', (store) => store.get(sha256) as IDBRequest<{ seed: Uint8Array } | undefined>);
        if (known) return known.seed;
        await forget();
        await use('readwrite', (store) => store.put({ sha256, seed: fresh }));
      } catch {
        // A browser that keeps nothing seals anew each time.
      }
      return fresh;
    },
  };
}
