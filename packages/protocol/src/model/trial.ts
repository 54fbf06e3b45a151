import type { OrderState } from '../states.ts';
import { listingOf, type Market, orderOf, pay, wait as waitForMarket } from './order.ts';
import { need } from './refused.ts';

/**
 * The fees of trial runs as plain rules over the market of order.ts: what Trials does to them, by how a run and its buyer's orders end. What the run itself costs is
 * Training's and not told here. `vectors/trialSequences.json` holds the contract to it.
 */
export const trialStates = ['none', 'held', 'returned', 'paid'] as const;
export type TrialState = (typeof trialStates)[number];
/** `unjudged`: validators came to no verdict. */
export type RunEnd = 'settled' | 'slashed' | 'unjudged' | 'unclaimed';
export type Trial = Readonly<{ listing: number; buyer: string; fee: bigint; state: TrialState; openedAt: number; order: string | undefined; end: RunEnd | undefined; endedAt: number }>;
export type TrialOffer = Readonly<{ fee: bigint; cap: number }>;
/** Of a run: until when a worker may claim it and until when it waits for one, from its opening; how long its verdict may be challenged; how long a round waits for who is silent. Seconds. */
export type RunWindows = Readonly<{ claim: number; open: number; challenge: number; commit: number }>;
export type TrialWorld = Readonly<{ market: Market; hold: number; windows: RunWindows; offers: ReadonlyMap<number, TrialOffer>; used: ReadonlyMap<string, number>; trials: readonly Trial[] }>;

export const noTrials: TrialOffer = { fee: 0n, cap: 0 };

export function usedBy(world: TrialWorld, asset: number, account: string): number {
  return world.used.get(`${asset}/${account}`) ?? 0;
}

export function onMarket(world: TrialWorld, verb: (market: Market) => Market): TrialWorld {
  return { ...world, market: verb(world.market) };
}

function waited(world: TrialWorld, seconds: number): TrialWorld {
  return onMarket(world, (market) => waitForMarket(market, seconds));
}

function withTrial(world: TrialWorld, number: number, change: Partial<Trial>): TrialWorld {
  return { ...world, trials: world.trials.map((trial, i) => (i === number ? { ...trial, ...change } : trial)) };
}

function withUsed(world: TrialWorld, { listing, buyer }: Pick<Trial, 'listing' | 'buyer'>, change: number): TrialWorld {
  const { asset } = listingOf(world.market, listing);
  return { ...world, used: new Map(world.used).set(`${asset}/${buyer}`, usedBy(world, asset, buyer) + change) };
}

/** The seller of runs allows trials, or (with a cap of 0) allows no more of them. */
export function offerTrials(world: TrialWorld, parameters: { caller: string; listing: number; offer: TrialOffer }): TrialWorld {
  const { caller, listing, offer } = parameters;
  const { seller, download } = listingOf(world.market, listing);
  need(seller === caller, 'NotTrialSeller');
  need(!download, 'TrialsNeedRuns');
  return { ...world, offers: new Map(world.offers).set(listing, offer) };
}

/** `agrees`: to what it costs now. */
export function openTrial(world: TrialWorld, parameters: { caller: string; listing: number; agrees: boolean }): TrialWorld {
  const { caller: buyer, listing, agrees } = parameters;
  const { fee, cap } = world.offers.get(listing) ?? noTrials;
  need(cap !== 0, 'NoTrialsOffered');
  need(usedBy(world, listingOf(world.market, listing).asset, buyer) < cap, 'TrialsUsedUp');
  need(agrees, 'TotalAboveMax');
  const trial: Trial = { listing, buyer, fee, state: 'held', openedAt: world.market.now, order: undefined, end: undefined, endedAt: 0 };
  const opened = { ...withUsed(world, trial, 1), trials: [...world.trials, trial] };
  return onMarket(opened, (market) => pay(market, 'ncr', { from: buyer, to: 'trials', amount: fee }));
}

/** A run from its claim to its end; or the money back of one that nobody claimed in time. */
export function endRun(world: TrialWorld, number: number, end: RunEnd): TrialWorld {
  const { openedAt, end: before } = trialAt(world, number);
  const { claim, open, challenge, commit } = world.windows;
  need(before === undefined, 'WrongState');
  if (end === 'unclaimed') need(world.market.now > openedAt + open, 'TooEarly');
  else need(world.market.now <= openedAt + claim, 'TooLate');
  const over = waited(world, end === 'unclaimed' ? 0 : (end === 'unjudged' ? commit : challenge) + 1);
  return withTrial(over, number, { end, endedAt: over.market.now });
}

function trialAt(world: TrialWorld, number: number): Trial {
  const trial = world.trials[number];
  if (trial === undefined) throw new RangeError(`No trial ${number}.`);
  return trial;
}

const isCompleted = (state: OrderState): boolean => state === 'released' || state === 'claimed';
const decidesNothing = (state: OrderState): boolean => state === 'none' || state === 'refunded';
const namedState = (world: TrialWorld, { order }: Trial): OrderState => (order === undefined ? 'none' : orderOf(world.market, order).state);
/** The last second in which an order counts; a run that is not over holds its fee. */
const heldUntil = (world: TrialWorld, { end, endedAt }: Trial): number => (end === 'settled' ? endedAt + world.hold : Infinity);

/** Anybody: names the purchase that the fee counts towards. One that may still be completed is not replaced. */
export function countOrder(world: TrialWorld, number: number, id: string): TrialWorld {
  const trial = trialAt(world, number);
  need(trial.state === 'held', 'TrialNotHeld');
  need(decidesNothing(namedState(world, trial)), 'OrderCountsAlready');
  const { buyer, listing, state, changedAt } = orderOf(world.market, id);
  const asset = world.market.listings[listing]?.asset;
  const counts = buyer === trial.buyer && asset === listingOf(world.market, trial.listing).asset && !decidesNothing(state) && changedAt >= trial.openedAt && changedAt <= heldUntil(world, trial);
  need(counts, 'OrderDoesNotCount');
  const named = withTrial(world, number, { order: id });
  return isCompleted(state) ? giveBack(named, number) : named;
}

/** Anybody: the fee goes back where the run failed or the purchase was completed, and to the publisher where there was none in time. */
export function settleTrial(world: TrialWorld, number: number): TrialWorld {
  const trial = trialAt(world, number);
  need(trial.state === 'held', 'TrialNotHeld');
  if (trial.end !== undefined && trial.end !== 'settled') {
    // Nothing was learned from one without a receipt.
    return giveBack(trial.end === 'unclaimed' ? withUsed(world, trial, -1) : world, number);
  }
  const named = namedState(world, trial);
  if (isCompleted(named)) return giveBack(world, number);
  need(trial.end === 'settled', 'TrialRunNotOver');
  need(decidesNothing(named), 'TrialOrderNotOver');
  need(world.market.now > heldUntil(world, trial), 'TrialTooEarly');
  const { seller } = listingOf(world.market, trial.listing);
  return onMarket(withTrial(world, number, { state: 'paid' }), (market) => pay(market, 'ncr', { from: 'trials', to: seller, amount: trial.fee }));
}

function giveBack(world: TrialWorld, number: number): TrialWorld {
  const { buyer, fee } = trialAt(world, number);
  return onMarket(withTrial(world, number, { state: 'returned' }), (market) => pay(market, 'ncr', { from: 'trials', to: buyer, amount: fee }));
}
