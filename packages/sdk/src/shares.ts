import { NeuroError } from '@neurodata/protocol';
import { type AnyKeyset, GRANTED_SHARE_LENGTH, type Identity, type Share, type Opening, checkShare, combineOpening, grantContext, openGrant, openShare } from '@neurodata/sealing';
import { type Hex, hexToBytes } from 'viem';

export type SealedShare = { validatorId: number; sealedShare: Hex };
/** A share that was passed over, and why. */
export type BadShare = { validatorId: number; reason: string };

/** Opens one share that was granted for `proofId` and checks it against the keyset's commitments; a string says what is wrong. */
export async function openGrantedShare(parameters: { keyset: AnyKeyset; proofId: Hex; identity: Identity; granted: SealedShare }): Promise<Share | string> {
  const { keyset, proofId, identity, granted } = parameters;
  const position = keyset.members.findIndex(({ validatorId }) => validatorId === granted.validatorId);
  if (position < 0) return 'holds no share of this key';
  try {
    const sealed = hexToBytes(granted.sealedShare);
    // On chain it comes with its sender's proof, in an answer without.
    const open = sealed.length === GRANTED_SHARE_LENGTH ? openGrant : openShare;
    const share = await open({ sealed, identity, context: grantContext(proofId, granted.validatorId) });
    if (share.index !== position + 1) return `sent share ${share.index} instead of ${position + 1}`;
    return checkShare(share, keyset.commitments.map((point) => hexToBytes(point))) ? share : 'sent a share that does not match its commitment';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The secret and its blinding from checked shares; throws `TOO_FEW_VALIDATORS` naming who failed and why. */
export function combine(parameters: { keyset: AnyKeyset; shares: Share[]; bad: BadShare[]; remedy: string }): Opening {
  const { keyset, shares, bad, remedy } = parameters;
  if (shares.length < keyset.threshold) {
    const details = bad.map(({ validatorId, reason }) => `Validator ${validatorId}: ${reason}`).join('\n');
    throw new NeuroError(`The key needs ${keyset.threshold} good shares; there are ${shares.length}.`, { code: 'TOO_FEW_VALIDATORS', remedy, retryable: true, ...(details ? { details } : {}) });
  }
  return combineOpening(shares, keyset.commitments.map((point) => hexToBytes(point)));
}
