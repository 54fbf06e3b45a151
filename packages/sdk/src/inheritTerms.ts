import { type Description, NeuroError, assetRegistryAbi, derivedConflicts, derivedLicences, inheritLimits } from '@neurodata/protocol';
import type { DocumentReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readPolicy } from './readPolicy.ts';

/** How many licences a remedy names. */
const MOST_NAMED = 8;

/**
 * The description of something made of these versions, with limits as strict as theirs. Throws `CONFLICT` with the reason where they forbid that it is
 * published, go against each other, or its licence is looser.
 */
export async function inheritTerms(parameters: { client: DocumentReader; description: Description; parents: readonly { assetId: number; version: number }[] }): Promise<Description> {
  const { client, description, parents } = parameters;
  if (parents.length === 0) return description;
  const terms = await Promise.all(parents.map(({ assetId, version }) => readPolicy({ client, assetId, version })));
  const limits = inheritLimits(terms.map(({ manifest }) => manifest), description.limits);
  const policies = terms.map(({ policy }) => policy);
  const [conflict] = derivedConflicts({ parents: policies, child: { license: description.license, 'nd:limits': limits } });
  if (conflict) {
    const fitting = derivedLicences(policies);
    const named = fitting.slice(0, MOST_NAMED).join(', ');
    const remedy = fitting.length === 0 ? 'Keep it for yourself, or ask the owners of what it was made of.' : `Publish it under ${fitting.length > MOST_NAMED ? `another licence, such as ${named}` : named}.`;
    throw new NeuroError(conflict.sentence, { code: 'CONFLICT', remedy, details: parents.map(({ assetId, version }) => `asset ${assetId} version ${version}`).join(', ') });
  }
  return limits ? { ...description, limits } : description;
}

/** The versions that an asset was made of, by the chain. */
export async function readParents(parameters: { client: Pick<DocumentReader, 'config' | 'publicClient'>; assetId: number }): Promise<{ assetId: number; version: number }[]> {
  const { client, assetId } = parameters;
  const { parents } = await client.publicClient.readContract({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'lineageOf', args: [BigInt(assetId)] })
    .catch((error: unknown) => { throw toNeuroError(error); });
  return parents.map((parent) => ({ assetId: Number(parent.assetId), version: parent.version }));
}
