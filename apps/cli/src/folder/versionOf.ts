import { type AssetDto, type Manifest, NeuroError, type VersionDto, findRevision } from '@neurodata/protocol';
import { type NeuroClient, readManifest, readVersion } from '@neurodata/sdk';

/** The version that a revision names, and its manifest, checked against the chain. Throws `NOT_FOUND`: another version than was asked for is never given. */
export async function readRevision(client: NeuroClient, asset: AssetDto, revision: string): Promise<{ version: VersionDto; manifest: Manifest }> {
  const version = findRevision(asset.versions, revision);
  if (!version) {
    const known = asset.versions.map((one) => `v${one.version}`).join(', ');
    throw new NeuroError(revision === 'main' ? `No version of asset ${asset.assetId} is live.` : `Asset ${asset.assetId} has no revision ${revision}.`, { code: 'NOT_FOUND', remedy: `There are ${known}, main once one is live, and each manifest's CID.` });
  }
  return { version, manifest: await readManifest({ client, facts: await readVersion({ client, assetId: asset.assetId, version: version.version }) }) };
}
