import { assetRegistryAbi, marketAbi, neuroCoinAbi, orderDisputesAbi } from '../generated/abis.ts';
import { disputeStates, orderStates } from '../states.ts';
import { amountOf } from './ledger.ts';
import {
  allowToken, type Asset, assetOf, batchBuy, buy, claim, confirm, gift, grant, type Listing, type Market, type MarketParams, orderIdOf, orderOf, pay, type Purchase,
  refund, releaseReserve, retireListing, revokeVersion, setParams, syncPause, transferAsset, wait, withdraw,
} from './order.ts';
import { dispute, disputeOf, escalate, judge, resolve, rule, setDisputeParams, withdrawBond } from './orderDispute.ts';
import { createRandom, type Random } from './random.ts';
import { digestOf, packSequence, play, secondsOf, selectorsOf, type SequenceFile, spanOf, type Step, type Tally } from './sequence.ts';

/**
 * Random walks of the order model: `vectors/orderSequences.json`, which contracts/test/OrderModel.t.sol plays on the real
 * contracts. The market of a walk is set up in both places alike: eight listings of three assets, two buyers.
 */
export const orderOps = [
  'wait', 'buy', 'gift', 'batchBuy', 'grant', 'confirm', 'dispute', 'refund', 'resolve', 'claim', 'judge', 'withdraw', 'withdrawToken',
  'revokeVersion', 'retireListing', 'releaseReserve', 'setParams', 'donate', 'transferAsset', 'allowToken', 'pause', 'escalate', 'rule', 'withdrawBond', 'setDisputeParams',
] as const;
export type OrderOp = (typeof orderOps)[number];
type OrderStep = Step<OrderOp>;

/** By place: numbers in steps point here, as in the contract test. */
const people = ['buyer', 'stranger', 'publisher', 'treasury', 'payeeA', 'payeeB', 'outsider', 'owner', 'v1', 'v2', 'v3', 'v4'] as const;
const withCoins = 7;
const slots = 28;
const nobody = 0xff;
const emptyShare = 0xfe;
const commitWindow = 600;
const day = 86_400;
const coin = 10n ** 18n;
const roundFee = 3n * coin + 1n;
const versionStatuses = ['none', 'pending', 'live', 'refused', 'revoked'];

/** "ok" and every custom error that a walk may meet; a step's fifth byte is a place in this list. */
export const orderOutcomes = [
  'ok', 'NewOrdersStopped', 'UnknownListing', 'ListingIsRetired', 'WrongLicense', 'VersionNotCovered', 'PriceAboveMax', 'EmptyRecipientKey', 'VersionNotLive',
  'OrderExists', 'TokenNotAllowed', 'ERC20InsufficientBalance', 'EmptyAccount', 'NotKeyHolder', 'BadShare', 'NotBuyer', 'WrongState', 'TooLate', 'TooEarly',
  'NotSeller', 'NotAssetOwner', 'VersionEnded', 'NoReserve', 'ReserveHeldUntil', 'OwnableUnauthorizedAccount', 'ParamOutOfRange', 'ERC721InsufficientApproval',
  'WrongDisputeState', 'NotParty',
] as const;

const windows: readonly Omit<MarketParams, 'treasury' | 'feeBps'>[] = [
  { grantWindow: 3_600, grantMargin: 300, confirmWindow: day },
  { grantWindow: 60, grantMargin: 59, confirmWindow: 1 },
  { grantWindow: 30 * day, grantMargin: day, confirmWindow: 30 * day },
  { grantWindow: 30 * day + 1, grantMargin: 0, confirmWindow: 1 },
  { grantWindow: 300, grantMargin: 300, confirmWindow: 1 },
  { grantWindow: 300, grantMargin: 0, confirmWindow: 0 },
  { grantWindow: 300, grantMargin: 0, confirmWindow: 30 * day + 1 },
];

const disputeWindows: readonly Market['disputeParams'][] = [
  { verdictWindow: 3 * day, escalationWindow: 2 * day },
  { verdictWindow: 1, escalationWindow: 30 * day },
  { verdictWindow: 30 * day, escalationWindow: 1 },
  { verdictWindow: 0, escalationWindow: 1 },
  { verdictWindow: 1, escalationWindow: 30 * day + 1 },
];

function startingMarket(): Market {
  const listing: Listing = { asset: 0, seller: 'publisher', price: 40n * coin, token: 'ncr', download: true, openEnded: true, retired: false, parent: undefined, splits: [] };
  const asset: Asset = { owner: 'publisher', status: 'live', validatorsMayRead: true, committee: ['v1', 'v2', 'v3'], threshold: 2, reserve: roundFee, revokedAt: undefined };
  return {
    now: 0, pausedUntil: 0, otherAllowed: true, owner: 'owner', roundFee,
    params: { treasury: 'treasury', feeBps: 25n, ...paramWindows(0) },
    disputeParams: { verdictWindow: 3 * day, escalationWindow: 2 * day },
    jury: { cost: 6n * coin, drawWindow: day, commitWindow: day, revealWindow: day, appealWindow: day },
    listings: [
      listing,
      { ...listing, price: 0n },
      { ...listing, asset: 1, price: 33n * coin + 1n, openEnded: false },
      { ...listing, price: 7_000_001n, token: 'other', splits: [{ payee: 'payeeA', bps: 3_000n }, { payee: 'payeeB', bps: 1n }] },
      { ...listing, asset: 1, price: 12n * coin + 7n, splits: [{ payee: 'payeeA', bps: 9_999n }] },
      { ...listing, asset: 2, seller: 'buyer', price: 20n * coin + 3n, parent: { asset: 0, bps: 1_500n } },
      { ...listing, download: false },
    ],
    assets: [asset, { ...asset, validatorsMayRead: false }, { ...asset, owner: 'buyer' }],
    orders: new Map(), disputes: new Map(), bondsOwed: new Map(),
    coins: {
      ncr: new Map([['buyer', 150n * coin], ['stranger', 150n * coin], ['outsider', coin], ['registry', 3n * roundFee]]),
      other: new Map([['buyer', 30_000_000n], ['stranger', 30_000_000n]]),
    },
    owed: { ncr: new Map(), other: new Map() },
  };
}

function paramWindows(number: number): Omit<MarketParams, 'treasury' | 'feeBps'> {
  const one = windows[number];
  if (one === undefined) throw new RangeError(`No windows ${number}.`);
  return one;
}

const personOf = (place: number): string => people[place] ?? 'nobody';
const slotOf = ({ listing, buyer, key }: { listing: number; buyer: number; key: number }): number => listing * 4 + buyer * 2 + key;
const listingOfSlot = (slot: number): number => slot >> 2;
const buyerOfSlot = (slot: number): string => personOf((slot >> 1) & 1);
const idOf = (slot: number): string => orderIdOf({ listing: listingOfSlot(slot), buyer: buyerOfSlot(slot), key: slot & 1 });
const idsOf = ({ b, c }: OrderStep): string[] => (c < slots ? [idOf(b), idOf(c)] : [idOf(b)]);

/** What is bought by a step. `how`: 0 as it should be, 1 too low a maximum, 2 without a key, 3 a version that is not there. */
function purchaseOf(market: Market, slot: number, how: number): Purchase {
  const price = market.listings[listingOfSlot(slot)]?.price ?? 0n;
  return {
    listing: listingOfSlot(slot),
    key: how === 2 ? undefined : slot & 1,
    version: how === 3 ? 2 : 1,
    maxPrice: how === 1 && price > 0n ? price - 1n : price,
  };
}

/** A jury of one mind, which nobody appeals; or none, if the time to draw it is over. */
function ruleOf(market: Market, id: string, ruling: number): Market {
  const { commitWindow, revealWindow, appealWindow } = market.jury;
  if (market.now > disputeOf(market, id).juryUntil) return rule(market, id, 0);
  return rule(wait(market, commitWindow + revealWindow + appealWindow + 1), id, ruling);
}

/** What a step does to the market. */
function verbOf(step: OrderStep): (market: Market) => Market {
  const { op, a, b, c } = step;
  const caller = personOf(a);
  const verbs: Record<OrderOp, (market: Market) => Market> = {
    wait: (market) => wait(market, secondsOf(step)),
    buy: (market) => buy(market, caller, purchaseOf(market, b, c)),
    gift: (market) => gift(market, { from: caller, to: c === 1 ? undefined : buyerOfSlot(b), purchase: purchaseOf(market, b, 0) }),
    batchBuy: (market) => batchBuy(market, caller, [purchaseOf(market, b, 0), purchaseOf(market, c, 0)]),
    grant: (market) => grant(market, { validator: caller, ids: idsOf(step), empty: c === emptyShare }),
    confirm: (market) => confirm(market, caller, idOf(b)),
    dispute: (market) => dispute(market, caller, idOf(b)),
    refund: (market) => refund(market, idOf(b)),
    resolve: (market) => resolve(market, idOf(b)),
    claim: (market) => claim(market, caller, idsOf(step)),
    // A round in which nobody says anything lasts for the commit window.
    judge: (market) => (c === 0 ? judge(wait(market, commitWindow + 1), idOf(b), 'none') : judge(market, idOf(b), c === 1 ? 'accept' : 'reject')),
    withdraw: (market) => withdraw(market, caller, 'ncr'),
    withdrawToken: (market) => withdraw(market, caller, 'other'),
    revokeVersion: (market) => revokeVersion(market, caller, b),
    retireListing: (market) => retireListing(market, caller, b),
    releaseReserve: (market) => releaseReserve(market, b),
    setParams: (market) => setParams(market, caller, { treasury: 'treasury', feeBps: BigInt(b) * 10n, ...paramWindows(c) }),
    donate: (market) => pay(market, 'ncr', { from: caller, to: 'market', amount: BigInt(b) * coin / 1_000n }),
    transferAsset: (market) => transferAsset(market, { caller, to: personOf(c), asset: b }),
    allowToken: (market) => allowToken(market, caller, b === 1),
    pause: (market) => syncPause(market, b === 1),
    escalate: (market) => escalate(market, caller, idOf(b)),
    rule: (market) => ruleOf(market, idOf(b), c),
    withdrawBond: (market) => withdrawBond(market, caller),
    setDisputeParams: (market) => setDisputeParams(market, caller, disputeWindows[b] ?? startingMarket().disputeParams),
  };
  return verbs[op];
}

/** Everything that the two must agree on at the end. */
function wordsOf(market: Market): (bigint | number | boolean)[] {
  const words: (bigint | number | boolean)[] = [market.now, market.pausedUntil];
  for (let slot = 0; slot < slots; slot += 1) {
    const { state, changedAt, grants } = orderOf(market, idOf(slot));
    words.push(orderStates.indexOf(state), changedAt, grants.reduce((bits, validator) => bits | (1 << (people.indexOf(validator as (typeof people)[number]) - 8)), 0));
    const { state: dispute, until, accepted, bySeller, cost, bond } = disputeOf(market, idOf(slot));
    words.push(disputeStates.indexOf(dispute), until, accepted, bySeller, cost, bond);
  }
  words.push(...market.listings.map(({ retired }) => retired));
  for (const { status, reserve, owner } of market.assets) words.push(versionStatuses.indexOf(status), reserve, people.findIndex((one) => one === owner));
  for (const who of people.slice(0, withCoins)) {
    words.push(amountOf(market.coins.ncr, who), amountOf(market.coins.other, who), amountOf(market.owed.ncr, who), amountOf(market.owed.other, who));
    words.push(amountOf(market.bondsOwed, who));
  }
  for (const who of ['market', 'registry', 'validators', 'orderDisputes']) words.push(amountOf(market.coins.ncr, who));
  return [...words, amountOf(market.coins.other, 'market')];
}

// The walk

/** Seconds until one of the order's windows is in its last second, or just over. */
function untilBoundary(random: Random, market: Market, slot: number): number {
  const { changedAt } = orderOf(market, idOf(slot));
  const { grantWindow, grantMargin, confirmWindow } = market.params;
  const { until, juryUntil } = disputeOf(market, idOf(slot));
  const windows = [grantWindow - grantMargin, grantWindow, confirmWindow].map((window) => changedAt + window);
  const at = random.pick(until > 0 ? [until] : juryUntil > 0 ? [juryUntil] : windows) + random.below(2);
  return at > market.now ? at - market.now : random.pick([1, 61, 3_601, 86_401]);
}

const random2 = (random: Random): number => (random.chance(30) ? random.below(slots) : nobody);

/** Something that fits the order's state, mostly by whom it befits. */
function progress(random: Random, market: Market, slot: number): OrderStep {
  const { state, listing } = orderOf(market, idOf(slot));
  const { round, state: dispute } = disputeOf(market, idOf(slot));
  const own = random.chance(92) ? (slot >> 1) & 1 : random.below(people.length);
  const seller = random.chance(92) ? people.findIndex((one) => one === market.listings[listing]?.seller) : random.below(people.length);
  const waiting: OrderStep = { op: 'wait', ...spanOf(untilBoundary(random, market, slot)) };
  const granting: OrderStep = { op: 'grant', a: random.chance(92) ? 8 + random.below(3) : random.below(people.length), b: slot, c: random.chance(3) ? emptyShare : random2(random) };
  if (round && random.chance(50)) return { op: 'judge', a: 0, b: slot, c: random.below(3) };
  const byState: Record<string, OrderStep[]> = {
    none: [{ op: 'buy', a: own, b: slot, c: 0 }],
    open: [granting, granting, granting, granting, waiting, { op: 'refund', a: 0, b: slot, c: 0 }],
    granted: [
      waiting, waiting, granting, { op: 'confirm', a: own, b: slot, c: 0 }, { op: 'dispute', a: own, b: slot, c: 0 }, { op: 'dispute', a: own, b: slot, c: 0 },
      { op: 'claim', a: seller, b: slot, c: random2(random) }, { op: 'refund', a: 0, b: slot, c: 0 },
    ],
    disputed: dispute === 'jury' ? [{ op: 'rule', a: 0, b: slot, c: random.below(3) }, waiting] : [
      waiting, { op: 'resolve', a: 0, b: slot, c: 0 }, { op: 'resolve', a: 0, b: slot, c: 0 },
      { op: 'escalate', a: own, b: slot, c: 0 }, { op: 'escalate', a: random.chance(50) ? own : seller, b: slot, c: 0 },
    ],
    released: [{ op: 'claim', a: seller, b: slot, c: random2(random) }],
    claimed: [{ op: 'withdraw', a: random.below(withCoins), b: 0, c: 0 }, { op: 'withdrawToken', a: random.below(withCoins), b: 0, c: 0 }],
    refunded: [{ op: 'withdraw', a: own, b: 0, c: 0 }, { op: 'withdrawBond', a: random.chance(50) ? own : seller, b: 0, c: 0 }, { op: 'withdrawToken', a: own, b: 0, c: 0 }],
  };
  return random.pick(byState[state] ?? []);
}

/** Anything, by anybody. */
function anything(random: Random, market: Market): OrderStep {
  const op = random.pick(orderOps.filter((one) => one !== 'judge' && one !== 'rule'));
  const a = random.below(people.length);
  const slot = random.below(slots + 4);
  const known = random.below(slots);
  const few: Partial<Record<OrderOp, OrderStep>> = {
    wait: { op, ...spanOf(random.pick([1, 299, 3_600, day, 3 * day, 121 * day])) },
    buy: { op, a: random.below(2), b: slot, c: random.below(4) },
    gift: { op, a: random.below(2), b: known, c: random.chance(15) ? 1 : 0 },
    batchBuy: { op, a: random.below(2), b: slot, c: random.below(slots) },
    setParams: { op, a: random.chance(80) ? 7 : a, b: random.chance(85) ? random.below(101) : 101, c: random.pick([0, 0, 0, 1, 2, 3, 4, 5, 6]) },
    setDisputeParams: { op, a: random.chance(80) ? 7 : a, b: random.below(disputeWindows.length), c: 0 },
    donate: { op, a: 6, b: random.below(256), c: 0 },
    transferAsset: { op, a: random.pick([0, 2, 4]), b: random.below(3), c: random.pick([0, 2, 4]) },
    allowToken: { op, a: random.chance(80) ? 7 : a, b: random.chance(70) ? 1 : 0, c: 0 },
    pause: { op, a: 6, b: random.chance(40) ? 1 : 0, c: 0 },
    revokeVersion: { op, a: random.chance(60) ? people.findIndex((one) => one === assetOf(market, slot % 3).owner) : a, b: slot % 3, c: 0 },
    releaseReserve: { op, a: 0, b: random.below(3), c: 0 },
    retireListing: { op, a: random.pick([0, 2, 4, 6]), b: random.below(8), c: 0 },
  };
  return few[op] ?? { op, a, b: known, c: random.chance(50) ? nobody : random.below(slots) };
}

/** The reserve of a revoked version: until it is free, to the second, and then out. */
function releasing(random: Random, market: Market): OrderStep | undefined {
  const number = market.assets.findIndex(({ revokedAt, reserve }) => revokedAt !== undefined && reserve > 0n);
  const freeAt = (market.assets[number]?.revokedAt ?? 0) + 120 * day - random.below(2);
  if (number === -1) return undefined;
  return freeAt > market.now && random.chance(50) ? { op: 'wait', ...spanOf(freeAt - market.now) } : { op: 'releaseReserve', a: 0, b: number, c: 0 };
}

function nextStep(random: Random, market: Market): OrderStep {
  if (random.chance(22)) return (random.chance(20) ? releasing(random, market) : undefined) ?? anything(random, market);
  const open = [...market.orders.keys()];
  if (open.length === 0 || random.chance(18)) return progress(random, market, random.below(slots - 4));
  const id = random.pick(open);
  const [listing = '0', buyer = '', key = '0'] = id.split('/');
  return progress(random, market, slotOf({ listing: Number(listing), buyer: buyer === 'buyer' ? 0 : 1, key: Number(key) }));
}

/** `count` walks of 20 to 40 steps, and how often which step ended how. */
export function createOrderSequences({ seed, count }: { seed: number; count: number }): { file: SequenceFile; tally: Tally } {
  const tally: Tally = new Map();
  const sequences = Array.from({ length: count }, (_, number) => {
    const random = createRandom(seed * 1_000_003 + number);
    let market = startingMarket();
    const steps: number[][] = [];
    for (let left = 20 + random.below(21); left > 0; left -= 1) {
      const step = nextStep(random, market);
      const { world, outcome } = play(market, verbOf(step));
      market = world;
      steps.push([orderOps.indexOf(step.op), step.a, step.b, step.c, orderOutcomes.findIndex((one) => one === outcome)]);
      tally.set(`${step.op} ${outcome}`, (tally.get(`${step.op} ${outcome}`) ?? 0) + 1);
    }
    return packSequence(steps, digestOf(wordsOf(market)));
  });
  const errors = selectorsOf(orderOutcomes, [marketAbi, orderDisputesAbi, assetRegistryAbi, neuroCoinAbi]);
  return { file: { madeBy: 'npm run generate', seed, errors, sequences }, tally };
}
