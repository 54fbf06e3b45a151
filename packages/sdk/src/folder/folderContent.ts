import { type BuildManifestParameters, FOLDER_MEDIA_TYPE, type FolderFile, type FolderTable, type MainTable, NeuroError, encodeFolderIndex } from '@neurodata/protocol';

/** What `publishAsset` and `publishVersion` take of a folder instead of one file. */
export type FolderContent = { content: () => AsyncIterable<Uint8Array>; size: number; fileName: string; mediaType: string; folder: NonNullable<BuildManifestParameters['folder']> };

/**
 * A folder whose files are sealed and stored, as content: its index is what is sealed under the key, shared and committed to. `name`: the folder's; `main`: the path of
 * the table that `rows` and `columns` describe; `tables`: the others of which the manifest tells, as `fitTables` gives them. Throws `BAD_INPUT` for paths that cannot be on every system.
 *
 * @example await publishAsset({ client, kind: 'dataset', description, rows, columns, ...folderContent({ name: 'birds', files, main: 'train/penguins.csv' }) });
 */
export function folderContent(parameters: { name: string; files: readonly FolderFile[]; main?: string; tables?: readonly FolderTable[] }): FolderContent {
  const { name, files, main, tables = [] } = parameters;
  const bytes = encodeFolderIndex(files);
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const table = main === undefined ? undefined : mainOf(sorted, main);
  return {
    content: () => once(bytes), size: bytes.length, fileName: `${name.slice(0, 180)}.folder.json`, mediaType: FOLDER_MEDIA_TYPE,
    folder: { files: sorted.map(({ path, cid, sealedSize, sealedSha256 }) => ({ path, cid, sealedSize, sealedSha256 })), ...(table ? { main: table } : {}), ...(tables.length > 0 ? { tables } : {}) },
  };
}

function mainOf(files: readonly FolderFile[], path: string): MainTable {
  const found = files.find((file) => file.path === path);
  if (!found) throw new NeuroError(`There is no ${JSON.stringify(path)} in the folder.`, { code: 'BAD_INPUT', remedy: 'Name one of its files as the main table.' });
  return { path, mediaType: found.format };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
