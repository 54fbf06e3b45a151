import { concat } from './bytes.ts';
import { decodeEdwards, generatorOf, pointOfKey, pointOfSecret, BASE, type EdwardsPoint } from './edwards.ts';
import { checkEqualLogs, LOG_PROOF_LENGTH, proveEqualLogs, type LogClaim } from './equalLogs.ts';
import { SealingError } from './errors.ts';
import { createIdentity, type Identity } from './identity.ts';
import { ENC_LENGTH, openShare, SEALED_SHARE_LENGTH, sealShareFrom } from './shareEnvelope.ts';
import type { Share } from './splitSecret.ts';

/*
 * What a validator grants on chain: a sealed share, and the sender's proof that it made the encapsulated key itself.
 *
 * Without it, showing what a false envelope holds would open true ones: a liar could put another validator's
 * encapsulated key, or that times a number of its own, into its envelope, and learn that one's Diffie-Hellman value from whoever
 * accuses it. So an envelope is shown only if its sender has proved that it knew the value already. The proof
 * is that of TDH2 (V. Shoup and R. Gennaro, EUROCRYPT '98): the same logarithm to a second generator, which is
 * hashed from the recipient's key.
 */

/** Bytes of a granted share: the sealed share, the encapsulated key's twin, challenge, response. */
export const GRANTED_SHARE_LENGTH = SEALED_SHARE_LENGTH + 32 + LOG_PROOF_LENGTH;

const PURPOSE = 'neurodata/grant-sender/v1';
const TWIN_DST = 'neurodata-grant-v1-edwards25519_XMD:SHA-512_ELL2_RO_';

/** Seals a share for a grant on chain: {@link GRANTED_SHARE_LENGTH} bytes. Throws as `sealShare`. */
export async function sealGrant(parameters: { share: Share; recipient: Uint8Array; context: Uint8Array }): Promise<Uint8Array> {
  const { recipient, context } = parameters;
  const sender = createIdentity();
  const sealed = await sealShareFrom({ ...parameters, sender });
  const { logarithm, point: enc } = pointOfSecret(sender.secretKey);
  sender.secretKey.fill(0);
  const second = generatorOf(recipient, TWIN_DST);
  const twin = second.multiply(logarithm);
  return concat(sealed, twin.toBytes(), proveEqualLogs(claimOf({ sealed, recipient, context, enc, twin, second }), logarithm));
}

/**
 * Opens what {@link sealGrant} made. The sender's proof is not asked for: a share that fits its commitment is good without it.
 * Throws as `openShare`.
 */
export async function openGrant(parameters: { sealed: Uint8Array; identity: Identity; context: Uint8Array }): Promise<Share> {
  const { sealed } = parameters;
  if (sealed.length !== GRANTED_SHARE_LENGTH) throw new SealingError('BAD_SHARE', `A granted share is ${GRANTED_SHARE_LENGTH} bytes, got ${sealed.length}; take it whole from the grant.`);
  return openShare({ ...parameters, sealed: sealed.subarray(0, SEALED_SHARE_LENGTH) });
}

/** The encapsulated key of a grant whose sender knew its secret; undefined of one that is false whatever it holds. */
export function encapsulatedPoint(parameters: { sealed: Uint8Array; recipient: Uint8Array; context: Uint8Array }): EdwardsPoint | undefined {
  const { sealed, recipient, context } = parameters;
  if (sealed.length !== GRANTED_SHARE_LENGTH) return undefined;
  const enc = pointOfKey(sealed.subarray(0, ENC_LENGTH));
  const twin = decodeEdwards(sealed.subarray(SEALED_SHARE_LENGTH, SEALED_SHARE_LENGTH + 32));
  if (!enc || !twin) return undefined;
  const claim = claimOf({ sealed: sealed.subarray(0, SEALED_SHARE_LENGTH), recipient, context, enc, twin, second: generatorOf(recipient, TWIN_DST) });
  return checkEqualLogs(claim, sealed.subarray(SEALED_SHARE_LENGTH + 32)) ? enc : undefined;
}

function claimOf(parts: { sealed: Uint8Array; recipient: Uint8Array; context: Uint8Array; enc: EdwardsPoint; twin: EdwardsPoint; second: EdwardsPoint }): LogClaim {
  const { sealed, recipient, context, enc, twin, second } = parts;
  return { bases: [BASE, second], points: [enc, twin], purpose: PURPOSE, message: concat(sealed, recipient, context) };
}
