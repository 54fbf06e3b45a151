import { type Manifest, type ManifestColumn, folderFilesOf, mainFileOf } from '@neurodata/protocol';
import { dataPathOf, folderPaths } from './dataPaths.ts';

/** A table of a version as clients name it: a subset. `inside`: its path in the folder, of other tables than the main one; `path`: as clients see it. */
export type ViewerTable = { config: string; inside?: string; path: string; mediaType: string; rows: number | undefined; columns: readonly ManifestColumn[] };

export const DEFAULT_CONFIG = 'default';

/** The main table, or the only one, which is the subset `default`; then a folder's others that its manifest tells of, each named by its path. */
export function viewerTables(manifest: Manifest): [ViewerTable, ...ViewerTable[]] {
  const { 'nd:rows': rows, 'nd:columns': columns = [], 'nd:tables': tables = [] } = manifest;
  const main: ViewerTable = { config: DEFAULT_CONFIG, path: dataPathOf(manifest) ?? '', mediaType: mainFileOf(manifest)?.mediaType ?? '', rows, columns };
  if (tables.length === 0) return [main];
  const paths = folderPaths(folderFilesOf(manifest).map((file) => file.path));
  const taken = new Set([DEFAULT_CONFIG]);
  const others = tables.map((table) => {
    const config = freeName(table.path.replaceAll('/', '--'), taken);
    taken.add(config.toLowerCase());
    return { config, inside: table.path, path: paths.get(table.path) ?? table.path, mediaType: table.mediaType, rows: table.rows, columns: table.columns };
  });
  return [main, ...others];
}

/** Clients make folders of such names: they have no slashes, and no two are one where case does not count. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}~${number}`;
  return name;
}
