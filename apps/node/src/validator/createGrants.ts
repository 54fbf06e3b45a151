import { orderStates } from '@neurodata/protocol';
import { readVersion, toNeuroError } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { mapLimited } from '../common/mapLimited.ts';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { sealOwnShare } from './sealOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/** Grants in one transaction: about 60k gas each, far below a block's limit. */
const MAX_BATCH = 50;
const READS_AT_ONCE = 8;
const LONGEST_WAIT_MS = 30_000;

type OpenedOrder = { orderId: Hex; listingId: number; version: number; recipientKey: Hex };
type Grant = { orderId: Hex; sealedShare: Hex };
type Waiting = { order: OpenedOrder; failures: number; notBefore: number };

/**
 * Grants shares to buyers: follows `OrderOpened`, and puts the shares of all orders that wait for ours into one
 * transaction. What is left to grant is read from the chain each time, so a restart loses and repeats nothing.
 */
export function createGrants(setup: ValidatorSetup): Loop {
  const { client, contracts, log } = setup;
  const waiting = new Map<Hex, Waiting>();
  const feed = createFeed({
    publicClient: client.publicClient,
    fromBlock: BigInt(client.config.deployment.block),
    read: (range) => client.publicClient.getContractEvents({ ...contracts.market, ...range, eventName: 'OrderOpened', strict: true }),
  });

  // One keyset that cannot be fetched must not hold up the orders of others.
  async function prepare(entry: Waiting): Promise<Grant | undefined> {
    const { orderId } = entry.order;
    try {
      const grant = await makeGrant(setup, entry.order);
      if (!grant) waiting.delete(orderId);
      return grant;
    } catch (error) {
      entry.failures += 1;
      entry.notBefore = Date.now() + Math.min(500 * 2 ** entry.failures, LONGEST_WAIT_MS);
      log.warn({ err: error, orderId, failures: entry.failures }, 'a grant cannot be made now');
      return undefined;
    }
  }

  async function tick(): Promise<void> {
    for (const { args } of await feed.poll()) {
      if (!waiting.has(args.orderId)) waiting.set(args.orderId, { order: args, failures: 0, notBefore: 0 });
    }
    const due = [...waiting.values()].filter(({ notBefore }) => notBefore <= Date.now()).slice(0, MAX_BATCH);
    const grants = (await mapLimited(due, READS_AT_ONCE, prepare)).filter((grant) => grant !== undefined);
    if (grants.length === 0) return;
    const { hash, gasUsed } = await client.send({ ...contracts.market, functionName: 'grant', args: [grants], sentence: `Grant key shares to ${grants.length} orders` });
    log.info({ orders: grants.map(({ orderId }) => orderId), hash, gasUsed: Number(gasUsed) }, 'granted key shares');
    for (const { orderId } of grants) waiting.delete(orderId);
  }

  return createLoop({ name: 'grants', tick, log });
}

/** The grant that an order waits for from us, or undefined. */
async function makeGrant(setup: ValidatorSetup, opened: OpenedOrder): Promise<Grant | undefined> {
  const { client, log } = setup;
  const { orderId, version, recipientKey } = opened;
  const assetId = await findDueOrder(setup, opened);
  if (assetId === undefined) return undefined;
  const facts = await readVersion({ client, assetId, version });
  try {
    return { orderId, sealedShare: await sealOwnShare({ setup, facts, proofId: orderId, recipientKey }) };
  } catch (error) {
    if (!isFinal(error)) throw error;
    const { code, message } = toNeuroError(error);
    log.error({ orderId, assetId, version, code, reason: message }, 'this order gets no share from us');
    return undefined;
  }
}

/** The asset of an order that we hold a share for, have not granted and still may grant. */
async function findDueOrder(setup: ValidatorSetup, opened: OpenedOrder): Promise<number | undefined> {
  const { client, contracts, validatorId, log } = setup;
  const { publicClient } = client;
  const { orderId, listingId, version } = opened;
  const [order, listing, params, head] = await Promise.all([
    publicClient.readContract({ ...contracts.market, functionName: 'order', args: [orderId] }),
    publicClient.readContract({ ...contracts.market, functionName: 'listing', args: [listingId] }),
    publicClient.readContract({ ...contracts.market, functionName: 'params' }),
    publicClient.getBlock({ blockTag: 'latest' }),
  ]);
  const state = orderStates[order.state];
  if (state !== 'open' && state !== 'granted') return undefined;
  const { committee } = await publicClient.readContract({ ...contracts.registry, functionName: 'version', args: [listing.assetId, version] });
  const place = committee.indexOf(validatorId);
  if (place < 0 || (order.grants & (1 << place)) !== 0) return undefined;
  const window = state === 'open' ? params.grantWindow - params.grantMargin : params.confirmWindow;
  if (Number(head.timestamp) > order.changedAt + window) {
    log.warn({ orderId, state }, 'too late to grant this order');
    return undefined;
  }
  return Number(listing.assetId);
}

/** Whether the publisher made the keyset wrong, or the buyer's key is none: trying again would find the same. */
function isFinal(error: unknown): boolean {
  const { code, retryable } = toNeuroError(error);
  return !retryable && (code === 'CONTENT_MISMATCH' || code === 'NO_KEY' || code === 'BAD_INPUT');
}
