import { NeuroError } from '@neurodata/protocol';
import { openEpochShare, openKeysetShare } from '@neurodata/sealing';
import type { AnyKeyset, Identity, Share } from '@neurodata/sealing';
import { readKeyset } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { bytesToHex } from 'viem';
import type { Hex } from 'viem';
import type { ValidatorSetup } from './setup.ts';

export type OwnShare = { share: Share; keyset: AnyKeyset; digest: Hex; epoch: number };

/**
 * Our share of a version's key in an epoch, the last one by default, opened with the key to which it was sealed and checked against
 * the keyset that the chain commits to. Whoever asks wipes it.
 *
 * @throws NeuroError NO_KEY where this validator holds no share, CONTENT_MISMATCH where the publisher made it wrong;
 * SealingError BAD_SHARE, WRONG_KEY; whatever the storage throws.
 */
export async function openOwnShare(parameters: { setup: ValidatorSetup; facts: VersionFacts; epoch?: number }): Promise<OwnShare> {
  const { setup, facts, epoch = facts.epoch } = parameters;
  const { client, validatorId } = setup;
  const { keyset, digest, binding } = await readKeyset({ client, facts, epoch });
  return { share: await openShareOf({ setup, keyset, binding, validatorId }), keyset, digest, epoch };
}

/** As {@link openOwnShare}, out of a keyset that is at hand. */
export async function openShareOf(parameters: { setup: ValidatorSetup; keyset: AnyKeyset; binding: Hex; validatorId: number }): Promise<Share> {
  const { setup, keyset, binding, validatorId } = parameters;
  const member = keyset.members.find((one) => one.validatorId === validatorId);
  if (!member) {
    throw new NeuroError(`Validator ${validatorId} holds no share of this key.`, { code: 'NO_KEY', remedy: `Ask validator ${keyset.members.map((one) => one.validatorId).join(' or ')}.` });
  }
  const identity = identityFor(setup, member.recipient);
  return keyset.version === 1 ? openKeysetShare({ keyset, validatorId, identity, binding }) : openEpochShare({ keyset, validatorId, identity, binding });
}

/** The identity of a public key, ours of today where we never had that one. */
export function identityFor({ identity, retired }: Pick<ValidatorSetup, 'identity' | 'retired'>, publicKey: Hex): Identity {
  return [identity, ...retired].find((one) => bytesToHex(one.publicKey) === publicKey) ?? identity;
}

export function wipeShare(share: Share): void {
  share.value.fill(0);
  share.blinding.fill(0);
}
