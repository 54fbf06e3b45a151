/** Runs one request in one transaction; resolves once the transaction is on disk. */
export type UseBrowserStore = <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>) => Promise<T>;

/** A store of this browser's IndexedDB, in a database of its own; `key`: the field that names an entry. Works in pages and in web workers alike. */
export function openBrowserStore({ name, store, key }: { name: string; store: string; key: string }): UseBrowserStore {
  return async <T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open(name, store, key);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = database.transaction(store, mode, { durability: 'strict' });
        const request = ask(transaction.objectStore(store));
        transaction.addEventListener('complete', () => resolve(request.result));
        transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The browser refused to store the key: free some space, or leave private mode.')));
      });
    } finally {
      database.close();
    }
  };
}

function open(name: string, store: string, key: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(store, { keyPath: key }));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('This browser offers no storage for keys: allow site data for this page.')));
  });
}
