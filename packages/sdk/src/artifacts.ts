import { NeuroError, sha256Hex } from '@neurodata/protocol';
import { type Identity, sealToRecipients, unseal } from '@neurodata/sealing';
import { type Hex, hexToBytes } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { collect } from './readSealedAsset.ts';

/** Seals bytes to X25519 keys as an age file, and stores it. The stock `age` tool opens it too. */
export async function sealArtifact(parameters: { client: NeuroClient; bytes: Uint8Array; recipients: Hex[] }): Promise<{ cid: string }> {
  const { client, bytes, recipients } = parameters;
  async function* plaintext(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  try {
    const { cid } = await client.storage.addFile({ content: sealToRecipients({ plaintext: plaintext(), recipients: recipients.map((key) => hexToBytes(key)) }) });
    return { cid };
  } catch (error) {
    throw toNeuroError(error);
  }
}

/**
 * Fetches and opens an artifact that was sealed to `identity`. `digest`, where given, is the sha256 that the plaintext
 * must have, `mostBytes` how long it may be. Throws `NO_KEY`, `CONTENT_MISMATCH`, or what the storage throws.
 */
export async function openArtifact(parameters: { client: NeuroClient; cid: string; identity: Identity; digest?: Hex; mostBytes?: number; signal?: AbortSignal }): Promise<Uint8Array<ArrayBuffer>> {
  const { client, cid, identity, digest, mostBytes = Infinity, signal } = parameters;
  try {
    const bytes = await collect(atMost(mostBytes, unseal({ ciphertext: client.storage.readFile({ cid, ...(signal ? { signal } : {}) }), identities: [identity] })));
    if (digest !== undefined && sha256Hex(bytes) !== digest.toLowerCase()) throw new NeuroError(`The file ${cid} holds other bytes than its digest says.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not use it.' });
    return bytes;
  } catch (error) {
    throw toNeuroError(error);
  }
}

async function* atMost(mostBytes: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = mostBytes;
  for await (const piece of pieces) {
    left -= piece.length;
    if (left < 0) throw new NeuroError(`The file holds more than ${mostBytes} bytes.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not use it.' });
    yield piece;
  }
}
