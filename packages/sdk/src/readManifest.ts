import { type Manifest, NeuroError, completeManifest, parseManifest } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import type { DocumentReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { VersionFacts } from './readVersion.ts';

/**
 * Fetches a version's manifest by its digest on chain and checks that it repeats the chain's commitments.
 * Throws `BAD_MANIFEST`, `CONTENT_MISMATCH`, or what the storage throws.
 */
export async function readManifest(parameters: { client: Pick<DocumentReader, 'storage'>; facts: Pick<VersionFacts, 'assetId' | 'version' | 'manifestDigest' | 'contentRoot' | 'contentCommitment' | 'keyCommitment'> }): Promise<Manifest> {
  const { client, facts } = parameters;
  const bytes = await client.storage.readRaw(rawCidOfDigest(facts.manifestDigest)).catch((error: unknown) => { throw toNeuroError(error); });
  const manifest = await completeManifest(parseManifest(bytes), (cid) => client.storage.readRaw(cid)).catch((error: unknown) => { throw toNeuroError(error); });
  const sealed = manifest['nd:sealed'];
  const pairs = [['contentRoot', sealed.contentRoot, facts.contentRoot], ['contentCommitment', sealed.contentCommitment, facts.contentCommitment], ['keysetDigest', sealed.keysetDigest, facts.keyCommitment]] as const;
  for (const [field, said, committed] of pairs) {
    if (said.toLowerCase() === committed.toLowerCase()) continue;
    throw new NeuroError(`The manifest of asset ${facts.assetId} version ${facts.version} names another ${field} than the chain.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not rely on this version.' });
  }
  return manifest;
}
