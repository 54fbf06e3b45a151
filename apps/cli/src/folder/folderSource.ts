import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ColumnProfile, type DescribedTable, findHazard, tableMediaTypes, unlessRefused } from '@neurodata/engine';
import { FOLDER_MEDIA_TYPE, type FolderTable, type StatisticsChoice, choiceForTable, describeFolderTable, fitTables } from '@neurodata/protocol';
import { type PlainFile, findMainTable, folderName, isTableFormat, lookAtFile } from '@neurodata/sdk';
import { type LocalProfile, profileLocal } from '../profileLocal.ts';
import { createProgress, megabytes } from '../progress.ts';
import { type PublishSource, readTable, runCellsText } from '../publishSource.ts';
import { type LocalFile, contentOf, walkFolder } from './walkFolder.ts';

/** A folder that is about to be published. `main`: the path of the table that is described, where it has one. */
export type FolderSource = Omit<PublishSource, 'content'> & { folder: { root: string; name: string; files: (PlainFile & LocalFile)[]; main?: string; /** Of the other tables, those that the manifest tells of. */ tables: FolderTable[]; /** Columns of other tables that look like data about people, named with their files. */ others: ColumnProfile[]; /** Why other tables are refused, in sentences that name them. */ hazards: string[] } };

export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then((about) => about.isDirectory(), () => false);
}

/**
 * Looks at every file of a folder, and describes its tables. The main one is that which `main` names, else the first by path that reads as a table.
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
  const paths = files.filter(isTable).map((file) => file.path);
  const choiceFor = (file: PlainFile, isMain: boolean): StatisticsChoice => choiceForTable(choice, { path: file.path, isMain, tables: paths });
  const found = await findMainTable({ files, main: main?.split(path.sep).join('/').normalize('NFC').replace(/^\.\//, ''), read: (one, named) => (named ? readTable(one.file, choiceFor(one, true)) : unlessRefused(readTable(one.file, choiceFor(one, true)))) });
  const { chosen, table } = 'chosen' in found ? found : {};
  if (chosen && table) chosen.format = table.mediaType;
  const others = await profileOthers(files.filter((file) => file !== chosen));
  const { told, left } = fitTables({ files, tables: others.flatMap(({ file, profile }) => describeFolderTable({ ...profile, path: file.path, mediaType: tableMediaTypes[profile.format], choice: choiceFor(file, false) }) ?? []) });
  // Of texts the content says what they are, where it was read.
  for (const { path: name, mediaType } of told) for (const file of files) if (file.path === name) file.format = mediaType;
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const warnings = [
    ...(hidden === 0 ? [] : [`${hidden} hidden ${hidden === 1 ? 'file is' : 'files are'} left out.`]),
    ...('first' in found && found.first ? [`${found.first.path} does not read as a table, so no rows are described; --main names another file.`] : []),
    ...(table ? table.warnings : []),
    ...others.flatMap(({ file, runCells }) => (runCells === 0 ? [] : [`${file.path}: ${runCellsText(runCells)}`])),
    ...(left === 0 ? [] : [`${left} ${left === 1 ? 'table is' : 'tables are'} not described: a description has no room for ${left === 1 ? 'its' : 'their'} columns.`]),
  ];
  const described = table && chosen ? `; ${table.rows} rows and ${table.columns.length} columns in ${chosen.path}` : '';
  return {
    size, mediaType: FOLDER_MEDIA_TYPE, holds: `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${megabytes(size)}${described}`, warnings, ...(table ? { table } : {}),
    folder: { root, name: folderName(path.basename(path.resolve(root))), files, tables: told, others: others.flatMap(({ file, profile }) => peopleIn(file, profile)), hazards: others.flatMap(({ file, profile }) => hazardIn(file, profile) ?? []), ...(table && chosen ? { main: chosen.path } : {}) },
  };
}

const isTable = ({ format, size }: PlainFile): boolean => isTableFormat(format) && size > 0;

type Profiled = LocalProfile & { file: PlainFile };

async function profileOthers(files: readonly (PlainFile & LocalFile)[]): Promise<Profiled[]> {
  const found: Profiled[] = [];
  for (const { file: where, ...file } of files) {
    const described = isTable(file) ? await unlessRefused(profileLocal(where)) : undefined;
    if (described) found.push({ file, ...described });
  }
  return found;
}

function hazardIn({ path: name }: PlainFile, { columns }: DescribedTable): string | undefined {
  const hazard = findHazard(columns);
  return hazard === undefined ? undefined : `${name}: ${hazard}`;
}

function peopleIn({ path: name }: PlainFile, { columns }: DescribedTable): ColumnProfile[] {
  const found: ColumnProfile[] = [];
  for (const { hazard: _, ...column } of columns) if (column.personal) found.push({ ...column, name: `${name}: ${column.name}` });
  return found;
}
