import { queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';
import { fileChanges } from '../components/asset/fileChanges.ts';
import { type Change, manifestDiff, tableChanges } from '../components/asset/manifestDiff.ts';

/** What a version says otherwise than the one before, from both manifests, each checked against the chain. They never change. */
export const versionChangesQuery = (assetId: number, version: number) =>
  queryOptions<Change[]>({
    queryKey: ['version-changes', assetId, version],
    queryFn: async () => {
      const [client, { diffManifests, readManifest, readVersion }] = await Promise.all([connect(), loadVerbs()]);
      const read = async (wanted: number) => readManifest({ client, facts: await readVersion({ client, assetId, version: wanted }) });
      const [before, after] = await Promise.all([read(version - 1), read(version)]);
      const isFolder = before['nd:folder'] !== undefined || after['nd:folder'] !== undefined;
      if (!isFolder) return manifestDiff(before, after);
      const { files, tables } = diffManifests(before, after);
      return [...manifestDiff(before, after), ...tableChanges(before, after, tables), ...fileChanges(files)];
    },
    staleTime: Infinity,
  });

/** When and why a version was revoked, from the chain and the document that it names. It never changes. */
export const revocationQuery = (assetId: number, version: number) =>
  queryOptions({
    queryKey: ['revocation', assetId, version],
    queryFn: async () => {
      const [client, { readRevocation }] = await Promise.all([connect(), loadVerbs()]);
      return (await readRevocation({ client, assetId, version })) ?? null;
    },
    staleTime: Infinity,
  });
