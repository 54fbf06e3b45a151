import { orderStates } from '@neurodata/protocol';
import type { OrderState } from '@neurodata/protocol';
import { readTrial, settleTrial, toNeuroError } from '@neurodata/sdk';
import type { TrialFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { createFeed } from '../duty/createFeed.ts';
import { createLoop } from '../duty/createLoop.ts';
import type { Loop } from '../duty/createLoop.ts';
import { readClock } from '../duty/readClock.ts';
import type { WorkerSetup } from './setup.ts';

const INTERVAL_MS = 1_000;
/** How often a trial whose buyer has ordered nothing is looked at. */
const IDLE_MS = 30_000;

/** A fee that somebody waits for. `orders`: of its buyer, since it was opened. */
type Held = { jobId: Hex; buyer: Hex; orders: Hex[]; notBefore: number; waited: boolean };
/** What is to be sent: `settle`, or first the name of the order that the fee counts towards. */
type Due = { orderId?: Hex };

const completed: ReadonlySet<OrderState> = new Set(['released', 'claimed']);
const void_: ReadonlySet<OrderState> = new Set(['none', 'refunded']);

/** Sends the fees of trial runs where they belong, which anybody may do: the money of buyers and publishers returns by itself. */
export function createTrialWatch(setup: WorkerSetup): Loop {
  const { client: { publicClient, config }, contracts, log } = setup;
  const common = { publicClient, fromBlock: BigInt(config.deployment.block) };
  const opened = createFeed({ ...common, read: (range) => publicClient.getContractEvents({ ...contracts.trials, ...range, eventName: 'TrialOpened', strict: true }) });
  const ordered = createFeed({ ...common, read: (range) => publicClient.getContractEvents({ ...contracts.market, ...range, eventName: 'OrderOpened', strict: true }) });
  const held = new Map<Hex, Held>();
  const over = new Set<Hex>();
  const orders: { orderId: Hex; buyer: Hex }[] = [];
  return createLoop({
    name: 'trials', intervalMs: INTERVAL_MS, log,
    tick: async (signal) => {
      // Orders first: the trials that they may count for have been read then.
      orders.push(...(await ordered.poll()).map(({ args }) => args));
      for (const { args: { jobId, buyer } } of await opened.poll()) {
        if (!held.has(jobId) && !over.has(jobId)) held.set(jobId, { jobId, buyer, orders: [], notBefore: 0, waited: false });
      }
      for (const { orderId, buyer } of orders.splice(0)) {
        for (const one of held.values()) if (one.buyer === buyer && !one.orders.includes(orderId)) Object.assign(one, { orders: [...one.orders, orderId], notBefore: 0 });
      }
      for (const one of held.values()) {
        if (signal.aborted || one.notBefore > performance.now()) continue;
        if (await step(setup, one)) continue;
        held.delete(one.jobId);
        over.add(one.jobId);
      }
    },
  });
}

/** Resolves to whether the fee is still held. */
async function step(setup: WorkerSetup, one: Held): Promise<boolean> {
  const { client, log } = setup;
  const { jobId } = one;
  const trial = await readTrial({ client, jobId });
  if (trial?.state !== 'held') return false;
  const due = await findDue(setup, trial, one.orders);
  one.notBefore = performance.now() + (one.orders.length > 0 ? INTERVAL_MS : IDLE_MS);
  if (!due) return true;
  // After a short wait of a random length somebody else has mostly done it.
  if (!one.waited) {
    Object.assign(one, { waited: true, notBefore: performance.now() + Math.random() * 2_000 });
    return true;
  }
  one.waited = false;
  try {
    const { hash } = await settleTrial({ client, jobId, orderId: due.orderId });
    log.info({ jobId, ...due, hash }, 'moved the fee of a trial on');
  } catch (error) {
    if (toNeuroError(error).code !== 'REVERTED') throw error;
    log.debug({ jobId }, 'somebody else was faster');
  }
  return true;
}

async function findDue(setup: WorkerSetup, trial: TrialFacts, orders: readonly Hex[]): Promise<Due | undefined> {
  const { jobState, order, heldUntil } = trial;
  if (jobState === 'refunded' || jobState === 'slashed') return {};
  if (order && completed.has(order.state)) return {};
  if (order && !void_.has(order.state)) return undefined;
  for (const orderId of orders) if (await counts(setup, trial, orderId)) return { orderId };
  return heldUntil !== undefined && (await readClock(setup.client)) > heldUntil ? {} : undefined;
}

/** As the contract decides it. */
async function counts({ client: { publicClient }, contracts: { market } }: WorkerSetup, { assetId, openedAt, heldUntil = Infinity }: TrialFacts, orderId: Hex): Promise<boolean> {
  const { state, listingId, changedAt } = await publicClient.readContract({ ...market, functionName: 'order', args: [orderId] });
  if (void_.has(orderStates[state] ?? 'none') || changedAt < openedAt || changedAt > heldUntil) return false;
  const listing = await publicClient.readContract({ ...market, functionName: 'listing', args: [listingId] });
  return Number(listing.assetId) === assetId;
}
