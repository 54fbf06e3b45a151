import { type AssetDto, type Manifest, type VersionDto, commitOf, createSha256, hubIdOf, mainFileOf } from '@neurodata/protocol';
import { dataPathOf } from './dataPaths.ts';
import type { HubFile } from './hubFiles.ts';
import type { HubData, HubSource } from './HubSource.ts';
import type { HubTable, HubTables } from './HubTables.ts';

/** The branch on which hubs keep tables as Parquet. */
export const PARQUET_REVISION = 'refs/convert/parquet';
/** Where the one table lies there. */
export const PARQUET_PATH = 'default/train/0000.parquet';

/** Where a dataset's Parquet file is fetched. */
export const parquetUrl = (origin: string, asset: AssetDto): string => `${origin}/datasets/${hubIdOf(asset)}/resolve/${encodeURIComponent(PARQUET_REVISION)}/${PARQUET_PATH}`;

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

/** A version's table as Parquet, for whom the source opens it: its own file where it is one, else a copy. Throws as `openData` does. */
export async function parquetFile({ source, tables, ...wanted }: Wanted & { source: HubSource; tables: HubTables }): Promise<HubFile & { data: HubData }> {
  const { manifest, version } = wanted;
  const opened = await source.openData(wanted);
  const isParquet = /parquet/.test(mainFileOf(manifest)?.mediaType ?? '') || /\.parquet$/i.test(dataPathOf(manifest) ?? '');
  const { sha256, data } = isParquet ? { sha256: version.contentCommitment.slice(2).toLowerCase(), data: opened } : await tables.parquet(tableOf(wanted, opened));
  return { path: PARQUET_PATH, size: data.size, oid: sha256.slice(0, 40), etag: `nd-${sha256}`, mediaType: 'application/vnd.apache.parquet', data };
}
