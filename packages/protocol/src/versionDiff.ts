import type { PublicFolderFile } from './folder.ts';
import { type Manifest, folderFilesOf } from './manifest.ts';
import type { ManifestColumn } from './manifestColumn.ts';

/**
 * Files by path. `changed`: sealed otherwise; unless both were opened, a file that was only sealed anew is among them. `moved`: the same sealed file under another path.
 * `exact`: their plaintexts were compared.
 */
export type FilesDiff = { added: string[]; removed: string[]; changed: string[]; moved: { from: string; to: string }[]; unchanged: string[]; exact: boolean };
/** One figure of a column that both versions tell, and tell differently. */
export type FigureDiff = { column: string; figure: string; before: number | string | null; after: number | string | null };
export type VersionDiff = {
  files: FilesDiff;
  /** Of the main table. */
  schema: { added: { name: string; kind: ManifestColumn['kind'] }[]; removed: { name: string; kind: ManifestColumn['kind'] }[]; changed: { name: string; before: ManifestColumn['kind']; after: ManifestColumn['kind'] }[]; reordered: boolean };
  /** `added` and `removed`: rows that only one of the tables has, where both were opened. */
  rows: { before: number | null; after: number | null; added?: number; removed?: number };
  statistics: FigureDiff[];
};

/** What everybody can see of how a version differs from another one: from both manifests alone. */
export function diffManifests(before: Manifest, after: Manifest): VersionDiff {
  return {
    files: diffFiles(publicFiles(before), publicFiles(after), false),
    ...diffColumns(before['nd:columns'] ?? [], after['nd:columns'] ?? []),
    rows: { before: before['nd:rows'] ?? null, after: after['nd:rows'] ?? null },
  };
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

function diffColumns(before: readonly ManifestColumn[], after: readonly ManifestColumn[]): Pick<VersionDiff, 'schema' | 'statistics'> {
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
