import { importer } from 'ipfs-unixfs-importer';
import { importerOptions, importerStore } from './addFile.ts';
import type { BlockStore } from './BlockStore.ts';
import { StorageError } from './StorageError.ts';

/** One file of a folder. `path` is relative, its parts divided by `/`. */
export type FolderFile = { path: string; content: AsyncIterable<Uint8Array> | Uint8Array };

/**
 * Imports files as one UnixFS directory with its subdirectories, with the parameters of {@link addFile}: the same names and bytes have the
 * same CID, in whatever order they come. The same in kubo: `ipfs add -r` with the options that stand there.
 *
 * @throws StorageError `UNSUPPORTED` for no files at all, or for a path that is empty, absolute, or leads out of the folder.
 * @example const { cid } = await addFolder(blocks, [{ path: 'index.html', content: page }, { path: 'assets/main.js', content: script }]);
 */
export async function addFolder(blocks: BlockStore, files: Iterable<FolderFile>): Promise<{ cid: string }> {
  let root = '';
  // The folder itself comes last, after what is in it.
  for await (const { cid } of importer(checked(files), importerStore(blocks), { ...importerOptions(), wrapWithDirectory: true })) root = cid.toString();
  return { cid: root };
}

function* checked(files: Iterable<FolderFile>): Generator<{ path: string; content: AsyncIterable<Uint8Array> | Uint8Array }> {
  let none = true;
  for (const { path, content } of files) {
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) throw new StorageError({ code: 'UNSUPPORTED', message: `"${path.slice(0, 200)}" is no path inside of a folder. Give one such as assets/main.js.` });
    none = false;
    yield { path, content };
  }
  if (none) throw new StorageError({ code: 'UNSUPPORTED', message: 'A folder without files has nothing to add. Give at least one.' });
}
