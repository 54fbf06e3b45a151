import { concat, equalBytes } from './bytes.ts';
import { BASE, decodeEdwards, keyOfPoint, pointOfKey, pointOfSecret, type EdwardsPoint } from './edwards.ts';
import { checkEqualLogs, LOG_PROOF_LENGTH, proveEqualLogs, type LogClaim } from './equalLogs.ts';
import { SealingError } from './errors.ts';
import { encapsulatedPoint } from './grantEnvelope.ts';
import type { Identity } from './identity.ts';
import { openWithShared } from './keySchedule.ts';
import { decodeShare, ENC_LENGTH, SEALED_SHARE_LENGTH, SHARE_INFO } from './shareEnvelope.ts';
import { checkShare } from './splitSecret.ts';

/** A place in a keyset: what a share there has to open. */
export type SharePlace = { commitments: Uint8Array[]; index: number };

/** A grant, to whom it was made, and what a true one would hold: a share of one of `places`. */
export type GrantCase = {
  sealed: Uint8Array;
  /** The public key to which it was sealed. */
  recipient: Uint8Array;
  /** See `grantContext`. */
  context: Uint8Array;
  places: SharePlace[];
  /** Who accuses: a disclosure made for one is of no use to another. Any bytes that name it. */
  accuser: Uint8Array;
};

/** `undecided`: the disclosure does not show what the envelope holds. */
export type GrantVerdict = { verdict: 'false' | 'true' | 'undecided'; reason: string };

/** The Diffie-Hellman point, challenge, response. */
const DISCLOSURE_LENGTH = 32 + LOG_PROOF_LENGTH;
const PURPOSE = 'neurodata/grant-disclosure/v1';

/**
 * Shows everybody what one false envelope holds, and nothing else: the Diffie-Hellman value of this recipient and this envelope,
 * with a proof (Chaum and Pedersen) that it is theirs. The recipient's key stays secret, and so does every other envelope to it.
 * No bytes at all where the envelope says by itself that it is false. Throws `BAD_ARGUMENT` where the share is true, for
 * that would publish it; `BAD_KEY` where identity and recipient differ, or the recipient is no usual key.
 */
export function discloseShare(parameters: GrantCase & { identity: Identity }): Uint8Array {
  const disclosure = showEnvelope(parameters);
  const { verdict, reason } = checkDisclosure({ ...parameters, disclosure });
  if (verdict === 'false') return disclosure;
  throw new SealingError('BAD_ARGUMENT', `This share is not to be disclosed: ${reason}. To show a true one would give it to everybody.`);
}

/** {@link discloseShare} without a look at what it shows. Not for callers outside of this package. */
export function showEnvelope(parameters: GrantCase & { identity: Identity }): Uint8Array {
  const enc = encapsulatedPoint(parameters);
  if (!enc) return new Uint8Array(0);
  const { logarithm, point: key } = pointOfSecret(parameters.identity.secretKey);
  if (!equalBytes(keyOfPoint(key), parameters.recipient)) throw new SealingError('BAD_KEY', 'The envelope was sealed to another key than this identity has; use that of the order.');
  const shared = enc.multiply(logarithm);
  return concat(shared.toBytes(), proveEqualLogs(claimOf({ ...parameters, enc, key, shared }), logarithm));
}

/**
 * What a disclosed envelope holds, from public data alone. `false`: no share of any of `places`, or an envelope
 * that no honest sender makes; `true`: a share that fits its commitment. A true share in an honest envelope is never found
 * false: the Diffie-Hellman value is the one that its sender used, or the proof does not hold.
 */
export function checkDisclosure(parameters: GrantCase & { disclosure: Uint8Array }): GrantVerdict {
  const { disclosure, recipient } = parameters;
  const key = pointOfKey(recipient);
  if (!key) return undecided('the recipient is no usual X25519 key');
  const enc = encapsulatedPoint(parameters);
  if (!enc) return { verdict: 'false', reason: 'its sender has not proved that it made the envelope' };
  const shared = disclosure.length === DISCLOSURE_LENGTH ? decodeEdwards(disclosure.subarray(0, 32)) : undefined;
  if (!shared) return undecided('the disclosure is malformed');
  if (!checkEqualLogs(claimOf({ ...parameters, enc, key, shared }), disclosure.subarray(32))) return undecided('the disclosure does not belong to this envelope, recipient and accuser');
  return judgeOpened(parameters, keyOfPoint(shared));
}

function judgeOpened({ sealed, recipient, context, places }: GrantCase, dh: Uint8Array): GrantVerdict {
  const plaintext = openWithShared({
    dh, enc: sealed.subarray(0, ENC_LENGTH), recipient, info: SHARE_INFO, aad: context, ciphertext: sealed.subarray(ENC_LENGTH, SEALED_SHARE_LENGTH),
  });
  if (!plaintext) return { verdict: 'false', reason: 'it does not open' };
  try {
    const share = decodeShare(plaintext);
    const fits = places.some(({ commitments, index }) => share.index === index && checkShare(share, commitments));
    return fits ? { verdict: 'true', reason: 'it holds the share that it should' } : { verdict: 'false', reason: `the share ${share.index} in it does not match its commitment` };
  } catch (error) {
    if (error instanceof SealingError && error.code === 'BAD_SHARE') return { verdict: 'false', reason: 'it holds no share' };
    throw error;
  }
}

function undecided(reason: string): GrantVerdict {
  return { verdict: 'undecided', reason };
}

function claimOf(parts: GrantCase & { enc: EdwardsPoint; key: EdwardsPoint; shared: EdwardsPoint }): LogClaim {
  const { sealed, recipient, context, accuser, enc, key, shared } = parts;
  return { bases: [BASE, enc], points: [key, shared], purpose: PURPOSE, message: concat(sealed, recipient, context, accuser) };
}
