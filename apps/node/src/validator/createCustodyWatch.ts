import { setTimeout as sleep } from 'node:timers/promises';
import { readHandover, readVersion, refreshKeys, toNeuroError } from '@neurodata/sdk';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { orNothing } from './orNothing.ts';
import type { ValidatorSetup } from './setup.ts';

/** When keys are handed on without anybody asking for it. Milliseconds. */
export type CustodyRules = {
  /** How often to look. */
  intervalMs: number;
  /** How old an epoch of a key may become. */
  refreshAfterMs: number;
  /** How long a holder may be silent. */
  silentAfterMs: number;
};

const DAY_MS = 86_400_000;
export const usualCustody: CustodyRules = { intervalMs: 30_000, refreshAfterMs: 30 * DAY_MS, silentAfterMs: DAY_MS };

/** Each holder waits for the one before it, so that one opens what all see. */
const TURN_MS = 10_000;
const PROBE_MS = 5_000;

type Held = { assetId: number; version: number; committee: readonly number[]; epoch: number; /** Unix seconds. */ since: number };

/**
 * Watches over the keys of which we hold shares: opens a handover where a holder has left or was slashed, where one is silent for long, and
 * where an epoch has become old.
 */
export function createCustodyWatch(parameters: { setup: ValidatorSetup; rules: CustodyRules }): Loop {
  const { setup, rules } = parameters;
  const { client, contracts, validatorId, log } = setup;
  const held = new Map<string, Held>();
  const heard = new Map<number, number>();
  const feed = createFeed({ publicClient: client.publicClient, fromBlock: BigInt(client.config.deployment.block), read: (range) => readHeld(setup, range) });

  async function tick(signal: AbortSignal): Promise<void> {
    for (const one of await feed.poll()) {
      const key = `${one.assetId}/${one.version}`;
      const known = held.get(key);
      if (known && known.epoch > one.epoch) continue;
      if (one.committee.includes(validatorId)) held.set(key, one);
      else held.delete(key);
    }
    const others = [...new Set([...held.values()].flatMap(({ committee }) => [...committee]))].filter((id) => id !== validatorId);
    const states = new Map(await Promise.all(others.map(async (id) => [id, await look(id)] as const)));
    // Where nobody is heard, it is us who are cut off.
    const alone = ![...states.values()].includes('there');
    for (const one of held.values()) {
      signal.throwIfAborted();
      const silent = alone ? [] : one.committee.filter((id) => states.get(id) === 'silent');
      const gone = one.committee.some((id) => states.get(id) === 'gone');
      const old = Date.now() > one.since * 1000 + rules.refreshAfterMs;
      if (gone || old || silent.length > 0) await openInTurn({ setup, held: one, silent, signal });
    }
  }

  async function look(id: number): Promise<'there' | 'silent' | 'gone' | 'unsure'> {
    const { active, endpoint } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [id] });
    if (!active) return 'gone';
    const answer = await orNothing(client.fetch(`${endpoint.replace(/\/+$/, '')}/healthz`, { signal: AbortSignal.timeout(PROBE_MS) }));
    if (answer?.ok) {
      heard.set(id, performance.now());
      return 'there';
    }
    if (!heard.has(id)) heard.set(id, performance.now());
    return performance.now() - (heard.get(id) ?? 0) > rules.silentAfterMs ? 'silent' : 'unsure';
  }

  return createLoop({ name: 'custody', intervalMs: rules.intervalMs, tick, log });
}

async function readHeld(setup: ValidatorSetup, range: { fromBlock: bigint; toBlock: bigint }): Promise<Held[]> {
  const { client, contracts } = setup;
  const [published, moved] = await Promise.all([
    client.publicClient.getContractEvents({ ...contracts.registry, ...range, eventName: 'VersionPublished', strict: true }),
    client.publicClient.getContractEvents({ ...contracts.custody, ...range, eventName: 'KeysMoved', strict: true }),
  ]);
  const since = async (blockNumber: bigint): Promise<number> => Number((await client.publicClient.getBlock({ blockNumber })).timestamp);
  return Promise.all([
    ...published.map(async ({ args, blockNumber }) => ({ assetId: Number(args.assetId), version: args.version, committee: args.input.committee, epoch: 0, since: await since(blockNumber) })),
    ...moved.map(async ({ args, blockNumber }) => ({ assetId: Number(args.assetId), version: args.version, committee: args.committee, epoch: args.epoch, since: await since(blockNumber) })),
  ]);
}

async function openInTurn(parameters: { setup: ValidatorSetup; held: Held; silent: number[]; signal: AbortSignal }): Promise<void> {
  const { setup, held: { assetId, version, committee, epoch }, silent, signal } = parameters;
  const { client, contracts, validatorId, log } = setup;
  const turn = committee.filter((id) => !silent.includes(id)).indexOf(validatorId);
  await sleep(Math.max(turn, 0) * TURN_MS, undefined, { signal });
  const facts = await readVersion({ client, assetId, version });
  if (facts.epoch !== epoch || (facts.status !== 'live' && facts.status !== 'revoked')) return;
  const { timestamp } = await client.publicClient.getBlock();
  // What another holder, or the owner, has opened does the same.
  const owner = await client.publicClient.readContract({ ...contracts.registry, functionName: 'ownerOf', args: [BigInt(assetId)] });
  const accounts = await Promise.all(committee.map(async (id) => (await client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [id] })).account));
  for (const opener of [owner, ...accounts]) {
    const handover = await readHandover({ client, assetId, version, opener });
    if (handover.epoch === epoch + 1 && handover.until >= Number(timestamp)) return;
  }
  try {
    await refreshKeys({ client, assetId, version, without: silent });
    log.info({ assetId, version, silent }, 'opened a handover');
  } catch (error) {
    log.warn({ assetId, version, reason: toNeuroError(error).message }, 'a handover cannot be opened now');
  }
}
