import { NeuroError } from '@neurodata/protocol';
import { grantContext, openKeysetShare, sealShare } from '@neurodata/sealing';
import { readKeyset } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { bytesToHex, hexToBytes } from 'viem';
import type { Hex } from 'viem';
import type { ValidatorSetup } from './setup.ts';

/**
 * Our share of a version's key, sealed to `recipientKey` for the proof that entitles its owner. The keyset is the one
 * that the chain commits to, bound to who published it; the share is checked against its commitments.
 *
 * @throws NeuroError NO_KEY where this validator holds no share, CONTENT_MISMATCH where the publisher made it wrong;
 * SealingError BAD_SHARE, WRONG_KEY, BAD_KEY; whatever the storage throws.
 */
export async function sealOwnShare(parameters: { setup: ValidatorSetup; facts: VersionFacts; proofId: Hex; recipientKey: Hex }): Promise<Hex> {
  const { setup, facts, proofId, recipientKey } = parameters;
  const { client, identity, validatorId } = setup;
  if (!facts.committee.includes(validatorId)) {
    throw new NeuroError(`Validator ${validatorId} holds no share of asset ${facts.assetId} version ${facts.version}.`, { code: 'NO_KEY', remedy: `Ask validator ${facts.committee.join(' or ')}.` });
  }
  const { keyset, binding } = await readKeyset({ client, facts });
  const share = await openKeysetShare({ keyset, validatorId, identity, binding });
  try {
    return bytesToHex(await sealShare({ share, recipient: hexToBytes(recipientKey), context: grantContext(proofId, validatorId) }));
  } finally {
    share.value.fill(0);
    share.blinding.fill(0);
  }
}
