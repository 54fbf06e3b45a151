import { queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';

/** A file of a version as everybody may know it. Bytes; of a single file the sealed size. */
export type VersionFile = { path: string; size: number; cid: string; isMain: boolean };

/** The files of a version from its manifest, which is checked against the chain. They never change. */
export const versionFilesQuery = (assetId: number, version: number) =>
  queryOptions<VersionFile[]>({
    queryKey: ['version-files', assetId, version],
    queryFn: async () => {
      const [client, { clearSizeOf, folderFilesOf, readManifest, readVersion }] = await Promise.all([connect(), loadVerbs()]);
      const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version }) });
      const { 'nd:folder': folder, 'nd:sealed': { fileName, size, cid } } = manifest;
      if (!folder) return [{ path: fileName, size, cid, isMain: false }];
      return folderFilesOf(manifest).map((file) => ({ path: file.path, size: clearSizeOf(file.sealedSize) ?? file.sealedSize, cid: file.cid, isMain: file.path === folder.main?.path }));
    },
    staleTime: Infinity,
  });
