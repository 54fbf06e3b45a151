import { z } from 'zod';
import { canonicalJson } from './bytes.ts';
import type { MeasuredColumn, StatisticsChoice } from './columnStatistics.ts';
import { describeRows } from './croissant/describeFiles.ts';
import { describeColumns } from './describeColumns.ts';
import { NeuroError } from './errors.ts';
import { fitsManifest, listedBytes } from './folderLists.ts';
import { manifestColumnSchema } from './manifestColumn.ts';

/** So many tables of a folder are described besides its main one. */
export const MOST_FOLDER_TABLES = 100;

/** A table of a folder that is not its main one, as a manifest tells of it. */
export const folderTableSchema = z.strictObject({ path: z.string().max(1_000), mediaType: z.string().max(100), rows: z.int().nonnegative(), columns: z.array(manifestColumnSchema).max(10_000) });
export type FolderTable = z.output<typeof folderTableSchema>;

/** Why a folder with these files cannot tell of these tables, in words; undefined where it can. */
export function findTablesProblem(tables: readonly FolderTable[], { paths, main }: { paths: readonly string[]; main: string | undefined }): string | undefined {
  const known = new Set(paths);
  for (const [index, { path }] of tables.entries()) {
    const before = tables[index - 1];
    if (!known.has(path)) return `the table ${JSON.stringify(path)} is not among the files`;
    if (path === main) return `the main table ${JSON.stringify(path)} is described twice`;
    if (before && before.path >= path) return `the tables are not in the order of their paths at ${JSON.stringify(path)}`;
  }
  return undefined;
}

/** What is told of a table under the choice for it; undefined of one without columns. Throws `BAD_INPUT` where a column whose values may be told is none of its. */
export function describeFolderTable(parameters: { path: string; mediaType: string; rows: number; columns: readonly MeasuredColumn[]; choice: StatisticsChoice }): FolderTable | undefined {
  const { path, mediaType, rows, columns, choice } = parameters;
  const stray = choice.topOf?.find((wanted) => !columns.some((column) => column.name === wanted && column.kind === 'categorical'));
  if (stray !== undefined) throw new NeuroError(`${path} has no column ${stray} that holds texts.`, { code: 'BAD_INPUT', remedy: 'Name another, or none.' });
  return columns.length === 0 ? undefined : { path, mediaType, rows, columns: describeColumns({ rows, columns, choice }) };
}

/** Bytes of a manifest that these tables may take, twice told: as facts, and as record sets; and what is left to text and columns of the main one. */
const [MOST_TABLES_BYTES, REST_BYTES] = [256 * 1024, 128 * 1024];

/**
 * The tables by path of which the manifest of a folder with these files tells, and how many it has no room for: it is one block of 1 MiB. Those that do not fit are passed over,
 * smaller ones after them are not.
 */
export function fitTables({ files, tables }: { files: readonly { path: string }[]; tables: readonly FolderTable[] }): { told: FolderTable[]; left: number } {
  let room = Math.min(MOST_TABLES_BYTES, 1024 * 1024 - REST_BYTES - (fitsManifest(files) ? listedBytes(files) : 0));
  const told: FolderTable[] = [];
  for (const table of tables.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const bytes = canonicalJson(table).length + canonicalJson(describeRows(table.columns, table.mediaType)).length + 2 * JSON.stringify(table.path).length + 500;
    if (told.length === MOST_FOLDER_TABLES || bytes > room) continue;
    room -= bytes;
    told.push(table);
  }
  return { told, left: tables.length - told.length };
}

/**
 * What is told of one table of a folder. Columns whose commonest values may be public are named as `path:column`; those of the main table by themselves, too. `tables`: paths of all
 * tables, so that a column of the main one may have a colon in its name.
 */
export function choiceForTable(choice: StatisticsChoice, { path, isMain, tables }: { path: string; isMain: boolean; tables: readonly string[] }): StatisticsChoice {
  const { topOf, ...rest } = choice;
  if (!topOf) return choice;
  const named = (name: string): string | undefined => tables.filter((one) => name.startsWith(`${one}:`)).toSorted((a, b) => b.length - a.length)[0];
  const own = topOf.flatMap((name) => {
    const table = named(name);
    if (table === path) return [name.slice(table.length + 1)];
    return table === undefined && isMain ? [name] : [];
  });
  return { ...rest, topOf: own };
}
