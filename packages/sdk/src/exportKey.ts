import { type KeyExport, canonicalJson, ownerProofId } from '@neurodata/protocol';
import { sealToPassphrase, sealToRecipients } from '@neurodata/sealing';
import { bytesToHex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readManifest } from './readManifest.ts';
import { collect } from './readSealedAsset.ts';
import { requestShares } from './requestShares.ts';

/** A passphrase, or 32-byte X25519 recipients (`age1...` decoded). */
export type KeyExportLock = { passphrase: string } | { recipients: Uint8Array[] };

/**
 * The key of a version that the account owns, from its holders, as an age file that the stock tool opens too: for the owner's safe.
 * Throws `TOO_FEW_VALIDATORS` naming who did not help.
 */
export async function exportKey(parameters: { client: NeuroClient; assetId: number; version: number; lock: KeyExportLock; timeoutMs?: number }): Promise<Uint8Array> {
  const { client, assetId, version, lock, timeoutMs } = parameters;
  const { secret, blinding, keyset, facts } = await requestShares({ client, assetId, version, proofId: ownerProofId(assetId, version), ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const manifest = await readManifest({ client, facts });
  const { cid, fileName, mediaType } = manifest['nd:sealed'];
  const { chainId, addresses } = client.config.deployment;
  const value: KeyExport = {
    format: 'neurodata-key-export/1', chainId, assetRegistry: addresses.assetRegistry, assetId, version,
    commitment: keyset.commitments[0] ?? '0x', secret: bytesToHex(secret), blinding: bytesToHex(blinding),
    cid, ciphertextSha256: manifest.distribution[0]?.sha256 ?? '', fileName, mediaType, contentRoot: facts.contentRoot, contentCommitment: facts.contentCommitment,
  };
  async function* plaintext(): AsyncGenerator<Uint8Array> {
    yield canonicalJson(value);
  }
  return collect('passphrase' in lock ? sealToPassphrase({ plaintext: plaintext(), passphrase: lock.passphrase }) : sealToRecipients({ plaintext: plaintext(), recipients: lock.recipients }));
}
