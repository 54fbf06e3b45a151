import { NeuroError, limitsDigest, purposeProblem } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { readJobFacts, readJobSpec, readManifest } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { isAddressEqual } from 'viem';
import type { Address, Hex } from 'viem';
import type { ValidatorSetup } from './setup.ts';

type Setup = Pick<ValidatorSetup, 'client' | 'purposes'>;

/**
 * Whether what a version's publisher limits was promised to be kept to: by the buyer's signed purpose for this very order or subscription.
 * What has no limits asks for none.
 *
 * @throws NeuroError NOT_READY while nothing was signed, FORBIDDEN where it goes against the terms; what the storage throws.
 */
export async function expectPurpose(parameters: { setup: Setup; facts: VersionFacts; proofId: Hex; account: Address }): Promise<void> {
  const { setup: { client, purposes }, facts, proofId, account } = parameters;
  const manifest = await readManifest({ client, facts });
  if (manifest['nd:limits'] === undefined) return;
  const signed = purposes.find({ proofId, limitsDigest: limitsDigest(manifest) });
  if (!signed || !isAddressEqual(signed.statement.account, account)) {
    throw new NeuroError('Its buyer has not signed yet what it is for.', { code: 'NOT_READY', remedy: 'Sign a purpose: neurodata orders purpose, or the page of the order.', retryable: true });
  }
  expectFitting(manifest, signed.statement, false);
}

/**
 * Whether a job's spec, which its buyer opened it with, names a purpose that the terms admit.
 *
 * @throws NeuroError FORBIDDEN; what the storage throws.
 */
export async function expectRunAdmitted(parameters: { setup: Pick<Setup, 'client'>; facts: VersionFacts; jobId: Hex }): Promise<void> {
  const { setup: { client }, facts, jobId } = parameters;
  const manifest = await readManifest({ client, facts });
  if (manifest['nd:limits'] === undefined) return;
  const { specDigest } = await readJobFacts({ client, jobId });
  const { purpose } = await readJobSpec({ client, specDigest });
  expectFitting(manifest, purpose, true);
}

function expectFitting(manifest: Manifest, purpose: Parameters<typeof purposeProblem>[0]['purpose'], derives: boolean): void {
  const problem = purposeProblem({ published: manifest, purpose, derives });
  if (problem) throw new NeuroError(problem.sentence, { code: 'FORBIDDEN', remedy: 'Choose something whose terms admit it.' });
}
