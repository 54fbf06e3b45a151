import { type DisputeEvent, disputeTransitions } from '../states.ts';
import { add, amountOf } from './ledger.ts';
import { assetOf, listingOf, type Market, moveOrder, type OrderDispute, orderOf, pay, payBack, withAsset } from './order.ts';
import { need } from './refused.ts';

/** What OrderDisputes does: validators first, then, for whoever pays them, jurors; and a default ruling where nobody speaks. */
const none: OrderDispute = { state: 'none', until: 0, round: false, accepted: false, bySeller: false, cost: 0n, bond: 0n, juryUntil: 0 };
const maxWindow = 30 * 86_400;

export function disputeOf(market: Market, id: string): OrderDispute {
  return market.disputes.get(id) ?? none;
}

function withDispute(market: Market, id: string, change: Partial<OrderDispute>): Market {
  return { ...market, disputes: new Map(market.disputes).set(id, { ...disputeOf(market, id), ...change }) };
}

function move(market: Market, id: string, event: DisputeEvent, change: Partial<OrderDispute> = {}): Market {
  const state = disputeTransitions[disputeOf(market, id).state][event];
  if (state === undefined) throw new RangeError(`A dispute that is ${disputeOf(market, id).state} cannot take ${event}.`);
  return withDispute(market, id, { ...change, state });
}

function creditBond(market: Market, account: string, amount: bigint): Market {
  return { ...market, bondsOwed: add(market.bondsOwed, account, amount) };
}

/** The buyer puts up a round fee and asks validators whether the content is what it was said to be. */
export function dispute(market: Market, caller: string, id: string): Market {
  const order = orderOf(market, id);
  need(order.buyer === caller, 'NotBuyer');
  need(order.state === 'granted', 'WrongState');
  need(market.now <= order.changedAt + market.params.confirmWindow, 'TooLate');
  const disputed = move(moveOrder(market, id, 'dispute'), id, 'open', { round: true, until: market.now + market.disputeParams.verdictWindow });
  return pay(disputed, 'ncr', { from: caller, to: 'validators', amount: market.roundFee });
}

/**
 * The round ends. Its fee is spent on a verdict and comes back without one: held for the buyer while it is open who wins.
 * What validators reject is refunded at once; anything else waits for somebody to ask for a jury. A default ruling that came
 * first stands, but a proved fault still ends the version and pays its reserve to the buyer.
 */
export function judge(market: Market, id: string, verdict: 'none' | 'accept' | 'reject'): Market {
  const { buyer, listing } = orderOf(market, id);
  const over = withDispute(market, id, { round: false });
  const waiting = disputeOf(market, id).state === 'round';
  const until = market.now + market.disputeParams.escalationWindow;
  if (verdict === 'accept') return waiting ? move(over, id, 'verdictAccept', { until, accepted: true }) : over;
  if (verdict === 'none') {
    const back = pay(over, 'ncr', { from: 'validators', to: 'orderDisputes', amount: market.roundFee });
    return waiting ? move(back, id, 'verdictNone', { until, bond: market.roundFee }) : creditBond(back, buyer, market.roundFee);
  }
  const closed = waiting ? close(over, id, { event: 'verdictReject', toSeller: false }) : over;
  const { asset } = listingOf(market, listing);
  const { reserve } = assetOf(closed, asset);
  return pay(withAsset(closed, asset, { status: 'refused', reserve: 0n }), 'ncr', { from: 'registry', to: buyer, amount: reserve });
}

/** A party pays a jury: the buyer always, the seller only where validators have not already found for it. */
export function escalate(market: Market, caller: string, id: string): Market {
  const { state, until } = disputeOf(market, id);
  need(state === 'accepted' || state === 'undecided', 'WrongDisputeState');
  need(market.now <= until, 'TooLate');
  const { buyer, listing } = orderOf(market, id);
  const byBuyer = caller === buyer;
  need(byBuyer || (caller === listingOf(market, listing).seller && state === 'undecided'), 'NotParty');
  const { cost, drawWindow } = market.jury;
  const change = { until: 0, bySeller: !byBuyer, cost, juryUntil: market.now + drawWindow };
  return pay(move(market, id, byBuyer ? 'escalateByBuyer' : 'escalateBySeller', change), 'ncr', { from: caller, to: 'disputes', amount: cost });
}

/** The jury has ruled: 1 for the buyer, 2 for the seller; any other leaves it at the default ruling. */
export function rule(market: Market, id: string, ruling: number): Market {
  const toSeller = ruling === 2 || (ruling !== 1 && isSellersByDefault(market, id));
  return close(market, id, { event: toSeller ? 'ruleSeller' : 'ruleBuyer', toSeller });
}

/** Anybody, once the window of its state is over. */
export function resolve(market: Market, id: string): Market {
  const { state, until } = disputeOf(market, id);
  need(state === 'round' || state === 'accepted' || state === 'undecided', 'WrongDisputeState');
  need(market.now > until, 'TooEarly');
  const toSeller = isSellersByDefault(market, id);
  return close(market, id, { event: toSeller ? 'resolveLive' : 'resolveRefused', toSeller });
}

/** What validators accepted is the seller's unless it was proved wrong since; else the version must be live, and have been readable. */
function isSellersByDefault(market: Market, id: string): boolean {
  const { status, validatorsMayRead } = assetOf(market, listingOf(market, orderOf(market, id).listing).asset);
  return disputeOf(market, id).accepted ? status !== 'refused' : status === 'live' && validatorsMayRead;
}

/** The price goes to one side. A winner who paid the jury is paid by what the loser has put up: the buyer's bond, or the version's reserve. */
function close(market: Market, id: string, { event, toSeller }: { event: DisputeEvent; toSeller: boolean }): Market {
  const { bond, cost, bySeller } = disputeOf(market, id);
  const { buyer, listing } = orderOf(market, id);
  const { seller, asset } = listingOf(market, listing);
  const forSeller = toSeller && bySeller ? (bond < cost ? bond : cost) : 0n;
  const moved = creditBond(creditBond(move(market, id, event), seller, forSeller), buyer, bond - forSeller);
  if (toSeller) return moveOrder(moved, id, 'rulingSeller');
  const refunded = payBack(moved, id, 'rulingBuyer');
  const { reserve } = assetOf(refunded, asset);
  const back = bySeller ? 0n : reserve < cost ? reserve : cost;
  return pay(withAsset(refunded, asset, { reserve: reserve - back }), 'ncr', { from: 'registry', to: buyer, amount: back });
}

export function withdrawBond(market: Market, caller: string): Market {
  const amount = amountOf(market.bondsOwed, caller);
  return pay(creditBond(market, caller, -amount), 'ncr', { from: 'orderDisputes', to: caller, amount });
}

/** Deadlines that were set stay. */
export function setDisputeParams(market: Market, caller: string, params: Market['disputeParams']): Market {
  need(caller === market.owner, 'OwnableUnauthorizedAccount');
  const windows = [params.verdictWindow, params.escalationWindow];
  need(windows.every((window) => window > 0 && window <= maxWindow), 'ParamOutOfRange');
  return { ...market, disputeParams: params };
}
