import { type Limits, type Manifest, NeuroError, type Purpose, type TermsPolicy, limitsDigest, policyOf, purposeProblem } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { DocumentReader } from './createClient.ts';
import { readManifest } from './readManifest.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';

/** What a version may be used for: its licence, its publisher's limits, and both as programs enforce them. */
export type VersionPolicy = { facts: VersionFacts; manifest: Manifest; limits?: Limits | undefined; limitsDigest: Hex; policy: TermsPolicy };

/** Reads a version's terms from its manifest, by the digest on chain. Throws `NOT_FOUND`, `BAD_MANIFEST`, `CONTENT_MISMATCH`. */
export async function readPolicy(parameters: { client: DocumentReader; assetId: number; version: number }): Promise<VersionPolicy> {
  const { client } = parameters;
  const facts = await readVersion(parameters);
  const manifest = await readManifest({ client, facts });
  return { facts, manifest, limits: manifest['nd:limits'], limitsDigest: limitsDigest(manifest), policy: policyOf(manifest) };
}

/** Throws `BAD_INPUT` where a purpose has to be named and none is, `CONFLICT` with the reason where the terms do not admit it. `derives`: something is to be made of it. */
export function expectAdmitted(parameters: { terms: VersionPolicy; purpose?: Purpose | undefined; derives: boolean }): void {
  const { terms: { facts: { assetId, version }, manifest }, purpose, derives } = parameters;
  const problem = purposeProblem({ published: manifest, purpose, derives });
  if (problem === undefined) return;
  if (problem.about === 'purpose') throw new NeuroError(`Asset ${assetId} version ${version} is given out for a purpose only.`, { code: 'BAD_INPUT', remedy: 'Say what you want it for (--purpose); its terms say what they admit.' });
  throw new NeuroError(problem.sentence, { code: 'CONFLICT', remedy: 'Choose something whose terms admit it, or ask the publisher.', details: `asset ${assetId} version ${version}` });
}

/**
 * The terms of what is about to be paid for, once they admit the purpose; undefined where the manifest is out of reach and no purpose was named: that
 * stops no purchase, since validators ask for the purpose themselves. Throws as {@link expectAdmitted}.
 */
export async function readAdmitted(parameters: { client: DocumentReader; assetId: number; version: number; purpose?: Purpose | undefined }): Promise<VersionPolicy | undefined> {
  const { purpose } = parameters;
  const terms = await readPolicy(parameters).catch((error: unknown) => {
    if (purpose) throw error;
    return undefined;
  });
  if (terms) expectAdmitted({ terms, purpose, derives: false });
  return terms;
}
