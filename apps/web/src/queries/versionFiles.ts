import type { FolderTable } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';

/** A file of a version as everybody may know it. Bytes; of a single file the sealed size. */
export type VersionFile = { path: string; size: number; cid: string; isMain: boolean };

/** A version that is a folder, as everybody may know it. Bytes in the clear. */
export type FolderFacts = { files: number; bytes: number; /** The path of its main table. */ main: string | undefined };

async function readFiles(assetId: number, version: number): Promise<{ files: VersionFile[]; folder: FolderFacts | null; tables: FolderTable[] }> {
  const [client, { clearSizeOf, folderFilesOf, readManifest, readVersion }] = await Promise.all([connect(), loadVerbs()]);
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version }) });
  const { 'nd:folder': folder, 'nd:sealed': { fileName, size, cid }, 'nd:tables': tables = [] } = manifest;
  if (!folder) return { files: [{ path: fileName, size, cid, isMain: false }], folder: null, tables };
  const files = folderFilesOf(manifest).map((file) => ({ path: file.path, size: clearSizeOf(file.sealedSize) ?? file.sealedSize, cid: file.cid, isMain: file.path === folder.main?.path }));
  return { files, folder: { files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0), main: folder.main?.path }, tables };
}

/** The files of a version from its manifest, which is checked against the chain. They never change. */
export const versionFilesQuery = (assetId: number, version: number) =>
  queryOptions({ queryKey: ['version-files', assetId, version], queryFn: () => readFiles(assetId, version), select: ({ files }) => files, staleTime: Infinity });

/** Of a version that is a folder, how large it is; null of a single file. */
export const folderQuery = (assetId: number, version: number) =>
  queryOptions({ queryKey: ['version-files', assetId, version], queryFn: () => readFiles(assetId, version), select: ({ folder }) => folder, staleTime: Infinity });

/** Of a version that is a folder, its tables besides the main one; none of a single file. */
export const folderTablesQuery = (assetId: number, version: number) =>
  queryOptions({ queryKey: ['version-files', assetId, version], queryFn: () => readFiles(assetId, version), select: ({ tables }) => tables, staleTime: Infinity });
