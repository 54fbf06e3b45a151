import { type Manifest, NeuroError, type VersionDto, completeManifest, parseManifest } from '@neurodata/protocol';
import { type Storage, rawCidOfDigest } from '@neurodata/storage';
import { toNeuroError } from '../errors.ts';

/** A version's manifest and its canonical bytes, found by their digest. Throws `CONTENT_MISMATCH` where it is of another content than the version. */
export async function readManifestBytes(storage: Pick<Storage, 'readRaw'>, version: VersionDto): Promise<{ manifest: Manifest; bytes: Uint8Array }> {
  const bytes = await storage.readRaw(rawCidOfDigest(version.manifestDigest)).catch((error: unknown) => { throw toNeuroError(error); });
  const manifest = await completeManifest(parseManifest(bytes), (cid) => storage.readRaw(cid)).catch((error: unknown) => { throw toNeuroError(error); });
  const { contentRoot, contentCommitment } = manifest['nd:sealed'];
  if (contentRoot.toLowerCase() !== version.contentRoot.toLowerCase() || contentCommitment.toLowerCase() !== version.contentCommitment.toLowerCase()) {
    throw new NeuroError(`The manifest of asset ${version.assetId} version ${version.version} is of another content than the chain.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not rely on this version.' });
  }
  return { manifest, bytes };
}
