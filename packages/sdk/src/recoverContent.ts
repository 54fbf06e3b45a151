import { type KeyExport, NeuroError, keyExportSchema, parseJson } from '@neurodata/protocol';
import { type Identity, checkOpening, createContentHasher, expectContent, unseal } from '@neurodata/sealing';
import { hexToBytes } from 'viem';
import { toNeuroError } from './errors.ts';
import { collect } from './readSealedAsset.ts';

/** Opens a key export with its passphrase or identity, and checks that it opens its own commitment. Throws `NO_KEY`, `CONTENT_MISMATCH`. */
export async function openKeyExport(parameters: { file: Uint8Array; passphrase?: string; identities?: Identity[] }): Promise<KeyExport> {
  const { file, passphrase, identities } = parameters;
  try {
    const bytes = await collect(unseal({ ciphertext: once(file), passphrase, identities }));
    const parsed = keyExportSchema.safeParse(parseJson(bytes, 'The key export'));
    if (!parsed.success) throw new NeuroError('The file opens, but is no key export.', { code: 'BAD_INPUT', remedy: 'Pass what `neurodata keys export` wrote.' });
    const { secret, blinding, commitment } = parsed.data;
    const isRight = checkOpening({ secret: hexToBytes(secret), blinding: hexToBytes(blinding) }, [hexToBytes(commitment)]);
    if (!isRight) throw new NeuroError('The secret in the key export does not open its commitment.', { code: 'CONTENT_MISMATCH', remedy: 'Use another copy of the export.' });
    return parsed.data;
  } catch (error) {
    throw toNeuroError(error);
  }
}

/**
 * The content of a sealed version from its ciphertext and an opened key export alone: no node, chain or validator is asked. Whole and
 * right once the stream has ended without a throw. Throws `CONTENT_MISMATCH`, `NO_KEY`.
 */
export async function* recoverContent(parameters: { ciphertext: AsyncIterable<Uint8Array>; key: KeyExport }): AsyncGenerator<Uint8Array> {
  const { ciphertext, key } = parameters;
  const secret = hexToBytes(key.secret);
  const hasher = createContentHasher(secret);
  try {
    for await (const piece of unseal({ ciphertext, thresholdSecret: secret })) {
      hasher.update(piece);
      yield piece;
    }
    expectContent(hasher.finish(), key);
  } catch (error) {
    throw toNeuroError(error);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
