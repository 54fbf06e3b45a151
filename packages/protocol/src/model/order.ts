import { type DisputeState, nextOrderState, type OrderEvent, type OrderState } from '../states.ts';
import { add, amountOf, type Ledger, transfer } from './ledger.ts';
import { need } from './refused.ts';

/**
 * The escrow of DESIGN section 7 as plain rules: what Market does to orders and money, without storage words, gas or
 * events. Pure: each verb takes a market and gives the next one, or throws Refused with the contract's custom error.
 * `vectors/orderSequences.json` holds the contracts to it. Disputes of orders are in orderDispute.ts.
 */
export type TokenName = 'ncr' | 'other';
export type Split = Readonly<{ payee: string; bps: bigint }>;
export type Listing = Readonly<{
  asset: number;
  seller: string;
  price: bigint;
  token: TokenName;
  download: boolean;
  /** Whether every version from the first on is covered, or the first alone. */
  openEnded: boolean;
  retired: boolean;
  parent: Readonly<{ asset: number; bps: bigint }> | undefined;
  splits: readonly Split[];
}>;
/** An asset with its one version. */
export type Asset = Readonly<{
  owner: string;
  status: 'live' | 'revoked' | 'refused';
  validatorsMayRead: boolean;
  committee: readonly string[];
  threshold: number;
  /** The round fee that waits for the first upheld dispute, in NCR. */
  reserve: bigint;
  revokedAt: number | undefined;
}>;
export type Order = Readonly<{ state: OrderState; buyer: string; listing: number; changedAt: number; grants: readonly string[] }>;
/** `round`: validators have not ended theirs yet. `juryUntil`: when the time to draw a jury is over. */
export type OrderDispute = Readonly<{
  state: DisputeState; until: number; round: boolean; accepted: boolean; bySeller: boolean; cost: bigint; bond: bigint; juryUntil: number;
}>;
export type MarketParams = Readonly<{ treasury: string; feeBps: bigint; grantWindow: number; grantMargin: number; confirmWindow: number }>;
export type Market = Readonly<{
  now: number;
  pausedUntil: number;
  otherAllowed: boolean;
  owner: string;
  params: MarketParams;
  roundFee: bigint;
  disputeParams: Readonly<{ verdictWindow: number; escalationWindow: number }>;
  /** What a jury costs and how long each of its windows is. */
  jury: Readonly<{ cost: bigint; drawWindow: number; commitWindow: number; revealWindow: number; appealWindow: number }>;
  listings: readonly Listing[];
  assets: readonly Asset[];
  orders: ReadonlyMap<string, Order>;
  disputes: ReadonlyMap<string, OrderDispute>;
  coins: Readonly<Record<TokenName, Ledger>>;
  /** Credits in the market, and in OrderDisputes. */
  owed: Readonly<Record<TokenName, Ledger>>;
  bondsOwed: Ledger;
}>;
/** `key` stands for the recipient key; undefined is the empty one. */
export type Purchase = Readonly<{ listing: number; key: number | undefined; version: number; maxPrice: bigint }>;

const bps = 10_000n;
const maxFeeBps = 1_000n;
const day = 86_400;
const maxWindow = 30 * day;
const maxPause = 3 * day;
const reserveHold = 120 * day;
const none: Order = { state: 'none', buyer: '', listing: -1, changedAt: 0, grants: [] };

export function orderIdOf({ listing, buyer, key }: { listing: number; buyer: string; key: number }): string {
  return `${listing}/${buyer}/${key}`;
}

export function orderOf(market: Market, id: string): Order {
  return market.orders.get(id) ?? none;
}

export function listingOf(market: Market, number: number): Listing {
  const listing = market.listings[number];
  need(listing !== undefined, 'UnknownListing');
  return listing;
}

export function assetOf(market: Market, number: number): Asset {
  const asset = market.assets[number];
  if (asset === undefined) throw new RangeError(`No asset ${number}.`);
  return asset;
}

export function withAsset(market: Market, number: number, change: Partial<Asset>): Market {
  return { ...market, assets: market.assets.map((asset, i) => (i === number ? { ...asset, ...change } : asset)) };
}

export function withOrder(market: Market, id: string, change: Partial<Order>): Market {
  return { ...market, orders: new Map(market.orders).set(id, { ...orderOf(market, id), ...change }) };
}

/** Moves an order as the state table says; its windows count from here. */
export function moveOrder(market: Market, id: string, event: OrderEvent): Market {
  return withOrder(market, id, { state: nextOrderState(orderOf(market, id).state, event), changedAt: market.now });
}

export function pay(market: Market, token: TokenName, move: { from: string; to: string; amount: bigint }): Market {
  return { ...market, coins: { ...market.coins, [token]: transfer(market.coins[token], move) } };
}

export function credit(market: Market, token: TokenName, account: string, amount: bigint): Market {
  return { ...market, owed: { ...market.owed, [token]: add(market.owed[token], account, amount) } };
}

export function wait(market: Market, seconds: number): Market {
  return { ...market, now: market.now + seconds };
}

// Buying

/** The order is the buyer's; nobody has paid yet. */
function open(market: Market, buyer: string, purchase: Purchase): Market {
  need(market.now >= market.pausedUntil, 'NewOrdersStopped');
  const listing = listingOf(market, purchase.listing);
  need(!listing.retired, 'ListingIsRetired');
  need(listing.download, 'WrongLicense');
  need(purchase.version === 1 || listing.openEnded, 'VersionNotCovered');
  need(listing.price <= purchase.maxPrice, 'PriceAboveMax');
  need(purchase.key !== undefined, 'EmptyRecipientKey');
  need(purchase.version === 1 && assetOf(market, listing.asset).status === 'live', 'VersionNotLive');
  const id = orderIdOf({ listing: purchase.listing, buyer, key: purchase.key });
  need(orderOf(market, id).state === 'none', 'OrderExists');
  return withOrder(moveOrder(market, id, 'open'), id, { buyer, listing: purchase.listing });
}

/** Collects what one listing asks. */
function collect(market: Market, from: string, number: number): Market {
  const { price, token } = listingOf(market, number);
  if (price === 0n) return market;
  need(token === 'ncr' || market.otherAllowed, 'TokenNotAllowed');
  return pay(market, token, { from, to: 'market', amount: price });
}

export function buy(market: Market, buyer: string, purchase: Purchase): Market {
  return collect(open(market, buyer, purchase), buyer, purchase.listing);
}

/** Bought for somebody else: the order, and any refund, is theirs. */
export function gift(market: Market, parameters: { from: string; to: string | undefined; purchase: Purchase }): Market {
  const { from, to, purchase } = parameters;
  need(to !== undefined, 'EmptyAccount');
  return collect(open(market, to, purchase), from, purchase.listing);
}

/** All or nothing: NCR is paid once, as a sum, after all else. */
export function batchBuy(market: Market, buyer: string, purchases: readonly Purchase[]): Market {
  let next = market;
  let total = 0n;
  for (const purchase of purchases) {
    next = open(next, buyer, purchase);
    const { price, token } = listingOf(next, purchase.listing);
    if (token === 'ncr') total += price;
    else next = collect(next, buyer, purchase.listing);
  }
  return total === 0n ? next : pay(next, 'ncr', { from: buyer, to: 'market', amount: total });
}

// The keys

/** Key shares for some orders. Those that are closed or too late are passed over; a batch with a wrong one is refused. */
export function grant(market: Market, parameters: { validator: string; ids: readonly string[]; empty: boolean }): Market {
  return parameters.ids.reduce((next, id) => grantOne(next, { ...parameters, id }), market);
}

function grantOne(market: Market, { validator, id, empty }: { validator: string; id: string; empty: boolean }): Market {
  const order = orderOf(market, id);
  if (order.state !== 'open' && order.state !== 'granted') return market;
  const { grantWindow, grantMargin, confirmWindow } = market.params;
  const window = order.state === 'open' ? grantWindow - grantMargin : confirmWindow;
  if (market.now > order.changedAt + window) return market;
  const { committee, threshold } = assetOf(market, listingOf(market, order.listing).asset);
  need(committee.includes(validator), 'NotKeyHolder');
  need(!empty, 'BadShare');
  if (order.grants.includes(validator)) return market;
  const granted = withOrder(market, id, { grants: [...order.grants, validator] });
  const reached = order.state === 'open' && order.grants.length + 1 >= threshold;
  return reached ? moveOrder(granted, id, 'grantQuorum') : granted;
}

/** The buyer says that the goods are right, at any time after the keys. */
export function confirm(market: Market, caller: string, id: string): Market {
  const order = orderOf(market, id);
  need(order.buyer === caller, 'NotBuyer');
  need(order.state === 'granted', 'WrongState');
  return moveOrder(market, id, 'confirm');
}

// The two ends

/** Anybody: no keys in time, or a version that was proved wrong. */
export function refund(market: Market, id: string): Market {
  const order = orderOf(market, id);
  need(order.state === 'open' || order.state === 'granted', 'WrongState');
  if (assetOf(market, listingOf(market, order.listing).asset).status === 'refused') return payBack(market, id, 'refundRefused');
  need(order.state === 'open', 'WrongState');
  need(market.now > order.changedAt + market.params.grantWindow, 'TooEarly');
  return payBack(market, id, 'refundLate');
}

/** NCR goes to the buyer at once, another token becomes a credit. */
export function payBack(market: Market, id: string, event: OrderEvent): Market {
  const { buyer, listing } = orderOf(market, id);
  const { price, token } = listingOf(market, listing);
  const moved = moveOrder(market, id, event);
  return token === 'ncr' ? pay(moved, 'ncr', { from: 'market', to: buyer, amount: price }) : credit(moved, token, buyer, price);
}

/** Anybody: pays a seller for orders that were released, or left silent past the confirm window. */
export function claim(market: Market, seller: string, ids: readonly string[]): Market {
  const start = { market, paid: 0n, fees: 0n };
  const end = ids.reduce((sum, id) => claimOne(sum, seller, id), start);
  const withFee = pay(end.market, 'ncr', { from: 'market', to: end.market.params.treasury, amount: end.fees });
  return pay(withFee, 'ncr', { from: 'market', to: seller, amount: end.paid });
}

type Claims = Readonly<{ market: Market; paid: bigint; fees: bigint }>;

function claimOne({ market, paid, fees }: Claims, seller: string, id: string): Claims {
  const order = orderOf(market, id);
  if (order.state !== 'released') needSilence(market, order);
  const { price, token, parent, splits, seller: payee } = listingOf(market, order.listing);
  need(payee === seller, 'NotSeller');
  const fee = price * market.params.feeBps / bps;
  const toParent = parent === undefined ? 0n : price * parent.bps / bps;
  const rest = price - fee - toParent;
  let next = moveOrder(market, id, 'claim');
  if (parent !== undefined) next = credit(next, token, assetOf(market, parent.asset).owner, toParent);
  let toSeller = rest;
  for (const split of splits) {
    const part = rest * split.bps / bps;
    next = credit(next, token, split.payee, part);
    toSeller -= part;
  }
  if (token === 'ncr') return { market: next, paid: paid + toSeller, fees: fees + fee };
  return { market: credit(credit(next, token, seller, toSeller), token, market.params.treasury, fee), paid, fees };
}

function needSilence(market: Market, order: Order): void {
  need(order.state === 'granted', 'WrongState');
  need(market.now > order.changedAt + market.params.confirmWindow, 'TooEarly');
  need(assetOf(market, listingOf(market, order.listing).asset).status !== 'refused', 'VersionNotLive');
}

/** Whoever has a credit takes it; without one nothing happens. */
export function withdraw(market: Market, caller: string, token: TokenName): Market {
  const amount = amountOf(market.owed[token], caller);
  return pay(credit(market, token, caller, -amount), token, { from: 'market', to: caller, amount });
}

// The seller's and the owner's side

export function retireListing(market: Market, caller: string, number: number): Market {
  const listing = listingOf(market, number);
  need(listing.seller === caller || assetOf(market, listing.asset).owner === caller, 'NotSeller');
  need(!listing.retired, 'ListingIsRetired');
  return { ...market, listings: market.listings.map((one, i) => (i === number ? { ...one, retired: true } : one)) };
}

export function revokeVersion(market: Market, caller: string, number: number): Market {
  const asset = assetOf(market, number);
  need(asset.owner === caller, 'NotAssetOwner');
  need(asset.status === 'live', 'VersionEnded');
  return withAsset(market, number, { status: 'revoked', revokedAt: market.now });
}

/** Anybody: the reserve of a version that was revoked long ago goes to its owner. */
export function releaseReserve(market: Market, number: number): Market {
  const { revokedAt, reserve, owner } = assetOf(market, number);
  need(revokedAt !== undefined && reserve !== 0n, 'NoReserve');
  need(market.now >= revokedAt + reserveHold, 'ReserveHeldUntil');
  return pay(withAsset(market, number, { reserve: 0n }), 'ncr', { from: 'registry', to: owner, amount: reserve });
}

export function transferAsset(market: Market, parameters: { caller: string; to: string; asset: number }): Market {
  const { caller, to, asset } = parameters;
  need(assetOf(market, asset).owner === caller, 'ERC721InsufficientApproval');
  return withAsset(market, asset, { owner: to });
}

/** Also holds for open orders. */
export function setParams(market: Market, caller: string, params: MarketParams): Market {
  need(caller === market.owner, 'OwnableUnauthorizedAccount');
  const { feeBps, grantWindow, grantMargin, confirmWindow } = params;
  const fits = (window: number): boolean => window > 0 && window <= maxWindow;
  need(feeBps <= maxFeeBps && fits(grantWindow) && grantMargin < grantWindow && fits(confirmWindow), 'ParamOutOfRange');
  return { ...market, params };
}

export function allowToken(market: Market, caller: string, allowed: boolean): Market {
  need(caller === market.owner, 'OwnableUnauthorizedAccount');
  return { ...market, otherAllowed: allowed };
}

/** Takes over what the guardian says, for three days at most. */
export function syncPause(market: Market, paused: boolean): Market {
  return { ...market, pausedUntil: paused ? market.now + maxPause : 0 };
}
