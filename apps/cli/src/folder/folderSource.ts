import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FOLDER_MEDIA_TYPE, NeuroError, type StatisticsChoice } from '@neurodata/protocol';
import { type PlainFile, isTableFormat } from '@neurodata/sdk';
import { createProgress, megabytes } from '../progress.ts';
import { type PublishSource, type Table, readTable } from '../publishSource.ts';
import { type LocalFile, lookAt, walkFolder } from './walkFolder.ts';

/** A folder that is about to be published. `main`: the path of the table that is described, where it has one. */
export type FolderSource = Omit<PublishSource, 'content'> & { folder: { root: string; name: string; files: (PlainFile & LocalFile)[]; main?: string } };

export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then((about) => about.isDirectory(), () => false);
}

/**
 * Looks at every file of a folder, and describes its main table: the one that `main` names, else the first by path that reads as a table.
 *
 * @throws NeuroError BAD_INPUT for what is refused, naming the file
 */
export async function readFolderSource(root: string, choice: StatisticsChoice, main?: string): Promise<FolderSource> {
  const { files: found, hidden } = await walkFolder(root);
  const progress = createProgress('counts');
  const files: (PlainFile & LocalFile)[] = [];
  try {
    for (const file of found) {
      files.push({ ...file, ...(await lookAt(file)) });
      progress.update('Looking at files', files.length, found.length);
    }
  } finally {
    progress.stop();
  }
  const chosen = chooseMain(files, main);
  const table = chosen && (await describeMain(chosen, choice, main !== undefined));
  if (chosen && table) chosen.format = table.mediaType;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const warnings = [
    ...(hidden === 0 ? [] : [`${hidden} hidden ${hidden === 1 ? 'file is' : 'files are'} left out.`]),
    ...(chosen && !table ? [`${chosen.path} does not read as a table, so no rows are described; --main names another file.`] : []),
    ...(table ? table.warnings : []),
  ];
  const described = table && chosen ? `; ${table.rows} rows and ${table.columns.length} columns in ${chosen.path}` : '';
  return {
    size, mediaType: FOLDER_MEDIA_TYPE, holds: `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${megabytes(size)}${described}`, warnings, ...(table ? { table } : {}),
    folder: { root, name: path.basename(path.resolve(root)).normalize('NFC').replace(/[\p{Cc}\p{Cf}:*?"<>|\\]/gu, '_') || 'folder', files, ...(table && chosen ? { main: chosen.path } : {}) },
  };
}

function chooseMain(files: (PlainFile & LocalFile)[], main: string | undefined): (PlainFile & LocalFile) | undefined {
  if (main === undefined) return files.find(({ format, size }) => isTableFormat(format) && size > 0);
  const wanted = main.split(path.sep).join('/').normalize('NFC').replace(/^\.\//, '');
  const found = files.find((file) => file.path === wanted);
  if (found) return found;
  throw new NeuroError(`There is no ${main} in the folder.`, { code: 'BAD_INPUT', remedy: 'Name the main table by its path in the folder.' });
}

/** Where nobody chose it, a text that looks like a table and is none is no mistake. */
async function describeMain(file: PlainFile & LocalFile, choice: StatisticsChoice, chosen: boolean): Promise<Table | undefined> {
  try {
    return await readTable(file.file, choice);
  } catch (error) {
    if (chosen) throw error;
    return undefined;
  }
}
