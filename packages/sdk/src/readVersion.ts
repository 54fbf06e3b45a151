import { NeuroError, type VersionStatus, assetRegistryAbi, custodyAbi, versionStatuses } from '@neurodata/protocol';
import { type Address, type Hex, encodeAbiParameters, keccak256 } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { lastLog, readLogs } from './logs.ts';

/** An asset version as the chain has it. Share index of a committee member = position + 1. */
export type VersionFacts = {
  assetId: number;
  version: number;
  status: VersionStatus;
  manifestDigest: Hex;
  contentRoot: Hex;
  contentCommitment: Hex;
  /** sha256 of the keyset that the publisher made, that of epoch 0. */
  keyCommitment: Hex;
  /** How often the key was handed on to other holders, or to other shares. */
  epoch: number;
  /** sha256 of this epoch's keyset. */
  keysetDigest: Hex;
  /** Who holds the shares now. */
  committee: number[];
  threshold: number;
  validatorsMayRead: boolean;
  roundId: Hex;
  /** Who published the version: what its key shares are bound to. */
  publisher: Address;
  transaction: Hex;
  block: bigint;
};

/**
 * Reads a version's facts from the registry's events and checks them against the digest that the registry stores.
 * Throws `NOT_FOUND`, or `CONTENT_MISMATCH` where the RPC's event and storage differ.
 */
export async function readVersion(parameters: { client: ChainReader; assetId: number; version: number }): Promise<VersionFacts> {
  const { client, assetId, version } = parameters;
  const registry = { address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi } as const;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...registry, ...range, eventName: 'VersionPublished', args: { assetId: BigInt(assetId), version }, strict: true }));
  const log = lastLog(logs, `Version ${version} of asset ${assetId}`);
  const custody = { address: client.config.deployment.addresses.custody, abi: custodyAbi } as const;
  const [stored, [epoch, moved]] = await Promise.all([
    client.publicClient.readContract({ ...registry, functionName: 'version', args: [BigInt(assetId), version] }),
    client.publicClient.readContract({ ...custody, functionName: 'keysetOf', args: [BigInt(assetId), version] }),
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  const { input, roundId, publisher } = log.args;
  if (stored.digest !== versionDigest(input)) throw new NeuroError(`The event of version ${version} of asset ${assetId} is not what the registry stores.`, { code: 'CONTENT_MISMATCH', remedy: 'Use another RPC.' });
  return {
    assetId, version, roundId, publisher,
    status: versionStatuses[stored.status] ?? 'none',
    manifestDigest: input.manifestDigest, contentRoot: input.contentRoot, contentCommitment: input.contentCommitment, keyCommitment: input.keyCommitment,
    epoch, keysetDigest: epoch === 0 ? input.keyCommitment : moved, committee: [...stored.committee], threshold: input.threshold, validatorsMayRead: input.validatorsMayRead,
    transaction: log.transactionHash, block: log.blockNumber,
  };
}

/** What `AssetRegistry.Version.digest` holds: keccak256(abi.encode(manifestDigest, contentRoot, contentCommitment, keyCommitment)). */
export function versionDigest(input: { manifestDigest: Hex; contentRoot: Hex; contentCommitment: Hex; keyCommitment: Hex }): Hex {
  const word = { type: 'bytes32' } as const;
  return keccak256(encodeAbiParameters([word, word, word, word], [input.manifestDigest, input.contentRoot, input.contentCommitment, input.keyCommitment]));
}
