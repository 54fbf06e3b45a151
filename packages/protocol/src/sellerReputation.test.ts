import type { Address, Hex } from 'viem';
import { expect, test } from 'vitest';
import { type SellerEvent, sellerFacts, sellerReputation } from './sellerReputation.ts';

const address = (digit: string): Address => `0x${digit.repeat(40)}`;
const [seller, ada, token] = [address('a'), address('1'), address('f')];
const id = (number: number): Hex => `0x${String(number).padStart(64, '0')}`;
const day = 86_400;

function order(number: number, buyer: Address, names: Extract<SellerEvent, { orderId: Hex }>['name'][], in_: Address | null = null): SellerEvent[] {
  const [at, orderId] = [number * 1_000, id(number)];
  return [{ name: 'OrderOpened', at, orderId, buyer, price: 7n, token: in_ }, ...names.map((name): SellerEvent => ({ name, at: at + 10 * number, orderId, toSeller: false }) as SellerEvent)];
}

test('facts follow from events, whoever folds them', () => {
  const events: SellerEvent[] = [
    { name: 'ListingCreated', at: 500 }, { name: 'ListingCreated', at: 900 },
    ...order(1, ada, ['OrderGranted', 'OrderConfirmed', 'OrderClaimed']), ...order(2, ada, ['OrderGranted', 'OrderReleased']), ...order(3, seller, ['OrderGranted', 'OrderClaimed'], token),
    ...order(4, address('2'), ['OrderRefunded']), ...order(5, address('3'), ['OrderGranted', 'OrderDisputed', 'DisputeResolved', 'OrderRefunded']), ...order(6, address('4'), []),
    { name: 'JobSettled', at: 9_000, paid: 100n }, { name: 'SubscriptionClaimed', at: 9_100, paid: 3n, token },
    // Of somebody else's order, which no fold may count.
    { name: 'OrderClaimed', at: 9_200, orderId: id(99) },
  ];
  expect(sellerFacts(seller, events)).toEqual({
    sellingSince: 500, opened: 6, granted: 4, completed: 3, refunded: 2, disputed: 1, disputesLost: 1, disputesWon: 0, buyers: 1, verifiedRuns: 1,
    // 10, 20, 30 and 50 seconds.
    deliverySeconds: 20, volume: [{ token: null, amount: 107n }, { token, amount: 10n }],
  });
});

test('the formula, by hand', () => {
  const facts = { ...sellerFacts(seller, []), sellingSince: 0, completed: 16, refunded: 4, granted: 18, disputed: 3, disputesLost: 2, buyers: 12, verifiedRuns: 8, deliverySeconds: 1_200 };
  expect(sellerReputation(facts, 90 * day + 5)).toEqual({
    // 20/25, 27/30, 3600/4800, 20/40, 90/180: 40 * 0.8 + 25 * 0.9 + 10 * 0.75 + 15 * 0.5 + 10 * 0.5 = 74.5
    parts: { reliability: 8_000, fairness: 9_000, speed: 7_500, experience: 5_000, age: 5_000 }, score: 74, enough: true, refundRate: 2_000, disputeRate: 1_666, ageDays: 90,
  });
  expect(sellerReputation(sellerFacts(seller, []), 5)).toEqual({ parts: { reliability: 8_000, fairness: 9_000, speed: 5_000, experience: 0, age: 0 }, score: 59, enough: false, refundRate: null, disputeRate: null, ageDays: 0 });
});

test('more of what is good never lowers it, more of what is bad never raises it', () => {
  const base = { ...sellerFacts(seller, []), sellingSince: 0, completed: 10, refunded: 2, granted: 12, disputed: 2, disputesLost: 1, buyers: 5, verifiedRuns: 1, deliverySeconds: 600 };
  const score = (change: Partial<typeof base>): number => {
    const { reliability, fairness, speed, experience, age } = sellerReputation({ ...base, ...change }, 30 * day).parts;
    return 40 * reliability + 25 * fairness + 10 * speed + 15 * experience + 10 * age;
  };
  for (const better of [{ completed: 11 }, { buyers: 6 }, { verifiedRuns: 2 }, { deliverySeconds: 60 }, { disputesLost: 0 }]) expect(score(better)).toBeGreaterThanOrEqual(score({}));
  for (const worse of [{ refunded: 3 }, { disputesLost: 2 }, { deliverySeconds: 6_000 }]) expect(score(worse)).toBeLessThan(score({}));
});
