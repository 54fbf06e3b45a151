import type { IdentityStore } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';

/** One stored key: what opens the shares that were granted to an order or run. `createdAt` in Unix milliseconds. */
export type StoredIdentity = { publicKey: Hex; secretKey: Hex; label: string; createdAt: number };

export type BrowserIdentities = IdentityStore & { export(): Promise<StoredIdentity[]> };

const STORE = 'identities';

/** An account's identities in this browser's IndexedDB. Works in pages and in web workers alike. */
export function browserIdentities(account: Address): BrowserIdentities {
  const name = `neurodata-identities-${account.toLowerCase()}`;
  const all = (): Promise<StoredIdentity[]> => use(name, 'readonly', (store) => store.getAll() as IDBRequest<StoredIdentity[]>);
  return {
    put: async (entry) => {
      const { secretKey, label, createdAt } = entry;
      await use(name, 'readwrite', (store) => store.put({ publicKey: entry.publicKey.toLowerCase(), secretKey, label, createdAt }));
    },
    find: async (publicKey) => (await use(name, 'readonly', (store) => store.get(publicKey.toLowerCase()) as IDBRequest<StoredIdentity | undefined>))?.secretKey,
    list: async () => (await all()).map(({ publicKey, label, createdAt }) => ({ publicKey, label, createdAt })),
    clear: async () => {
      const count = await use(name, 'readonly', (store) => store.count());
      await use(name, 'readwrite', (store) => store.clear());
      return count;
    },
    export: all,
  };
}

/** Runs one request in one transaction; resolves once the transaction is on disk. */
async function use<T>(name: string, mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open(name);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      const request = ask(transaction.objectStore(STORE));
      transaction.addEventListener('complete', () => resolve(request.result));
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The browser refused to store the key: free some space, or leave private mode.')));
    });
  } finally {
    database.close();
  }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE, { keyPath: 'publicKey' }));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('This browser offers no storage for keys: allow site data for this page.')));
  });
}
