import { NeuroError } from '@neurodata/protocol';
import { isTableFormat } from '../content/folderFormat.ts';
import type { PlainFile } from './sealFolderFile.ts';

/** `first`: the first file that could be a table, where none of them reads as one. */
export type FoundMain<File, Table> = { chosen: File; table: Table } | { first?: File };

const MOST_TRIES = 20;

/**
 * The main table of a folder: the file that `main` names, else the first by path that reads as a table, since a text that only looks like one is no mistake. `read` gives
 * undefined for what is no table; of a named file it throws. Throws `BAD_INPUT` where nothing has that name.
 */
export async function findMainTable<File extends PlainFile, Table>(parameters: { files: readonly File[]; main?: string | undefined; read: (file: File, named: boolean) => Promise<Table | undefined> }): Promise<FoundMain<File, Table>> {
  const { files, main, read } = parameters;
  if (main !== undefined) {
    const chosen = files.find(({ path }) => path === main);
    if (!chosen) throw new NeuroError(`There is no ${main} in the folder.`, { code: 'BAD_INPUT', remedy: 'Name the main table by its path in the folder.' });
    const table = await read(chosen, true);
    return table === undefined ? { first: chosen } : { chosen, table };
  }
  const candidates = files.filter(({ format, size }) => isTableFormat(format) && size > 0).slice(0, MOST_TRIES);
  for (const chosen of candidates) {
    const table = await read(chosen, false);
    if (table !== undefined) return { chosen, table };
  }
  return candidates[0] ? { first: candidates[0] } : {};
}
