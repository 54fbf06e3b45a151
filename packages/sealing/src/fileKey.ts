import { expectKey } from './bytes.ts';
import { SealingError } from './errors.ts';
import { matchesMac, type Header } from './header.ts';
import type { Identity } from './identity.ts';
import { unwrapForIdentities } from './recipientStanza.ts';
import { unwrapForPassphrase } from './passphraseStanza.ts';
import { unwrapForSecret } from './thresholdStanza.ts';

/** What may open a file. A file key is used alone; otherwise the secret is tried, then the identities. */
export type Keys = {
  /** 16 bytes. */
  fileKey?: Uint8Array | undefined;
  /** 32 bytes, from {@link combineShares}. */
  thresholdSecret?: Uint8Array | undefined;
  identities?: Identity[] | undefined;
  /** Of a file that was sealed under one. */
  passphrase?: string | undefined;
};

/** The file key of a header whose MAC it matches. Throws `WRONG_KEY`, `TAMPERED` or `BAD_HEADER`. */
export function openFileKey(header: Header, keys: Keys): Uint8Array {
  if (keys.fileKey) return checkGivenKey(header, keys.fileKey);
  const fileKey = (keys.thresholdSecret && unwrapForSecret(header.stanzas, keys.thresholdSecret)) ?? unwrapForIdentities(header.stanzas, keys.identities ?? []) ?? (keys.passphrase === undefined ? undefined : unwrapForPassphrase(header.stanzas, keys.passphrase));
  if (!fileKey) throw noMatch(header);
  if (!matchesMac(header, fileKey)) throw new SealingError('TAMPERED', 'The header MAC does not match: the header was changed after sealing; fetch the file again.');
  return fileKey;
}

function checkGivenKey(header: Header, fileKey: Uint8Array): Uint8Array {
  expectKey(fileKey, 16, 'The file key');
  if (matchesMac(header, fileKey)) return fileKey;
  throw new SealingError('WRONG_KEY', 'The file key does not match this header: another file\'s key, or a changed header; check both.');
}

function noMatch(header: Header): SealingError {
  const types = [...new Set(header.stanzas.map(({ type }) => type))].join(', ');
  return new SealingError('WRONG_KEY', `No given key opens this file. It was sealed with: ${types}. Pass the identity or secret that it was sealed to.`);
}
