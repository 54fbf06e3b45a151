import { unlessRefused } from '@neurodata/engine';
import { type PlainFile, findMainTable, folderName, isTableFormat, listFolder, lookAtFile } from '@neurodata/sdk';
import { pieces } from './blobs.ts';
import { type DescribedFile, describeFile } from './fileContent.ts';
import type { VaultProgress } from './vaultProgress.ts';

/** A folder as somebody chose it: files by their paths below it. `main`: its main table, where it has that file; else the first that reads as one. */
export type ChosenFolder = { name: string; files: { path: string; file: File }[]; main?: string | undefined };

/** What a folder is, before anything of it is sent. */
export type LookedFolder = {
  name: string;
  files: (PlainFile & { file: File })[];
  /** How many files are left out because they are hidden. */
  hidden: number;
  /** The table that was asked for, or the first that reads as one. */
  main?: { path: string; table: DescribedFile };
  /** A file that is called as a table is, where none reads as one. */
  first?: string;
  /** All of its tables that were read, the main one among them. */
  tables: { path: string; table: DescribedFile }[];
};

/** Looks at every file of a folder, and finds its main table. Throws `BAD_INPUT` for what is refused, naming the file. */
export async function lookAtFolder({ name, files: found, main: wanted }: ChosenFolder, report: (progress: VaultProgress) => void): Promise<LookedFolder> {
  const { files: listed, hidden } = listFolder(found);
  const total = listed.reduce((sum, { file }) => sum + file.size, 0);
  const files: LookedFolder['files'] = [];
  let before = 0;
  for (const [at, { path, file }] of listed.entries()) {
    const part = { name: path, number: at + 1, of: listed.length };
    const plain = await lookAtFile({ path, content: pieces(file), onProgress: (bytes) => report({ stage: 'looking', done: before + bytes, total, part }) });
    files.push({ ...plain, file });
    before += file.size;
  }
  const read = new Map<string, DescribedFile | undefined>();
  const main = await findMainTable({ files, ...(files.some(({ path }) => path === wanted) ? { main: wanted } : {}), read: async ({ path, file }) => {
    const table = await unlessRefused(describeFile(file));
    read.set(path, table);
    return table;
  } });
  const tables: LookedFolder['tables'] = [];
  for (const { path, file, format, size } of files) {
    if (!isTableFormat(format) || size === 0) continue;
    const table = read.has(path) ? read.get(path) : await unlessRefused(describeFile(file));
    if (table) tables.push({ path, table });
  }
  return { name: folderName(name), files, hidden, tables, ...('chosen' in main ? { main: { path: main.chosen.path, table: main.table } } : main.first ? { first: main.first.path } : {}) };
}
