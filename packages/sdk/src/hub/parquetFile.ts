import { type AssetDto, type Manifest, type VersionDto, commitOf, createSha256, hubIdOf, mainFileOf } from '@neurodata/protocol';
import { dataPathOf } from './dataPaths.ts';
import type { HubFile } from './hubFiles.ts';
import type { HubData, HubSource } from './HubSource.ts';
import type { HubTable, HubTables } from './HubTables.ts';
import { DEFAULT_CONFIG, type ViewerTable } from './viewerTables.ts';

/** The branch on which hubs keep tables as Parquet. */
export const PARQUET_REVISION = 'refs/convert/parquet';
/** Where a table lies there, by its subset. */
export const parquetPath = (config: string): string => `${config}/train/0000.parquet`;
export const PARQUET_PATH = parquetPath(DEFAULT_CONFIG);

/** Where a table's Parquet file is fetched. */
export const parquetUrl = (origin: string, asset: AssetDto, config: string): string => `${origin}/datasets/${hubIdOf(asset)}/resolve/${encodeURIComponent(PARQUET_REVISION)}/${parquetPath(encodeURIComponent(config))}`;

type Wanted = { asset: AssetDto; version: VersionDto; manifest: Manifest };

/** The commit of a version's Parquet branch: another than the version's own, since clients keep files by it. */
export function parquetCommitOf(version: VersionDto): string {
  const hash = createSha256();
  hash.update(new TextEncoder().encode(`${PARQUET_REVISION} ${commitOf(version)}`));
  return hash.hex().slice(0, 40);
}

/** A version's table for those who ask it; of a folder's other tables that at `inside`. */
export function tableOf({ asset, version }: Pick<Wanted, 'asset' | 'version'>, data: HubData, inside?: string): HubTable {
  return { key: `${asset.assetId}/${version.version}/${version.contentCommitment.toLowerCase()}${inside === undefined ? '' : `/${inside}`}`, data };
}

/** A version's table as Parquet, for whom the source opens it: the main one's own file where it is one, else a copy. Throws as `openData` does. */
export async function parquetFile({ source, tables, table: { config, inside }, ...wanted }: Wanted & { source: HubSource; tables: HubTables; table: ViewerTable }): Promise<HubFile & { data: HubData }> {
  const { manifest, version } = wanted;
  const opened = await source.openData({ ...wanted, ...(inside === undefined ? {} : { path: inside }) });
  const isParquet = inside === undefined && (/parquet/.test(mainFileOf(manifest)?.mediaType ?? '') || /\.parquet$/i.test(dataPathOf(manifest) ?? ''));
  const { sha256, data } = isParquet ? { sha256: version.contentCommitment.slice(2).toLowerCase(), data: opened } : await tables.parquet(tableOf(wanted, opened, inside));
  return { path: parquetPath(config), size: data.size, oid: sha256.slice(0, 40), etag: `nd-${sha256}`, mediaType: 'application/vnd.apache.parquet', data };
}
