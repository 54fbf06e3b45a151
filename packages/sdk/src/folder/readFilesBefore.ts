import type { FolderFile, NeuroError } from '@neurodata/protocol';
import type { NeuroClient } from '../createClient.ts';
import { toNeuroError } from '../errors.ts';
import { readManifest } from '../readManifest.ts';
import { readVersion } from '../readVersion.ts';
import { readFolder } from './readFolder.ts';

/** What a new version of a folder may take over. `version`: whose index it is; none where no version is a folder, or none opened: then `failed` says why not. */
export type FilesBefore = { version?: number; files: FolderFile[]; failed?: { version: number; error: NeuroError } };

const MOST_TRIES = 3;

/**
 * The files of an asset's newest version whose index opens for the client's account, live or not yet: for its owner, who publishes the next one. Asks validators for their shares,
 * which takes signatures. A version that does not open is told and passed over. Throws `NOT_FOUND` for an asset that is unknown, `REJECTED` or `WRONG_CHAIN` where a wallet does not sign.
 */
export async function readFilesBefore({ client, assetId }: { client: NeuroClient; assetId: number }): Promise<FilesBefore> {
  const { versions } = await client.api.getAsset({ assetId });
  const newest = versions.filter(({ status }) => status === 'live' || status === 'pending').toSorted((a, b) => b.version - a.version);
  let failed: FilesBefore['failed'];
  for (const { version } of newest.slice(0, MOST_TRIES)) {
    try {
      const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version }) });
      if (manifest['nd:folder']) return { version, files: (await readFolder({ client, assetId, version })).index.files };
    } catch (error) {
      const known = toNeuroError(error);
      // A wallet that refuses, or is elsewhere, is not asked again for an older one.
      if (known.code === 'REJECTED' || known.code === 'WRONG_CHAIN') throw known;
      failed ??= { version, error: known };
    }
  }
  return { files: [], ...(failed ? { failed } : {}) };
}
