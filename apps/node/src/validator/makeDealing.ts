import { NeuroError } from '@neurodata/protocol';
import type { HandoverRef } from '@neurodata/protocol';
import { dealShare } from '@neurodata/sealing';
import type { Dealing, EpochMember } from '@neurodata/sealing';
import { handoverBinding } from '@neurodata/sdk';
import type { HandoverFacts, VersionFacts } from '@neurodata/sdk';
import { hexToBytes } from 'viem';
import type { Hex } from 'viem';
import { agreeToHandover } from './agreeToHandover.ts';
import { openOwnShare, wipeShare } from './openOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * What we deal to the holders of a handover that is drawn on chain: our own share, shared among them. Whoever asks gets nothing that is
 * not sealed to one of them.
 *
 * @throws NeuroError as `agreeToHandover`; NO_KEY where we hold no share
 */
export async function makeDealing(parameters: { setup: ValidatorSetup; ref: HandoverRef }): Promise<Dealing> {
  const { setup } = parameters;
  const { facts, handover } = await agreeToHandover(parameters);
  if (!facts.committee.includes(setup.validatorId)) {
    throw new NeuroError(`Validator ${setup.validatorId} holds no share to deal.`, { code: 'NO_KEY', remedy: `Ask validator ${facts.committee.join(' or ')}.` });
  }
  const members = await readNextMembers({ setup, handover });
  const { share } = await openOwnShare({ setup, facts });
  try {
    return await dealShare({ share, threshold: facts.threshold, recipients: members.map(({ recipient }) => hexToBytes(recipient)), binding: nextBinding({ setup, facts }) });
  } finally {
    wipeShare(share);
  }
}

/** To which keys the next holders' shares are sealed: those that they have on chain. */
export async function readNextMembers(parameters: { setup: ValidatorSetup; handover: HandoverFacts }): Promise<EpochMember[]> {
  const { setup: { client, contracts }, handover } = parameters;
  return Promise.all(handover.committee.map(async (validatorId) => {
    const { encryptionKey } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [validatorId] });
    return { validatorId, recipient: encryptionKey.toLowerCase() as Hex };
  }));
}

export function nextBinding(parameters: { setup: ValidatorSetup; facts: VersionFacts }): Hex {
  const { setup: { client }, facts } = parameters;
  return handoverBinding({ config: client.config, assetId: facts.assetId, version: facts.version, epoch: facts.epoch + 1, previous: facts.keysetDigest });
}
