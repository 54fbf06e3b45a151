import type { IdentityStore } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { openBrowserStore } from './browserStore.ts';

/** One stored key: what opens the shares that were granted to an order or run. `createdAt` in Unix milliseconds. */
export type StoredIdentity = { publicKey: Hex; secretKey: Hex; label: string; createdAt: number };

export type BrowserIdentities = IdentityStore & { export(): Promise<StoredIdentity[]> };

/** An account's identities in this browser's IndexedDB. Works in pages and in web workers alike. */
export function browserIdentities(account: Address): BrowserIdentities {
  const use = openBrowserStore({ name: `neurodata-identities-${account.toLowerCase()}`, store: 'identities', key: 'publicKey' });
  const all = (): Promise<StoredIdentity[]> => use('readonly', (store) => store.getAll() as IDBRequest<StoredIdentity[]>);
  return {
    put: async (entry) => {
      const { secretKey, label, createdAt } = entry;
      await use('readwrite', (store) => store.put({ publicKey: entry.publicKey.toLowerCase(), secretKey, label, createdAt }));
    },
    find: async (publicKey) => (await use('readonly', (store) => store.get(publicKey.toLowerCase()) as IDBRequest<StoredIdentity | undefined>))?.secretKey,
    list: async () => (await all()).map(({ publicKey, label, createdAt }) => ({ publicKey, label, createdAt })),
    clear: async () => {
      const count = await use('readonly', (store) => store.count());
      await use('readwrite', (store) => store.clear());
      return count;
    },
    export: all,
  };
}
