import { grantContext } from '@neurodata/sealing';
import type { VersionFacts } from '@neurodata/sdk';
import { bytesToHex, hexToBytes } from 'viem';
import type { Hex } from 'viem';
import { openOwnShare, wipeShare } from './openOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * Our share of a version's key, in an epoch or the last one, sealed to `recipientKey` for the proof that entitles its owner:
 * by `seal`, which is `setup.sealGrant` for what goes on chain and `setup.sealShare` for an answer.
 *
 * @throws as {@link openOwnShare}; SealingError BAD_KEY
 */
export async function sealOwnShare(parameters: { setup: ValidatorSetup; facts: VersionFacts; proofId: Hex; recipientKey: Hex; epoch?: number; seal: ValidatorSetup['sealShare'] }): Promise<Hex> {
  const { setup, proofId, recipientKey, seal } = parameters;
  const { share } = await openOwnShare(parameters);
  try {
    return bytesToHex(await seal({ share, recipient: hexToBytes(recipientKey), context: grantContext(proofId, setup.validatorId) }));
  } finally {
    wipeShare(share);
  }
}
