import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ColumnProfile, profileTable, unlessRefused } from '@neurodata/engine';
import { FOLDER_MEDIA_TYPE, type StatisticsChoice } from '@neurodata/protocol';
import { type PlainFile, findMainTable, folderName, isTableFormat, lookAtFile } from '@neurodata/sdk';
import { readBytes } from '../readBytes.ts';
import { createProgress, megabytes } from '../progress.ts';
import { type PublishSource, readTable } from '../publishSource.ts';
import { type LocalFile, contentOf, walkFolder } from './walkFolder.ts';

/** A folder that is about to be published. `main`: the path of the table that is described, where it has one. */
export type FolderSource = Omit<PublishSource, 'content'> & { folder: { root: string; name: string; files: (PlainFile & LocalFile)[]; main?: string; /** Columns of other tables that look like data about people, named with their files. */ others: ColumnProfile[] } };

export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then((about) => about.isDirectory(), () => false);
}

/**
 * Looks at every file of a folder, and describes its main table: the one that `main` names, else the first by path that reads as a table.
 *
 * @throws NeuroError BAD_INPUT for what is refused, naming the file
 */
export async function readFolderSource(root: string, choice: StatisticsChoice, main?: string): Promise<FolderSource> {
  const { files: local, hidden } = await walkFolder(root);
  const progress = createProgress('counts');
  const files: (PlainFile & LocalFile)[] = [];
  try {
    for (const file of local) {
      files.push({ ...file, ...(await lookAtFile({ path: file.path, content: contentOf(file) })) });
      progress.update('Looking at files', files.length, local.length);
    }
  } finally {
    progress.stop();
  }
  const found = await findMainTable({ files, main: main?.split(path.sep).join('/').normalize('NFC').replace(/^\.\//, ''), read: ({ file }, named) => (named ? readTable(file, choice) : unlessRefused(readTable(file, choice))) });
  const { chosen, table } = 'chosen' in found ? found : {};
  if (chosen && table) chosen.format = table.mediaType;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const warnings = [
    ...(hidden === 0 ? [] : [`${hidden} hidden ${hidden === 1 ? 'file is' : 'files are'} left out.`]),
    ...('first' in found && found.first ? [`${found.first.path} does not read as a table, so no rows are described; --main names another file.`] : []),
    ...(table ? table.warnings : []),
  ];
  const described = table && chosen ? `; ${table.rows} rows and ${table.columns.length} columns in ${chosen.path}` : '';
  return {
    size, mediaType: FOLDER_MEDIA_TYPE, holds: `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${megabytes(size)}${described}`, warnings, ...(table ? { table } : {}),
    folder: { root, name: folderName(path.basename(path.resolve(root))), files, others: await peopleIn(files.filter((file) => file !== chosen)), ...(table && chosen ? { main: chosen.path } : {}) },
  };
}

/** The engine holds a table of this size in memory; larger ones are not looked through here. */
const MOST_LOOKED_THROUGH = 64 * 2 ** 20;

async function peopleIn(files: readonly (PlainFile & LocalFile)[]): Promise<ColumnProfile[]> {
  const found: ColumnProfile[] = [];
  for (const { path: name, file, format, size } of files) {
    if (!isTableFormat(format) || size === 0 || size > MOST_LOOKED_THROUGH) continue;
    const profile = await unlessRefused(readBytes(file).then((bytes) => profileTable(bytes)));
    for (const { hazard: _, ...column } of profile?.columns ?? []) if (column.personal) found.push({ ...column, name: `${name}: ${column.name}` });
  }
  return found;
}
