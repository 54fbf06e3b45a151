import { marketAbi, neuroCoinAbi, trainingAbi, trialsAbi } from '../generated/abis.ts';
import { orderStates } from '../states.ts';
import { amountOf } from './ledger.ts';
import { type Asset, buy, claim, confirm, grant, type Listing, orderIdOf, orderOf, refund, wait } from './order.ts';
import { createRandom, type Random } from './random.ts';
import { digestOf, packSequence, play, secondsOf, selectorsOf, type SequenceFile, spanOf, type Step, type Tally } from './sequence.ts';
import { countOrder, endRun, noTrials, offerTrials, onMarket, openTrial, type RunEnd, settleTrial, type TrialOffer, trialStates, type TrialWorld, usedBy } from './trial.ts';

/**
 * Random walks of the trial model: `vectors/trialSequences.json`, which contracts/test/TrialModel.t.sol plays on the real contracts. Two assets, each sold, with three
 * offers of runs; two buyers; at most four trials in a walk.
 */
export const trialOps = ['wait', 'offer', 'open', 'endRun', 'buy', 'grant', 'confirm', 'claim', 'refund', 'count', 'settle'] as const;
export type TrialOp = (typeof trialOps)[number];
type TrialStep = Step<TrialOp>;

const people = ['buyer', 'stranger', 'publisher', 'treasury', 'v1', 'v2', 'v3'] as const;
const mostTrials = 4;
const orderSlots = 8;
const listings = 5;
const runListings = [2, 3, 4] as const;
const ends: readonly RunEnd[] = ['settled', 'slashed', 'unjudged', 'unclaimed'];
const coin = 10n ** 18n;
const day = 86_400;

/** "ok" and every custom error that a walk may meet; a step's fifth byte is a place in this list. */
export const trialOutcomes = [
  'ok', 'NotTrialSeller', 'TrialsNeedRuns', 'NoTrialsOffered', 'TrialsUsedUp', 'TotalAboveMax', 'TrialNotHeld', 'OrderDoesNotCount', 'OrderCountsAlready', 'TrialRunNotOver', 'TrialOrderNotOver', 'TrialTooEarly',
  'WrongState', 'TooEarly', 'TooLate', 'OrderExists', 'NotBuyer',
] as const;

function startingWorld(): TrialWorld {
  const listing: Listing = { asset: 0, seller: 'publisher', price: 40n * coin, token: 'ncr', download: true, openEnded: true, retired: false, parent: undefined, splits: [] };
  const asset: Asset = { owner: 'publisher', status: 'live', validatorsMayRead: true, committee: ['v1', 'v2', 'v3'], threshold: 2, reserve: 0n, revokedAt: undefined };
  return {
    hold: 30 * day, windows: { claim: 300, open: 7_200, challenge: 2_400, commit: 600 }, offers: new Map(), used: new Map(), trials: [],
    market: {
      now: 0, pausedUntil: 0, otherAllowed: false, owner: 'owner', roundFee: 0n,
      params: { treasury: 'treasury', feeBps: 25n, grantWindow: 3_600, grantMargin: 300, confirmWindow: day },
      disputeParams: { verdictWindow: 3 * day, escalationWindow: 2 * day }, jury: { cost: 0n, drawWindow: day, commitWindow: day, revealWindow: day, appealWindow: day },
      listings: [listing, { ...listing, asset: 1 }, { ...listing, download: false }, { ...listing, download: false }, { ...listing, asset: 1, download: false }],
      assets: [asset, asset], orders: new Map(), disputes: new Map(), bondsOwed: new Map(),
      coins: { ncr: new Map([['buyer', 1_000_000n * coin], ['stranger', 1_000_000n * coin]]), other: new Map() }, owed: { ncr: new Map(), other: new Map() },
    },
  };
}

const personOf = (place: number): string => people[place] ?? 'nobody';
const buyerOfSlot = (slot: number): string => personOf((slot >> 1) & 1);
const idOf = (slot: number): string => orderIdOf({ listing: slot >> 2, buyer: buyerOfSlot(slot), key: slot & 1 });
const slotOfId = (id: string): number => Array.from({ length: orderSlots }, (_, slot) => slot).findIndex((slot) => idOf(slot) === id);
const offerOf = (number: number): TrialOffer => ({ fee: [4n * coin, 0n, 1n][Math.floor(number / 3)] ?? 0n, cap: number % 3 });

/** What a step does. */
function verbOf(step: TrialStep): (world: TrialWorld) => TrialWorld {
  const { op, a, b, c } = step;
  const caller = personOf(a);
  const verbs: Record<TrialOp, (world: TrialWorld) => TrialWorld> = {
    wait: (world) => onMarket(world, (market) => wait(market, secondsOf(step))),
    offer: (world) => offerTrials(world, { caller, listing: b, offer: offerOf(c) }),
    open: (world) => openTrial(world, { caller, listing: b, agrees: c === 0 }),
    endRun: (world) => endRun(world, b, ends[c] ?? 'settled'),
    buy: (world) => onMarket(world, (market) => buy(market, caller, { listing: b >> 2, key: b & 1, version: 1, maxPrice: 40n * coin })),
    grant: (world) => onMarket(world, (market) => grant(market, { validator: caller, ids: [idOf(b)], empty: false })),
    confirm: (world) => onMarket(world, (market) => confirm(market, caller, idOf(b))),
    claim: (world) => onMarket(world, (market) => claim(market, 'publisher', [idOf(b)])),
    refund: (world) => onMarket(world, (market) => refund(market, idOf(b))),
    count: (world) => countOrder(world, b, idOf(c)),
    settle: (world) => settleTrial(world, b),
  };
  return verbs[op];
}

/** Everything that the two must agree on at the end. */
function wordsOf(world: TrialWorld): (bigint | number | boolean)[] {
  const { market, trials } = world;
  const words: (bigint | number | boolean)[] = [market.now];
  for (let i = 0; i < mostTrials; i += 1) {
    const trial = trials[i];
    words.push(trialStates.indexOf(trial?.state ?? 'none'), trial?.fee ?? 0n, trial?.openedAt ?? 0, trial?.order === undefined ? 0 : slotOfId(trial.order) + 1);
  }
  for (const asset of [0, 1]) words.push(usedBy(world, asset, 'buyer'), usedBy(world, asset, 'stranger'));
  for (const listing of runListings) {
    const { fee, cap } = world.offers.get(listing) ?? noTrials;
    words.push(fee, cap);
  }
  for (let slot = 0; slot < orderSlots; slot += 1) {
    const { state, changedAt } = orderOf(market, idOf(slot));
    words.push(orderStates.indexOf(state), changedAt);
  }
  return [...words, ...[...people.slice(0, 4), 'market', 'trials'].map((who) => amountOf(market.coins.ncr, who))];
}

// The walk

/** Something that fits where a trial stands. */
function progress(random: Random, world: TrialWorld, number: number): TrialStep {
  const { market, trials, hold, windows } = world;
  const trial = trials[number];
  if (!trial) return anything(random, world);
  const buyer = people.findIndex((one) => one === trial.buyer);
  const slot = (market.listings[trial.listing]?.asset ?? 0) * 4 + buyer * 2 + random.below(2);
  const { state, changedAt } = orderOf(market, idOf(slot));
  const until = (at: number): TrialStep => ({ op: 'wait', ...spanOf(Math.max(1, at + random.below(2) - market.now)) });
  const onOrder: Record<string, TrialStep[]> = {
    none: [{ op: 'buy', a: buyer, b: slot, c: 0 }],
    open: [{ op: 'grant', a: 4 + random.below(3), b: slot, c: 0 }, { op: 'grant', a: 4 + random.below(3), b: slot, c: 0 }, { op: 'grant', a: 4 + random.below(3), b: slot, c: 0 }, until(changedAt + 3_600), { op: 'refund', a: 0, b: slot, c: 0 }],
    granted: [{ op: 'confirm', a: buyer, b: slot, c: 0 }, { op: 'claim', a: 0, b: slot, c: 0 }, until(changedAt + day)],
    released: [{ op: 'claim', a: 0, b: slot, c: 0 }],
  };
  const counting: TrialStep = { op: 'count', a: 0, b: number, c: slot };
  const settling: TrialStep = { op: 'settle', a: 0, b: number, c: 0 };
  const running: TrialStep[] = [{ op: 'endRun', a: 0, b: number, c: random.pick([0, 0, 0, 0, 1, 2]) }, { op: 'endRun', a: 0, b: number, c: random.pick([0, 0, 3]) }, until(trial.openedAt + random.pick([windows.claim, windows.open]))];
  return random.pick([...(trial.end === undefined ? running : [settling, until(trial.endedAt + hold)]), ...(onOrder[state] ?? []), counting, ...(random.chance(40) ? [settling] : [])]);
}

/** Anything, by anybody. */
function anything(random: Random, world: TrialWorld): TrialStep {
  const known = world.trials.length;
  const number = random.below(Math.max(1, known));
  const slot = random.below(orderSlots);
  const steps: TrialStep[] = [
    { op: 'wait', ...spanOf(random.pick([1, 301, 3_601, day])) },
    { op: 'offer', a: random.chance(85) ? 2 : random.below(3), b: random.chance(85) ? random.pick(runListings) : random.below(listings), c: random.pick([0, 1, 2, 2, 2, 4, 5, 7, 8]) },
    { op: 'buy', a: (slot >> 1) & 1, b: slot, c: 0 }, { op: 'confirm', a: random.below(2), b: slot, c: 0 }, { op: 'claim', a: 0, b: slot, c: 0 }, { op: 'refund', a: 0, b: slot, c: 0 },
    ...(known < mostTrials ? Array.from({ length: 4 }, (): TrialStep => ({ op: 'open', a: random.below(2), b: random.pick(runListings), c: random.chance(10) ? 1 : 0 })) : []),
    ...(known > 0 ? ([{ op: 'count', a: 0, b: number, c: slot }, { op: 'settle', a: 0, b: number, c: 0 }] satisfies TrialStep[]) : []),
  ];
  return random.pick(steps);
}

function nextStep(random: Random, world: TrialWorld, made: number): TrialStep {
  if (made === 0) return { op: 'offer', a: 2, b: random.pick(runListings), c: random.pick([1, 2, 2, 5, 8]) };
  if (world.trials.length === 0 && random.chance(60)) return { op: 'open', a: random.below(2), b: [...world.offers.keys()][0] ?? 2, c: 0 };
  return random.chance(25) ? anything(random, world) : progress(random, world, random.below(Math.max(1, world.trials.length)));
}

/** `count` walks of 20 to 40 steps, and how often which step ended how. */
export function createTrialSequences({ seed, count }: { seed: number; count: number }): { file: SequenceFile; tally: Tally } {
  const tally: Tally = new Map();
  const sequences = Array.from({ length: count }, (_, number) => {
    const random = createRandom(seed * 1_000_003 + number);
    let world = startingWorld();
    const steps: number[][] = [];
    for (const most = 20 + random.below(21); steps.length < most;) {
      const step = nextStep(random, world, steps.length);
      const played = play(world, verbOf(step));
      world = played.world;
      steps.push([trialOps.indexOf(step.op), step.a, step.b, step.c, trialOutcomes.findIndex((one) => one === played.outcome)]);
      const key = `${step.op} ${played.outcome}`;
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
    return packSequence(steps, digestOf(wordsOf(world)));
  });
  const errors = selectorsOf(trialOutcomes, [trialsAbi, trainingAbi, marketAbi, neuroCoinAbi]);
  return { file: { madeBy: 'npm run generate', seed, errors, sequences }, tally };
}
