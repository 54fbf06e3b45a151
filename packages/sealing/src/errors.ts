/**
 * What went wrong, as a stable word that callers may branch on.
 *
 * - `WRONG_KEY`: none of the given keys opens this file, stanza or share.
 * - `TRUNCATED`: the bytes end before the format says they may.
 * - `TAMPERED`: a MAC or an authenticated chunk does not match; bytes were changed, added or reordered.
 * - `BAD_HEADER`: the bytes are not a well-formed age v1 header.
 * - `BAD_KEY`: a key, identity or recipient has the wrong length, checksum or value.
 * - `BAD_SHARE`: a share is malformed or does not match the commitments.
 * - `NOT_ENOUGH_SHARES`: fewer distinct shares than the threshold.
 * - `BAD_KEYSET`: a keyset document is malformed or inconsistent.
 * - `CONTENT_MISMATCH`: the plaintext is not the one that was committed to.
 * - `BAD_ARGUMENT`: the caller asked for something that has no meaning.
 */
export type SealingErrorCode =
  | 'WRONG_KEY' | 'TRUNCATED' | 'TAMPERED' | 'BAD_HEADER' | 'BAD_KEY'
  | 'BAD_SHARE' | 'NOT_ENOUGH_SHARES' | 'BAD_KEYSET' | 'CONTENT_MISMATCH' | 'BAD_ARGUMENT';

/** Everything this package throws on purpose. The message names the thing and the remedy, never a secret. */
export class SealingError extends Error {
  override readonly name = 'SealingError';
  readonly code: SealingErrorCode;

  constructor(code: SealingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
