import type { FilesDiff } from '@neurodata/protocol';
import { queryOptions, skipToken, useMutation, type UseMutationResult } from '@tanstack/react-query';
import { useRef } from 'react';
import { type Signer, connect, loadVerbs } from '../client/connect.ts';
import { draftOf } from '../components/publish/draftOf.ts';
import type { PublishDraft } from '../components/publishDraft.ts';
import type { LookedFolder } from '../workers/lookAtFolder.ts';
import type { OpenedBefore } from '../workers/publishFolder.ts';
import { openFilesBefore } from '../workers/vault.ts';

/** What a version said of itself, as the form of the next one holds it; `main`: the path of a folder's main table. */
export type VersionDraft = { draft: PublishDraft; isFolder: boolean; main?: string | undefined };

/** Read from the version's manifest, which is checked against the chain. It never changes. */
export const versionDraftQuery = (version: { assetId: number; version: number; validatorsMayRead: boolean } | undefined) =>
  queryOptions<VersionDraft>({
    queryKey: ['version-draft', version?.assetId, version?.version],
    queryFn: version ? async () => {
      const [client, { readManifest, readVersion }] = await Promise.all([connect(), loadVerbs()]);
      const manifest = await readManifest({ client, facts: await readVersion({ client, ...version }) });
      const { 'nd:folder': folder } = manifest;
      return { draft: draftOf(manifest, version.validatorsMayRead), isFolder: folder !== undefined, main: folder?.main?.path };
    } : skipToken,
    staleTime: Infinity,
  });

/** What a folder changes in the version before. `index`: of that version, for the vault; `sends`: what has to be sealed and sent. Bytes. */
export type FolderChanges = Omit<OpenedBefore, 'files'> & { diff: FilesDiff; sends: { files: number; bytes: number } };

/** Compares a folder with the newest version of an asset, whose index is opened once for all that are chosen. */
export function useFolderChanges({ signer, assetId }: { signer: Signer; assetId: number }): UseMutationResult<FolderChanges, Error, LookedFolder> {
  const opened = useRef<OpenedBefore>(undefined);
  return useMutation<FolderChanges, Error, LookedFolder>({
    mutationFn: async ({ files }) => {
      const [before, { diffFiles, reuseFiles }] = await Promise.all([opened.current ?? openFilesBefore({ signer, assetId }), loadVerbs()]);
      // What did not open may open at the next try.
      if (!before.failed) opened.current = before;
      const named = (list: readonly { path: string; sha256: string }[]) => list.map(({ path, sha256 }) => ({ path, digest: sha256 }));
      const kept = reuseFiles(before.files, files);
      const sent = files.filter(({ path }) => !kept.has(path));
      const { files: _, ...rest } = before;
      return { ...rest, diff: diffFiles(named(before.files), named(files), true), sends: { files: sent.length, bytes: sent.reduce((sum, { size }) => sum + size, 0) } };
    },
  });
}
