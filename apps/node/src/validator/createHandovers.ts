import type { HandoverRef } from '@neurodata/protocol';
import { readHandover, readVersion, toNeuroError } from '@neurodata/sdk';
import type { HandoverFacts, VersionFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { assembleHandover } from './assembleHandover.ts';
import { checkHandover } from './checkHandover.ts';
import type { ValidatorSetup } from './setup.ts';

const INTERVAL_MS = 1_000;
/** How long each holder waits for the one before it to do what one of them has to. */
const TURN_MS = 4_000;
const RETRY_MS = 15_000;

type Open = {
  ref: HandoverRef;
  epoch: number;
  /** Of the log that opened it: what was confirmed before was another one's. */
  openedAt: bigint;
  seenAt: number;
  notBefore: number;
  /** Keysets that somebody confirmed. */
  keysets: Map<Hex, { confirmed: boolean; notBefore: number }>;
  /** Places of dealers whose dealing to us was false. */
  leaveOut: Set<number>;
  proposedAt: number;
};

/**
 * Brings handovers to their end: draws the new holders, gathers dealings, checks what others have gathered, and confirms. What is
 * open is read from the chain, and shares are made out of the stored keyset each time, so a crash between any two steps loses nothing.
 */
export function createHandovers(setup: ValidatorSetup): Loop {
  const { client, contracts, log } = setup;
  const open = new Map<string, Open>();
  const feed = createFeed({
    publicClient: client.publicClient, fromBlock: BigInt(client.config.deployment.block),
    read: async (range) => {
      const [opened, confirmed] = await Promise.all([
        client.publicClient.getContractEvents({ ...contracts.custody, ...range, eventName: 'HandoverOpened', strict: true }),
        client.publicClient.getContractEvents({ ...contracts.custody, ...range, eventName: 'HandoverConfirmed', strict: true }),
      ]);
      return [...opened, ...confirmed];
    },
  });

  async function tick(signal: AbortSignal): Promise<void> {
    for (const log of await feed.poll()) {
      const { assetId, version, opener } = log.args;
      const ref = { assetId: Number(assetId), version, opener };
      const key = [ref.assetId, version, opener].join();
      if ('epoch' in log.args) {
        // The next one of the same opener may come before this validator has seen that the last one is over.
        const { epoch } = log.args;
        const known = open.get(key);
        if (known?.epoch === epoch) known.openedAt = log.blockNumber;
        else if (epoch > (known?.epoch ?? 0)) open.set(key, { ref, epoch, openedAt: log.blockNumber, seenAt: performance.now(), notBefore: 0, keysets: new Map(), leaveOut: new Set(), proposedAt: 0 });
        continue;
      }
      const entry = open.get(key);
      if (entry && log.blockNumber >= entry.openedAt && !entry.keysets.has(log.args.keyset)) entry.keysets.set(log.args.keyset, { confirmed: false, notBefore: 0 });
    }
    for (const [key, entry] of open) {
      if (entry.notBefore > performance.now()) continue;
      if ((await advance({ setup, entry, signal })) === 'over') open.delete(key);
    }
  }

  return createLoop({ name: 'handovers', intervalMs: INTERVAL_MS, tick, log });
}

async function advance(parameters: { setup: ValidatorSetup; entry: Open; signal: AbortSignal }): Promise<'over' | 'open'> {
  const { setup, entry } = parameters;
  const { client, log, validatorId } = setup;
  const facts = await readVersion({ client, assetId: entry.ref.assetId, version: entry.ref.version });
  const handover = await readHandover({ client, ...entry.ref });
  const { timestamp, number } = await client.publicClient.getBlock();
  if (handover.epoch !== facts.epoch + 1 || handover.until < Number(timestamp)) return 'over';
  const members = [...new Set([...facts.committee, ...handover.committee])];
  const place = members.indexOf(validatorId);
  if (place < 0 && handover.committee.length > 0) return 'open';
  const turn = place < 0 ? members.length + validatorId : place;
  try {
    if (handover.committee.length === 0) await drawInTurn({ setup, entry, facts, handover, number, turn });
    else await confirmOrPropose({ ...parameters, turn });
  } catch (error) {
    const { message, code } = toNeuroError(error);
    entry.notBefore = performance.now() + (code === 'NOT_READY' ? INTERVAL_MS : RETRY_MS);
    if (code !== 'NOT_READY') log.warn({ ...entry.ref, code, reason: message }, 'a handover cannot go on now');
  }
  return 'open';
}

async function drawInTurn(parameters: { setup: ValidatorSetup; entry: Open; facts: VersionFacts; handover: HandoverFacts; number: bigint; turn: number }): Promise<void> {
  const { setup, entry, handover, number, turn } = parameters;
  if (number <= handover.anchorBlock || performance.now() < entry.seenAt + turn * TURN_MS) return;
  const { assetId, version, opener } = entry.ref;
  await setup.client.send({ ...setup.contracts.custody, functionName: 'draw', args: [BigInt(assetId), version, opener], sentence: `Draw the next holders of asset ${assetId} version ${version}` });
}

async function confirmOrPropose(parameters: { setup: ValidatorSetup; entry: Open; signal: AbortSignal; turn: number }): Promise<void> {
  const { setup, entry, signal, turn } = parameters;
  const { ref, keysets, leaveOut } = entry;
  for (const [keyset, seen] of keysets) {
    if (seen.confirmed || seen.notBefore > performance.now()) continue;
    try {
      await checkHandover({ setup, ref, keyset });
    } catch (error) {
      const { code, message } = toNeuroError(error);
      if (code === 'NOT_READY') throw error;
      // Anybody among the holders may name a digest: a bad one must not hold up a good one.
      seen.notBefore = performance.now() + RETRY_MS;
      const dealer = /^Holder (\d+) dealt/.exec(message)?.[1];
      if (dealer) leaveOut.add(Number(dealer));
      setup.log.warn({ ...ref, keyset, reason: message }, 'a keyset cannot be confirmed');
      continue;
    }
    await confirm({ setup, entry, keyset });
  }
  // Whoever has confirmed one waits for the others to.
  if ([...keysets.values()].some(({ confirmed }) => confirmed)) return;
  if (performance.now() < Math.max(entry.seenAt, entry.proposedAt) + turn * TURN_MS + (keysets.size > 0 ? 2 * RETRY_MS : 0)) return;
  entry.proposedAt = performance.now();
  const keyset = await assembleHandover({ setup, ref, leaveOut, signal });
  if (keyset) await confirm({ setup, entry, keyset });
}

async function confirm(parameters: { setup: ValidatorSetup; entry: Open; keyset: Hex }): Promise<void> {
  const { setup, entry, keyset } = parameters;
  const { assetId, version, opener } = entry.ref;
  try {
    const { hash } = await setup.client.send({ ...setup.contracts.custody, functionName: 'confirm', args: [BigInt(assetId), version, opener, keyset], sentence: `Confirm the next keyset of asset ${assetId} version ${version}` });
    setup.log.info({ ...entry.ref, keyset, hash }, 'confirmed a handover');
  } catch (error) {
    // Confirmed before a restart, or the others were enough in the meantime.
    if (!/AlreadyConfirmed|NoHandover|confirmed that keyset|no handover open/.test(toNeuroError(error).message)) throw error;
  }
  entry.keysets.set(keyset, { confirmed: true, notBefore: 0 });
}
