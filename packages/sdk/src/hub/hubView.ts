import { type AssetDto, type Manifest, type VersionDto, commitOf, findRevision } from '@neurodata/protocol';
import { HubError } from './HubError.ts';
import { dataPathOf } from './dataPaths.ts';
import { type HubFile, hubFiles } from './hubFiles.ts';
import type { HubSource } from './HubSource.ts';
import type { HubTables } from './HubTables.ts';
import { PARQUET_PATH, PARQUET_REVISION, parquetCommitOf, parquetFile, parquetPath } from './parquetFile.ts';
import { viewerTables } from './viewerTables.ts';

/** What a revision names: a version's own files, or its table as Parquet. */
export type HubView = { version: VersionDto; /** 40 digits. */ commit: string; isParquet: boolean };

/** Finds what a revision names. Throws `RevisionNotFound` rather than give another. */
export function viewOf(asset: AssetDto, revision: string): HubView {
  const converted = asset.kind === 'dataset' ? asset.versions.find((one) => parquetCommitOf(one) === revision) : undefined;
  if (converted) return { version: converted, commit: revision, isParquet: true };
  const isParquet = revision === PARQUET_REVISION && asset.kind === 'dataset';
  const named = isParquet ? 'main' : revision;
  const version = findRevision(asset.versions, named);
  if (version) return { version, commit: isParquet ? parquetCommitOf(version) : commitOf(version), isParquet };
  const known = asset.versions.map((one) => `v${one.version}`).slice(-5).join(', ');
  throw new HubError(named === 'main' ? `No version of asset ${asset.assetId} is live; there are ${known}.` : `Asset ${asset.assetId} has no revision ${revision}. There are main, ${known}, and each version's commit and CID.`, { status: 404, code: 'RevisionNotFound' });
}

type FilesParameters = { source: HubSource; tables: HubTables; asset: AssetDto; view: HubView; /** See `hubFiles`. */ measured: boolean; /** Of the Parquet branch: this file, by default the main table's. Each costs a copy, so no more than one is made. */ path?: string };

/** The files of a revision; of the Parquet branch for whom the source opens the table only. */
export async function filesOfView({ source, tables, asset, view, measured, path = PARQUET_PATH }: FilesParameters): Promise<{ files: HubFile[]; manifest: Manifest; dataPath: string | undefined }> {
  const { version, isParquet } = view;
  if (!isParquet) {
    const { files, manifest } = await hubFiles({ source, asset, version, measured });
    return { files, manifest, dataPath: dataPathOf(manifest) };
  }
  const { manifest } = await source.readManifest(version);
  const table = viewerTables(manifest).find(({ config }) => parquetPath(config) === path);
  return { files: table ? [await parquetFile({ source, tables, asset, version, manifest, table })] : [], manifest, dataPath: PARQUET_PATH };
}
