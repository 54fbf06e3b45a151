import type { Config } from '@neurodata/protocol';
import { NeuroError } from '@neurodata/protocol';
import { type Keyset, keysetDigest, parseKeyset } from '@neurodata/sealing';
import { rawCidOfDigest } from '@neurodata/storage';
import { type Address, type Hex, encodeAbiParameters, keccak256 } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { VersionFacts } from './readVersion.ts';

/**
 * What key shares are bound to: keccak256(abi.encode(chainId, assetRegistry, publisher)). Validators derive it from the
 * chain when they open their share, so a keyset copied under another publisher's asset opens for nobody.
 */
export function keysetBinding(parameters: { config: Config; publisher: Address }): Hex {
  const { chainId, addresses } = parameters.config.deployment;
  return keccak256(encodeAbiParameters([{ type: 'uint256' }, { type: 'address' }, { type: 'address' }], [BigInt(chainId), addresses.assetRegistry, parameters.publisher]));
}

/**
 * Fetches a version's keyset by the key commitment on chain and checks that it names the version's committee.
 * `binding` goes to `openKeysetShare`. Throws `CONTENT_MISMATCH`, or what the storage throws.
 */
export async function readKeyset(parameters: { client: NeuroClient; facts: VersionFacts }): Promise<{ keyset: Keyset; binding: Hex }> {
  const { client, facts } = parameters;
  try {
    const bytes = await client.storage.readRaw(rawCidOfDigest(facts.keyCommitment));
    if (keysetDigest(bytes) !== facts.keyCommitment) throw wrong(facts, 'has another digest than the chain');
    const keyset = parseKeyset(bytes);
    const members = keyset.members.map(({ validatorId }) => validatorId);
    if (keyset.threshold !== facts.threshold || members.join() !== facts.committee.join()) throw wrong(facts, 'names another committee than the chain');
    return { keyset, binding: keysetBinding({ config: client.config, publisher: facts.publisher }) };
  } catch (error) {
    throw toNeuroError(error);
  }
}

function wrong(facts: VersionFacts, problem: string): NeuroError {
  return new NeuroError(`The keyset of asset ${facts.assetId} version ${facts.version} ${problem}.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not buy this version; its publisher made it wrong.' });
}
