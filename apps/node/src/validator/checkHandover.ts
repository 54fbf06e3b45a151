import type { HandoverRef } from '@neurodata/protocol';
import { checkEpochKeyset, keysetDigest, parseEpochKeyset } from '@neurodata/sealing';
import { readKeyset } from '@neurodata/sdk';
import { parseCid, rawCidOfDigest } from '@neurodata/storage';
import type { Hex } from 'viem';
import { agreeToHandover } from './agreeToHandover.ts';
import { expectFact } from './finding.ts';
import { nextBinding, readNextMembers } from './makeDealing.ts';
import { openShareOf, wipeShare } from './openOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * Checks the keyset of a handover before we confirm it: it deals the holders' own shares, to those whom the chain has drawn, under the
 * keys that they have; and, where we are one of those, our share comes out of it and fits. What was fetched is stored again at our own
 * gateway, so that the keyset outlives whoever made it.
 *
 * @throws NeuroError, SealingError, Refusal: then it must not be confirmed
 */
export async function checkHandover(parameters: { setup: ValidatorSetup; ref: HandoverRef; keyset: Hex }): Promise<void> {
  const { setup, ref, keyset: digest } = parameters;
  const { client, validatorId } = setup;
  const { facts, handover } = await agreeToHandover({ setup, ref });
  const bytes = await client.storage.readRaw(rawCidOfDigest(digest));
  expectFact(keysetDigest(bytes) === digest, 'The keyset has another digest than was confirmed.');
  const keyset = parseEpochKeyset(bytes);
  const { keyset: previous } = await readKeyset({ client, facts });
  checkEpochKeyset({ keyset, previous, previousDigest: facts.keysetDigest });
  const members = await readNextMembers({ setup, handover });
  expectFact(JSON.stringify(keyset.members.map(({ validatorId: id, recipient }) => [id, recipient])) === JSON.stringify(members.map(({ validatorId: id, recipient }) => [id, recipient])), 'The keyset names other holders, or other keys of them, than the chain.');
  expectFact(keyset.threshold === facts.threshold, 'The keyset has another threshold than the version.');
  if (handover.committee.includes(validatorId)) wipeShare(await openShareOf({ setup, keyset, binding: nextBinding({ setup, facts }), validatorId }));
  const { cid } = await client.storage.addRaw(bytes);
  await client.gateway.get(parseCid(cid));
}
