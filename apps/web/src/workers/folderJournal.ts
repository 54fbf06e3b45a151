import type { FolderFile } from '@neurodata/protocol';
import { type NeuroClient, type PlainFile, accountOf } from '@neurodata/sdk';
import { openBrowserStore } from '../client/browserStore.ts';

/** What an interrupted publishing of a folder has stored. It holds what opens the files, in this browser only. */
export type FolderJournal = {
  /** The entry of a file that lies sealed at the node already. */
  stored(file: PlainFile): Promise<FolderFile | undefined>;
  note(entry: FolderFile): Promise<void>;
  /** What sealing starts from, 32 secret bytes: those of the try before, if there was one. */
  seed(): Promise<Uint8Array>;
  /** Forgets it all: the version is registered, and its index has everything. */
  clear(): Promise<void>;
};

type Row = { key: string; entry: FolderFile };
type SeedRow = { key: string; seed: Uint8Array };

/** The journal of folders of this name, published by the client's account to its registry. */
export function openFolderJournal({ client, name }: { client: NeuroClient; name: string }): FolderJournal {
  const { chainId, addresses } = client.config.deployment;
  const place = JSON.stringify([chainId, addresses.assetRegistry, accountOf(client).address.toLowerCase(), name]);
  const keyOf = ({ path, sha256 }: Pick<PlainFile, 'path' | 'sha256'>): string => `${place}\n${path}\n${sha256}`;
  const use = openBrowserStore({ name: 'neurodata-publishing', store: 'stored', key: 'key' });
  return {
    stored: async (file) => {
      const row = await use('readonly', (store) => store.get(keyOf(file)) as IDBRequest<Row | undefined>);
      return row && { ...row.entry, format: file.format };
    },
    note: async (entry) => { await use('readwrite', (store) => store.put({ key: keyOf(entry), entry } satisfies Row)); },
    seed: async () => {
      const known = await use('readonly', (store) => store.get(place) as IDBRequest<SeedRow | undefined>);
      if (known) return known.seed;
      const seed = crypto.getRandomValues(new Uint8Array(32));
      await use('readwrite', (store) => store.put({ key: place, seed } satisfies SeedRow));
      return seed;
    },
    clear: async () => { await use('readwrite', (store) => store.delete(IDBKeyRange.bound(place, `${place}\n\uffff`))); },
  };
}
