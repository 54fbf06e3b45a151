import type { Address, Hex } from 'viem';

/** What a reputation is made from: events of the chain, and nothing else. `at` in Unix seconds, amounts in base units, `token` null for NCR. */
export type SellerEvent =
  | { name: 'ListingCreated'; at: number }
  | { name: 'OrderOpened'; at: number; orderId: Hex; buyer: Address; price: bigint; token: Address | null }
  | { name: 'OrderGranted' | 'OrderConfirmed' | 'OrderReleased' | 'OrderClaimed' | 'OrderRefunded' | 'OrderDisputed'; at: number; orderId: Hex }
  | { name: 'DisputeResolved'; at: number; orderId: Hex; toSeller: boolean }
  /** `paid`: what the run's data cost, with fee and royalties. */
  | { name: 'JobSettled'; at: number; paid: bigint }
  | { name: 'SubscriptionClaimed'; at: number; paid: bigint; token: Address | null };

export type SellerFacts = {
  /** When the first listing was made; null where there is none. */
  sellingSince: number | null;
  opened: number;
  /** Orders whose key came. */
  granted: number;
  /** Confirmed by the buyer, or by silence. */
  completed: number;
  refunded: number;
  disputed: number;
  disputesLost: number;
  disputesWon: number;
  /** Different accounts that completed an order, without the seller's own. */
  buyers: number;
  /** Runs on the seller's data that validators repeated. */
  verifiedRuns: number;
  /** Between an order and its key: the median, the lower one of two. */
  deliverySeconds: number | null;
  /** What was paid and not returned, by token in ascending order, NCR first. */
  volume: { token: Address | null; amount: bigint }[];
};

type Order = { openedAt: number; buyer: Address; price: bigint; token: Address | null; grantedAt?: number; completed?: boolean; claimed?: boolean; refunded?: boolean; disputed?: boolean; toSeller?: boolean };

/** Folds a seller's events, in the order of the chain, into the facts of its reputation. */
export function sellerFacts(seller: Address, events: readonly SellerEvent[]): SellerFacts {
  const orders = new Map<Hex, Order>();
  const volume = new Map<Address | null, bigint>();
  const pay = (token: Address | null, amount: bigint): void => void volume.set(token, (volume.get(token) ?? 0n) + amount);
  let sellingSince: number | null = null;
  let verifiedRuns = 0;
  for (const event of events) {
    if (event.name === 'ListingCreated') sellingSince = Math.min(sellingSince ?? event.at, event.at);
    else if (event.name === 'OrderOpened') orders.set(event.orderId, { openedAt: event.at, buyer: event.buyer, price: event.price, token: event.token });
    else if (event.name === 'JobSettled') [verifiedRuns] = [verifiedRuns + 1, pay(null, event.paid)];
    else if (event.name === 'SubscriptionClaimed') pay(event.token, event.paid);
    else move(orders.get(event.orderId), event);
  }
  const all = [...orders.values()];
  for (const { claimed, token, price } of all) if (claimed) pay(token, price);
  const completed = all.filter((order) => order.completed && !order.refunded);
  return {
    sellingSince, verifiedRuns, opened: all.length, granted: all.filter(({ grantedAt }) => grantedAt !== undefined).length, completed: completed.length, refunded: all.filter(({ refunded }) => refunded).length,
    disputed: all.filter(({ disputed }) => disputed).length, disputesLost: all.filter(({ toSeller }) => toSeller === false).length, disputesWon: all.filter(({ toSeller }) => toSeller === true).length,
    buyers: new Set(completed.map(({ buyer }) => buyer.toLowerCase()).filter((buyer) => buyer !== seller.toLowerCase())).size,
    deliverySeconds: lowerMedian(all.flatMap(({ openedAt, grantedAt }) => (grantedAt === undefined ? [] : [grantedAt - openedAt]))),
    volume: sortVolume([...volume].filter(([, amount]) => amount > 0n).map(([token, amount]) => ({ token, amount }))),
  };
}

function move(order: Order | undefined, event: Extract<SellerEvent, { orderId: Hex }>): void {
  if (!order) return;
  if (event.name === 'OrderGranted') order.grantedAt = event.at;
  else if (event.name === 'OrderRefunded') order.refunded = true;
  else if (event.name === 'OrderDisputed') order.disputed = true;
  else if (event.name === 'DisputeResolved') order.toSeller = event.toSeller;
  else order.completed = true;
  if (event.name === 'OrderClaimed') order.claimed = true;
}

function lowerMedian(values: number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1] ?? null;
}

/** NCR first, then tokens by their address. */
export function sortVolume<T extends { token: Address | null }>(items: T[]): T[] {
  const key = ({ token }: T): string => token?.toLowerCase() ?? '';
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

/** Hundredths of the score that each part is worth. */
export const reputationWeights = { reliability: 40, fairness: 25, speed: 10, experience: 15, age: 10 } as const;
export type ReputationPart = keyof typeof reputationWeights;

/** Orders that must have ended before a score says much. */
export const enoughOrders = 3;

export type SellerReputation = {
  /** 0 to 100. */
  score: number;
  /** Whether enough has happened for the score to say something. */
  enough: boolean;
  /** Each in ten thousandths. */
  parts: Record<ReputationPart, number>;
  /** In ten thousandths; null where nothing has ended, or nothing was delivered. */
  refundRate: number | null;
  disputeRate: number | null;
  ageDays: number;
};

const whole = 10_000;
const part = (of: number, all: number): number => Math.floor((whole * of) / all);

/**
 * The reputation of a seller at a time, from the facts of the chain. Integers rounded down at each step, so that everybody comes to
 * the same number:
 *
 * - reliability = (completed + 4) / (completed + refunded + 5)
 * - fairness = (completed + refunded - lost disputes + 9) / (completed + refunded + 10)
 * - speed = 3600 / (3600 + median seconds from order to key), a half while nothing was delivered
 * - experience = n / (n + 20), n = different buyers + verified runs
 * - age = days / (days + 90) since the first listing
 * - score = 40 % reliability + 25 % fairness + 10 % speed + 15 % experience + 10 % age
 */
export function sellerReputation(facts: SellerFacts, at: number): SellerReputation {
  const { completed, refunded, disputesLost, disputed, granted, deliverySeconds, buyers, verifiedRuns, sellingSince } = facts;
  const ended = completed + refunded;
  const ageDays = sellingSince === null ? 0 : Math.floor(Math.max(0, at - sellingSince) / 86_400);
  const known = buyers + verifiedRuns;
  const parts = {
    reliability: part(completed + 4, ended + 5), fairness: part(ended - Math.min(disputesLost, ended) + 9, ended + 10),
    speed: deliverySeconds === null ? whole / 2 : part(3_600, 3_600 + Math.max(0, deliverySeconds)), experience: part(known, known + 20), age: part(ageDays, ageDays + 90),
  };
  const sum = Object.entries(reputationWeights).reduce((total, [name, weight]) => total + weight * parts[name as ReputationPart], 0);
  return {
    score: Math.floor(sum / whole), enough: ended >= enoughOrders, parts, ageDays,
    refundRate: ended === 0 ? null : part(refunded, ended), disputeRate: granted === 0 ? null : part(disputed, granted),
  };
}
