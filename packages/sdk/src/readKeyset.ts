import { type Config, NeuroError, custodyAbi } from '@neurodata/protocol';
import { type AnyKeyset, type EpochKeyset, type Keyset, keysetDigest, parseEpochKeyset, parseKeyset } from '@neurodata/sealing';
import { rawCidOfDigest } from '@neurodata/storage';
import { type Address, type Hex, encodeAbiParameters, keccak256 } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';
import type { VersionFacts } from './readVersion.ts';

/**
 * What key shares are bound to: keccak256(abi.encode(chainId, assetRegistry, publisher)). Validators derive it from the
 * chain when they open their share, so a keyset copied under another publisher's asset opens for nobody.
 */
export function keysetBinding(parameters: { config: Config; publisher: Address }): Hex {
  const { chainId, addresses } = parameters.config.deployment;
  return keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'address' }, { type: 'address' }], [BigInt(chainId), addresses.assetRegistry, parameters.publisher]));
}

/** What the shares of a later epoch are bound to: keccak256(abi.encode(chainId, custody, assetId, version, epoch, digest of the keyset before)). */
export function handoverBinding(parameters: { config: Config; assetId: number; version: number; epoch: number; previous: Hex }): Hex {
  const { chainId, addresses } = parameters.config.deployment;
  const types = ['uint256', 'address', 'uint256', 'uint32', 'uint32', 'bytes32'].map((type) => ({ type }));
  return keccak256(encodeAbiParameters(types, [BigInt(chainId), addresses.custody, BigInt(parameters.assetId), parameters.version, parameters.epoch, parameters.previous]));
}

/** Who held a version's key in one epoch. `keyset` is the digest of its document. */
export type Epoch = { epoch: number; keyset: Hex; committee?: number[] };

/** The epochs of a version's key, oldest first. */
export async function readEpochs(parameters: { client: NeuroClient; facts: VersionFacts }): Promise<Epoch[]> {
  const { client, facts } = parameters;
  const first: Epoch = { epoch: 0, keyset: facts.keyCommitment };
  if (facts.epoch === 0) return [{ ...first, committee: facts.committee }];
  const args = { assetId: BigInt(facts.assetId), version: facts.version };
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({ address: client.config.deployment.addresses.custody, abi: custodyAbi, ...range, eventName: 'KeysMoved', args, strict: true }));
  return [first, ...logs.map(({ args: { epoch, keyset, committee } }) => ({ epoch, keyset, committee: [...committee] }))];
}

/**
 * Fetches a version's keyset, that of the last epoch or of another one, by its digest on chain, and checks that it names that
 * epoch's holders and hands on the publisher's own secret. `binding` goes to `openKeysetShare` or `openEpochShare`.
 * Throws `NOT_FOUND`, `CONTENT_MISMATCH`, or what the storage throws.
 */
export async function readKeyset(parameters: { client: NeuroClient; facts: VersionFacts; epoch?: number }): Promise<{ keyset: AnyKeyset; digest: Hex; binding: Hex }> {
  const { client, facts, epoch = facts.epoch } = parameters;
  try {
    const first = await readFirst(client, facts);
    const { config } = client;
    if (epoch === 0) return { keyset: first, digest: facts.keyCommitment, binding: keysetBinding({ config, publisher: facts.publisher }) };
    const epochs = await readEpochs({ client, facts });
    const wanted = epochs.find((one) => one.epoch === epoch);
    if (!wanted) throw new NeuroError(`The key of asset ${facts.assetId} version ${facts.version} has no epoch ${epoch}.`, { code: 'NOT_FOUND', remedy: 'Read the version again.' });
    const keyset = await readHandedOn(client, facts, wanted);
    if (keyset.commitments[0] !== first.commitments[0] || keyset.threshold !== first.threshold) throw wrong(facts, `of epoch ${epoch} is of another secret than the publisher's`);
    return { keyset, digest: wanted.keyset, binding: handoverBinding({ config, assetId: facts.assetId, version: facts.version, epoch, previous: keyset.previous }) };
  } catch (error) {
    throw toNeuroError(error);
  }
}

async function readFirst(client: NeuroClient, facts: VersionFacts): Promise<Keyset> {
  const keyset = parseKeyset(await readDocument(client, facts, facts.keyCommitment));
  if (keyset.threshold !== facts.threshold || (facts.epoch === 0 && idsOf(keyset) !== facts.committee.join())) throw wrong(facts, 'names another committee than the chain');
  return keyset;
}

async function readHandedOn(client: NeuroClient, facts: VersionFacts, { epoch, keyset: digest, committee }: Epoch): Promise<EpochKeyset> {
  const keyset = parseEpochKeyset(await readDocument(client, facts, digest));
  if (keyset.epoch !== epoch || idsOf(keyset) !== committee?.join()) throw wrong(facts, `of epoch ${epoch} names another committee than the chain`);
  return keyset;
}

async function readDocument(client: NeuroClient, facts: VersionFacts, digest: Hex): Promise<Uint8Array> {
  const bytes = await client.storage.readRaw(rawCidOfDigest(digest));
  if (keysetDigest(bytes) !== digest) throw wrong(facts, 'has another digest than the chain');
  return bytes;
}

function idsOf({ members }: AnyKeyset): string {
  return members.map(({ validatorId }) => validatorId).join();
}

function wrong(facts: VersionFacts, problem: string): NeuroError {
  return new NeuroError(`The keyset of asset ${facts.assetId} version ${facts.version} ${problem}.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not buy this version; its publisher made it wrong.' });
}
