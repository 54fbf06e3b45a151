import type { PublicFolderFile } from './folder.ts';
import type { FolderTable } from './folderTables.ts';
import { type Manifest, folderFilesOf } from './manifest.ts';
import type { ManifestColumn } from './manifestColumn.ts';

/**
 * Files by path. `changed`: sealed otherwise; unless both were opened, a file that was only sealed anew is among them. `moved`: the same sealed file under another path.
 * `exact`: their plaintexts were compared.
 */
export type FilesDiff = { added: string[]; removed: string[]; changed: string[]; moved: { from: string; to: string }[]; unchanged: string[]; exact: boolean };
/** One figure of a column that both versions tell, and tell differently. */
export type FigureDiff = { column: string; figure: string; before: number | string | null; after: number | string | null };
/** How one table differs. */
export type TableDiff = {
  schema: { added: { name: string; kind: ManifestColumn['kind'] }[]; removed: { name: string; kind: ManifestColumn['kind'] }[]; changed: { name: string; before: ManifestColumn['kind']; after: ManifestColumn['kind'] }[]; reordered: boolean };
  /** `added` and `removed`: rows that only one of the tables has, where both were opened. */
  rows: { before: number | null; after: number | null; added?: number; removed?: number };
  statistics: FigureDiff[];
};
/** A table of a folder that is not its main one. `from`: the path that it had before, where that is another; `before` and `after` of its rows are null where that version tells of none at this path. */
export type OtherTableDiff = TableDiff & { path: string; from?: string };
/** By its own: the table, or a folder's main one. `tables`: of its others those that differ, by path. */
export type VersionDiff = TableDiff & { files: FilesDiff; tables: OtherTableDiff[] };

/** What everybody can see of how a version differs from another one: from both manifests alone. */
export function diffManifests(before: Manifest, after: Manifest): VersionDiff {
  const files = diffFiles(publicFiles(before), publicFiles(after), false);
  const table = diffTable({ rows: before['nd:rows'], columns: before['nd:columns'] }, { rows: after['nd:rows'], columns: after['nd:columns'] });
  return { files, ...table, tables: diffOtherTables(before, after, files).filter(isChanged) };
}

type ToldTable = { rows?: number | undefined; columns?: readonly ManifestColumn[] | undefined };

function diffTable(before: ToldTable | undefined, after: ToldTable | undefined): TableDiff {
  return { ...diffColumns(before?.columns ?? [], after?.columns ?? []), rows: { before: before?.rows ?? null, after: after?.rows ?? null } };
}

/** Tables that are not the main one now, against what was told of them before, and those that are gone; also where nothing differs. What was the main table before may be among them. */
export function diffOtherTables(before: Manifest, after: Manifest, { moved }: FilesDiff): OtherTableDiff[] {
  const [old, now] = [tablesByPath(before), tablesByPath(after)];
  const cameFrom = new Map(moved.map(({ from, to }) => [to, from]));
  const went = new Map(moved.map(({ from, to }) => [from, to]));
  const told = (after['nd:tables'] ?? []).map((table): OtherTableDiff => {
    const from = cameFrom.get(table.path);
    return { path: table.path, ...(from === undefined ? {} : { from }), ...diffTable(old.get(from ?? table.path), table) };
  });
  const gone = (before['nd:tables'] ?? []).filter(({ path }) => !now.has(went.get(path) ?? path)).map((table): OtherTableDiff => ({ path: table.path, ...diffTable(table, undefined) }));
  return [...told, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function tablesByPath(manifest: Manifest): Map<string, ToldTable> {
  const { 'nd:rows': rows, 'nd:columns': columns, 'nd:tables': others = [] } = manifest;
  const main = manifest['nd:folder']?.main?.path;
  const tables = new Map<string, ToldTable>(others.map((table: FolderTable) => [table.path, table]));
  if (main !== undefined) tables.set(main, { rows, columns });
  return tables;
}

/** Whether anything differs. */
export function isChanged({ schema, rows, statistics }: TableDiff): boolean {
  return schema.added.length + schema.removed.length + schema.changed.length + statistics.length > 0 || schema.reordered || rows.before !== rows.after || (rows.added ?? 0) + (rows.removed ?? 0) > 0;
}

type NamedFile = { path: string; digest: string };

/** `digest`: of the ciphertexts, which everybody has; of the plaintexts (`exact`) where both indexes were opened. */
export function diffFiles(before: readonly NamedFile[], after: readonly NamedFile[], exact: boolean): FilesDiff {
  const [old, now] = [new Map(before.map((file) => [file.path, file.digest])), new Map(after.map((file) => [file.path, file.digest]))];
  const gone = before.filter(({ path }) => !now.has(path));
  const diff: FilesDiff = { added: [], removed: [], changed: [], moved: [], unchanged: [], exact };
  for (const { path, digest } of after) {
    const known = old.get(path);
    if (known !== undefined) (known === digest ? diff.unchanged : diff.changed).push(path);
    else {
      const at = gone.findIndex((file) => file.digest === digest);
      const [from] = at < 0 ? [] : gone.splice(at, 1);
      if (from) diff.moved.push({ from: from.path, to: path });
      else diff.added.push(path);
    }
  }
  return { ...diff, removed: gone.map(({ path }) => path) };
}

function publicFiles(manifest: Manifest): NamedFile[] {
  const { fileName } = manifest['nd:sealed'];
  const files: Pick<PublicFolderFile, 'path' | 'sealedSha256'>[] = manifest['nd:folder'] ? folderFilesOf(manifest) : [{ path: fileName, sealedSha256: manifest.distribution[0].sha256 }];
  return files.map(({ path, sealedSha256 }) => ({ path, digest: sealedSha256 }));
}

function diffColumns(before: readonly ManifestColumn[], after: readonly ManifestColumn[]): Pick<TableDiff, 'schema' | 'statistics'> {
  const [old, now] = [before, after].map((columns) => new Map(columns.map((column) => [column.name, column])));
  const named = ({ name, kind }: ManifestColumn): { name: string; kind: ManifestColumn['kind'] } => ({ name, kind });
  const both = after.flatMap((column) => {
    const known = old?.get(column.name);
    return known ? [{ name: column.name, before: known, after: column }] : [];
  });
  return {
    schema: {
      added: after.filter(({ name }) => !old?.has(name)).map(named),
      removed: before.filter(({ name }) => !now?.has(name)).map(named),
      changed: both.filter((one) => one.before.kind !== one.after.kind).map((one) => ({ name: one.name, before: one.before.kind, after: one.after.kind })),
      reordered: before.filter(({ name }) => now?.has(name)).map(({ name }) => name).join('\n') !== both.map(({ name }) => name).join('\n'),
    },
    statistics: both.flatMap((one) => diffFigures(one.name, figuresOf(one.before), figuresOf(one.after))),
  };
}

type Figures = Record<string, number | string>;

function diffFigures(column: string, before: Figures, after: Figures): FigureDiff[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((figure) => before[figure] !== after[figure]).map((figure) => ({ column, figure, before: before[figure] ?? null, after: after[figure] ?? null }));
}

function figuresOf({ missing, distinct, statistics }: ManifestColumn): Figures {
  if (!statistics) return { missing, distinct };
  if ('top' in statistics) return { missing, distinct, commonest: statistics.top.map(({ value, share }) => `${value} ${Math.round(share * 100)}%`).join(', ') };
  const { min, max, mean, deviation, quartiles } = statistics;
  return { missing, distinct, least: min, greatest: max, mean, ...(deviation === undefined ? {} : { deviation }), quartiles: quartiles.join(', ') };
}
