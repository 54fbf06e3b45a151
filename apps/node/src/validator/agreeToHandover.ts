import { NeuroError } from '@neurodata/protocol';
import type { HandoverRef } from '@neurodata/protocol';
import { drillHolder, readHandover, readKeyset, readLogs, readVersion } from '@neurodata/sdk';
import type { HandoverFacts, VersionFacts } from '@neurodata/sdk';
import { isAddressEqual } from 'viem';
import type { Address } from 'viem';
import type { ValidatorSetup } from './setup.ts';

const PROBE_MS = 5_000;
const PROBES = 3;

/**
 * The handover, if we take part in it: it is drawn at a finalized block, still open, of a version that was for sale, replaces nobody
 * who is there, and none was drawn before it that we would take part in. Dealing to one set of new holders at a time keeps what
 * colluders among them could gather below the threshold.
 *
 * @throws NeuroError FORBIDDEN with the reason; NOT_READY (drawn, not finalized yet)
 */
export async function agreeToHandover(parameters: { setup: ValidatorSetup; ref: HandoverRef }): Promise<{ facts: VersionFacts; handover: HandoverFacts }> {
  const { setup, ref } = parameters;
  const { client } = setup;
  const facts = await readVersion({ client, assetId: ref.assetId, version: ref.version });
  if (facts.status !== 'live' && facts.status !== 'revoked') throw refused(ref, `the version is ${facts.status}`);
  const handover = await readHandover({ client, ...ref });
  const now = Number((await client.publicClient.getBlock()).timestamp);
  if (!isOpen({ facts, handover, now })) throw refused(ref, 'it is not open, or not drawn yet');
  for (const opener of await drawnBefore({ setup, facts, ref })) {
    const earlier = await readHandover({ client, ...ref, opener });
    const takesPart = isOpen({ facts, handover: earlier, now }) && (await findSomebodyThere({ setup, facts, handover: earlier })) === undefined;
    if (takesPart) throw refused(ref, `that of ${opener} was drawn before it and is open still`);
  }
  const there = await findSomebodyThere({ setup, facts, handover });
  if (there !== undefined) throw refused(ref, `it would replace validator ${there}, who answers`);
  const final = await readHandover({ client, ...ref, blockTag: 'finalized' });
  if (final.anchorBlock !== handover.anchorBlock || final.committee.join() !== handover.committee.join()) {
    throw new NeuroError('The handover is not finalized on chain yet.', { code: 'NOT_READY', remedy: 'Ask again in a few seconds.', retryable: true });
  }
  return { facts, handover };
}

function isOpen({ facts, handover, now }: { facts: VersionFacts; handover: HandoverFacts; now: number }): boolean {
  return handover.epoch === facts.epoch + 1 && handover.until >= now && handover.committee.length > 0;
}

/** Openers of this epoch's handovers that were drawn before the one of `ref`. */
async function drawnBefore(parameters: { setup: ValidatorSetup; facts: VersionFacts; ref: HandoverRef }): Promise<Address[]> {
  const { setup: { client, contracts }, facts, ref } = parameters;
  const args = { assetId: BigInt(ref.assetId), version: ref.version };
  const drawn = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.custody, ...range, eventName: 'HandoverDrawn', args, strict: true }));
  const openers = drawn.filter((log) => log.args.epoch === facts.epoch + 1).map((log) => log.args.opener);
  const own = openers.findLastIndex((opener) => isAddressEqual(opener, ref.opener));
  return [...new Set(openers.slice(0, Math.max(own, 0)))].filter((opener) => !isAddressEqual(opener, ref.opener));
}

/** A holder who would be replaced though it is active and proves its share. The asset's owner may have anybody replaced. */
async function findSomebodyThere(parameters: { setup: ValidatorSetup; facts: VersionFacts; handover: HandoverFacts }): Promise<number | undefined> {
  const { setup: { client, contracts, validatorId }, facts, handover } = parameters;
  const owner = await client.publicClient.readContract({ ...contracts.registry, functionName: 'ownerOf', args: [BigInt(facts.assetId)] });
  if (isAddressEqual(owner, handover.opener)) return undefined;
  for (const place of handover.without) {
    const holder = facts.committee[place];
    if (holder === undefined) continue;
    const active = await client.publicClient.readContract({ ...contracts.validators, functionName: 'isActive', args: [holder] });
    if (active && (holder === validatorId || !(await isSilent({ setup: parameters.setup, facts, holder })))) return holder;
  }
  return undefined;
}

async function isSilent(parameters: { setup: ValidatorSetup; facts: VersionFacts; holder: number }): Promise<boolean> {
  const { setup: { client }, facts, holder: validatorId } = parameters;
  const { keyset } = await readKeyset({ client, facts });
  for (let probe = 0; probe < PROBES; probe++) {
    const { state } = await drillHolder({ client, facts, keyset, validatorId, timeoutMs: PROBE_MS });
    if (state === 'valid') return false;
  }
  return true;
}

function refused(ref: HandoverRef, reason: string): NeuroError {
  return new NeuroError(`This validator takes no part in the handover of ${ref.opener} for asset ${ref.assetId} version ${ref.version}: ${reason}.`, { code: 'FORBIDDEN', remedy: 'Look at the handover on chain.' });
}
