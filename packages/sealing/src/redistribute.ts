import { concat, fromHex, toHex, utf8, type Hex } from './bytes.ts';
import { sha256 } from './digest.ts';
import { SealingError } from './errors.ts';
import type { Identity } from './identity.ts';
import { commit, commitmentAt, decodePoint, decodeScalar, encodeScalar, evaluate, interpolateAtZero, randomScalar, weightedSum, weightsAtZero } from './pedersen.ts';
import { openShare, sealShare } from './shareEnvelope.ts';
import { checkShare, MAX_SHARES, type Share } from './splitSecret.ts';

/*
 * Verifiable secret redistribution (Desmedt and Jajodia 1997; Wong, Wang and Wing 2002) over Pedersen's commitments: holders
 * of a secret hand it to other holders, or to themselves under new shares, and nobody learns it on the way.
 *
 * Holder i of the old sharing deals its own share as a secret of its own: two fresh polynomials whose constant terms are its
 * value and its blinding. The commitment to that constant term is public already, the old commitments at i, so a dealer
 * that deals anything else is seen by everybody. New share j is the sum of the dealt shares j, weighted as the old
 * shares would be to give the secret; the same sum over the dealers' commitments gives the new commitments, and their first
 * is the old first: the secret is provably the same one.
 */

/** What holder `index` deals: 33-byte points, one for each coefficient, and a sealed share for each new holder. */
export type Dealing = { index: number; commitments: Hex[]; sealedShares: Hex[] };

/** Context under which a dealt share is sealed; `binding` names the asset, its version and the epoch. */
function dealtContext(binding: Hex, dealer: number, receiver: number): Uint8Array {
  return concat(utf8('neurodata/dealt-share/v1'), sha256(utf8(binding.toLowerCase())), Uint8Array.of(dealer, receiver));
}

/**
 * Deals one's share to new holders, of whom `threshold` will be needed. Recipients are X25519 keys: the first becomes
 * holder 1. Throws `BAD_ARGUMENT`, `BAD_SHARE`, `BAD_KEY`.
 */
export async function dealShare(parameters: { share: Share; threshold: number; recipients: Uint8Array[]; binding: Hex }): Promise<Dealing> {
  const { share, threshold, recipients, binding } = parameters;
  const fits = Number.isInteger(threshold) && threshold >= 1 && threshold <= recipients.length && recipients.length <= MAX_SHARES;
  if (!fits) throw new SealingError('BAD_ARGUMENT', `Cannot deal ${threshold} of ${recipients.length}: pass 1 <= threshold <= recipients <= ${MAX_SHARES}.`);
  const values = [scalarOf(share.value), ...Array.from({ length: threshold - 1 }, randomScalar)];
  const blindings = [scalarOf(share.blinding), ...Array.from({ length: threshold - 1 }, randomScalar)];
  const sealedShares = await Promise.all(recipients.map(async (recipient, i) => {
    const dealt = { index: i + 1, value: encodeScalar(evaluate(values, i + 1)), blinding: encodeScalar(evaluate(blindings, i + 1)) };
    return toHex(await sealShare({ share: dealt, recipient, context: dealtContext(binding, share.index, i + 1) }));
  }));
  return { index: share.index, commitments: values.map((value, k) => toHex(commit(value, blindings[k] ?? 0n).toBytes(true))), sealedShares };
}

/** Whether a dealing deals the share that the old commitments say its dealer has. Anybody can tell; what is sealed can only be checked by who opens it. */
export function checkDealing(parameters: { dealing: Dealing; commitments: Hex[]; threshold: number; count: number }): boolean {
  const { dealing, commitments, threshold, count } = parameters;
  if (dealing.commitments.length !== threshold || dealing.sealedShares.length !== count) return false;
  const old = commitments.map((point, k) => decodePoint(bytes(point), k));
  try {
    const [constant] = dealing.commitments.map((point, k) => decodePoint(bytes(point), k));
    return constant !== undefined && constant.equals(commitmentAt(old, dealing.index));
  } catch {
    return false;
  }
}

/** The new commitments that dealings of distinct holders make, as many as the old threshold. */
export function combineCommitments(dealings: Dealing[]): Hex[] {
  const weights = weightsAtZero(dealings.map(({ index }) => index));
  const length = dealings[0]?.commitments.length ?? 0;
  return Array.from({ length }, (_, k) => {
    const points = dealings.map(({ commitments }) => decodePoint(bytes(commitments[k] ?? '0x'), k));
    return toHex(weightedSum(points, weights).toBytes(true));
  });
}

/**
 * New holder `position`'s (from 1) share, out of what was dealt to it, checked against the new `commitments`. Throws `WRONG_KEY`
 * where a dealt share does not open, `BAD_SHARE` naming the dealer of a false one.
 */
export async function combineDealt(parameters: { dealings: Dealing[]; commitments: Hex[]; position: number; identity: Identity; binding: Hex }): Promise<Share> {
  const { dealings, commitments, position, identity, binding } = parameters;
  const dealt = await Promise.all(dealings.map(async (dealing) => {
    const sealed = bytes(dealing.sealedShares[position - 1] ?? '0x');
    return { dealing, share: await openShare({ sealed, identity, context: dealtContext(binding, dealing.index, position) }) };
  }));
  const sum = (pick: (share: Share) => Uint8Array): Uint8Array =>
    encodeScalar(interpolateAtZero(dealt.map(({ dealing, share }) => ({ index: dealing.index, value: scalarOf(pick(share)) }))));
  const share = { index: position, value: sum(({ value }) => value), blinding: sum(({ blinding }) => blinding) };
  // One check for the sum: shares are opened for each grant. Where it fails, the others tell whose fault it is.
  if (checkShare(share, commitments.map(bytes))) return share;
  const liar = dealt.find((one) => one.share.index !== position || !checkShare(one.share, one.dealing.commitments.map(bytes)));
  if (!liar) throw new SealingError('BAD_KEYSET', `The keyset's commitments are not those of the shares that were dealt to holder ${position}; refuse it.`);
  throw new SealingError('BAD_SHARE', `Holder ${liar.dealing.index} dealt holder ${position} a share that is not the one it committed to; leave its dealing out.`);
}

function scalarOf(value: Uint8Array): bigint {
  const scalar = decodeScalar(value);
  if (scalar === undefined) throw new SealingError('BAD_SHARE', 'The share holds no scalars below the order of secp256k1; take it from its keyset again.');
  return scalar;
}

function bytes(text: Hex): Uint8Array {
  const value = fromHex(text);
  if (!value) throw new SealingError('BAD_KEYSET', 'A dealing holds something that is no lower-case hex; take the keyset whose digest is on chain.');
  return value;
}
