import { type AssetKind, NeuroError, assetKinds, assetRegistryAbi, curationAbi, validatorsAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { inheritTerms } from './inheritTerms.ts';
import { type SealVersionParameters, type SealedVersion, sealVersion } from './sealVersion.ts';
import type { Sent } from './send.ts';
import { type PermitInput, signPermit } from './signPermit.ts';

/** A version that the new asset was made from. `shareBps`: the part of each of its prices that goes to the parent's owner. */
export type DeclaredParent = { assetId: number; version: number; shareBps: number };
export type PublishAssetParameters = SealVersionParameters & {
  kind: AssetKind;
  /** At most four; 50 % in sum. */
  parents?: readonly DeclaredParent[];
};
export type PublishResult = Omit<SealedVersion, 'input'> & { assetId: number; version: number; roundId: Hex; committee: number[]; threshold: number; hash: Hex; gasUsed: bigint; block: bigint };

/**
 * Seals, stores and registers a new asset, in one transaction. It is pending until a round of validators accepts it.
 * It inherits its parents' limits. Pulls twice the round fee and the listing bond, which comes back with the review. Throws as {@link inheritTerms}, {@link sealVersion}, `NO_FUNDS` and `REVERTED`.
 *
 * @example const { assetId, version } = await publishAsset({ client, kind: 'dataset', content: () => stream, fileName: 'rows.csv', mediaType: 'text/csv', description, validatorsMayRead: true });
 */
export async function publishAsset(parameters: PublishAssetParameters): Promise<PublishResult> {
  const { client, kind, onProgress } = parameters;
  const description = await inheritTerms({ client, description: parameters.description, parents: parameters.parents ?? [] });
  const sealed = await sealVersion({ ...parameters, description });
  onProgress?.({ stage: 'registering', done: 0, total: 1 });
  const call = { address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, sentence: `Publish "${description.title}"` } as const;
  const permit = await publishingPermit(client, await publishingFee(client));
  const parents = inOrder(parameters.parents ?? []);
  const sent = parents.length === 0
    ? await client.send({ ...call, functionName: 'publish', args: [assetKinds.indexOf(kind), sealed.input, permit] })
    : await client.send({ ...call, functionName: 'publishDerived', args: [assetKinds.indexOf(kind), sealed.input, parents, permit] });
  onProgress?.({ stage: 'registering', done: 1, total: 1 });
  return publishResult(sealed, sent);
}

/** As the registry takes them: by asset, then by version. */
function inOrder(parents: readonly DeclaredParent[]): { assetId: bigint; version: number; shareBps: number }[] {
  return parents.toSorted((a, b) => a.assetId - b.assetId || a.version - b.version).map((parent) => ({ ...parent, assetId: BigInt(parent.assetId) }));
}

/** Base units that publishing a version pulls: one fee for its round, one kept for the first upheld content dispute. */
export async function versionFee(client: NeuroClient): Promise<bigint> {
  const fee = await client.publicClient.readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'roundFee' });
  return 2n * fee;
}

/** Base units that a new asset puts up against spam. Its owner has it back with the review. */
export async function listingBond(client: NeuroClient): Promise<bigint> {
  const { bond } = await client.publicClient.readContract({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'params' });
  return bond;
}

/** Base units that publishing a new asset pulls: {@link versionFee} and {@link listingBond}. */
export async function publishingFee(client: NeuroClient): Promise<bigint> {
  const [fee, bond] = await Promise.all([versionFee(client), listingBond(client)]);
  return fee + bond;
}

export async function publishingPermit(client: NeuroClient, value: bigint): Promise<PermitInput> {
  return signPermit({ client, spender: client.config.deployment.addresses.assetRegistry, value });
}

export function publishResult(sealed: SealedVersion, sent: Sent): PublishResult {
  const [published] = parseEventLogs({ abi: assetRegistryAbi, eventName: 'VersionPublished', logs: sent.receipt.logs });
  if (!published) throw new NeuroError('The registry published nothing.', { code: 'INTERNAL', remedy: 'Use a node and a client of the same version.', details: sent.hash });
  const { input, ...rest } = sealed;
  return {
    ...rest, assetId: Number(published.args.assetId), version: published.args.version, roundId: published.args.roundId,
    committee: input.committee, threshold: input.threshold, hash: sent.hash, gasUsed: sent.gasUsed, block: sent.block,
  };
}
