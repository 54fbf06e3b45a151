import { expect, test } from 'vitest';
import { amountOf, sumOf } from './ledger.ts';
import { buy, claim, confirm, grant, type Market, orderIdOf, orderOf, refund, wait } from './order.ts';
import { disputeOf, dispute, escalate, judge, resolve, rule } from './orderDispute.ts';
import { Refused } from './refused.ts';

const price = 1_000n;
const fee = 100n;
const id = orderIdOf({ listing: 0, buyer: 'ann', key: 0 });
const purchase = { listing: 0, key: 0, version: 1, maxPrice: price };
const market: Market = {
  now: 0, pausedUntil: 0, otherAllowed: true, owner: 'owner', roundFee: fee,
  params: { treasury: 'treasury', feeBps: 25n, grantWindow: 100, grantMargin: 10, confirmWindow: 200 },
  disputeParams: { verdictWindow: 300, escalationWindow: 400 }, jury: { cost: 60n, drawWindow: 1, commitWindow: 1, revealWindow: 1, appealWindow: 1 },
  listings: [{ asset: 0, seller: 'bob', price, token: 'ncr', download: true, openEnded: true, retired: false, parent: { asset: 0, bps: 1_000n }, splits: [{ payee: 'eve', bps: 5_000n }] }],
  assets: [{ owner: 'bob', status: 'live', validatorsMayRead: true, committee: ['v1', 'v2', 'v3'], threshold: 2, reserve: fee, revokedAt: undefined }],
  orders: new Map(), disputes: new Map(), bondsOwed: new Map(),
  coins: { ncr: new Map([['ann', 10_000n], ['registry', fee]]), other: new Map() },
  owed: { ncr: new Map(), other: new Map() },
};
const bought = buy(market, 'ann', purchase);
const granted = ['v1', 'v2'].reduce((next, validator) => grant(next, { validator, ids: [id], empty: false }), bought);
const reasonOf = (verb: () => unknown): string => {
  try {
    verb();
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
  return 'ok';
};

test('a sale pays the fee, the parent, the payee and the seller, and nothing is left over', () => {
  const sold = claim(confirm(granted, 'ann', id), 'bob', [id]);
  expect(orderOf(sold, id).state).toBe('claimed');
  expect([amountOf(sold.coins.ncr, 'treasury'), amountOf(sold.owed.ncr, 'bob'), amountOf(sold.owed.ncr, 'eve'), amountOf(sold.coins.ncr, 'bob')]).toEqual([2n, 100n, 449n, 449n]);
  expect(amountOf(sold.coins.ncr, 'market')).toBe(sumOf(sold.owed.ncr));
  expect(sumOf(sold.coins.ncr)).toBe(sumOf(market.coins.ncr));
});

test('each window has a last second', () => {
  expect(orderOf(grant(wait(bought, 90), { validator: 'v1', ids: [id], empty: false }), id).grants).toEqual(['v1']);
  expect(orderOf(grant(wait(bought, 91), { validator: 'v1', ids: [id], empty: false }), id).grants).toEqual([]);
  expect([100, 101].map((seconds) => reasonOf(() => refund(wait(bought, seconds), id)))).toEqual(['TooEarly', 'ok']);
  expect([200, 201].map((seconds) => reasonOf(() => dispute(wait(granted, seconds), 'ann', id)))).toEqual(['ok', 'TooLate']);
  expect([200, 201].map((seconds) => reasonOf(() => claim(wait(granted, seconds), 'bob', [id])))).toEqual(['TooEarly', 'ok']);
  const disputed = dispute(granted, 'ann', id);
  expect([300, 301].map((seconds) => reasonOf(() => resolve(wait(disputed, seconds), id)))).toEqual(['TooEarly', 'ok']);
});

test('an upheld dispute makes the buyer whole and ends the version for all', () => {
  const upheld = judge(dispute(granted, 'ann', id), id, 'reject');
  expect(amountOf(upheld.coins.ncr, 'ann')).toBe(10_000n);
  expect(reasonOf(() => buy(upheld, 'ann', { ...purchase, key: 1 }))).toBe('VersionNotLive');
});

test('jurors find for the buyer of what validators accepted: the reserve pays them', () => {
  const jury = escalate(judge(dispute(granted, 'ann', id), id, 'accept'), 'ann', id);
  const won = rule(jury, id, 1);
  expect([orderOf(won, id).state, disputeOf(won, id).state]).toEqual(['refunded', 'upheld']);
  expect(amountOf(won.coins.ncr, 'ann')).toBe(10_000n - fee);
  expect(won.assets[0]).toMatchObject({ status: 'live', reserve: fee - 60n });
});

test('jurors find for the seller who asked them: the bond pays them', () => {
  const jury = escalate({ ...judge(dispute(granted, 'ann', id), id, 'none'), coins: { ...market.coins, ncr: new Map([['bob', 60n]]) } }, 'bob', id);
  const won = rule(jury, id, 2);
  expect([amountOf(won.bondsOwed, 'bob'), amountOf(won.bondsOwed, 'ann')]).toEqual([60n, fee - 60n]);
  expect(reasonOf(() => escalate(judge(dispute(granted, 'ann', id), id, 'accept'), 'bob', id))).toBe('NotParty');
});

test('a default ruling stands, whatever the round says later', () => {
  const ruled = resolve(wait(dispute(granted, 'ann', id), 301), id);
  expect(orderOf(ruled, id).state).toBe('released');
  const late = judge(ruled, id, 'reject');
  expect([orderOf(late, id).state, late.assets[0]?.status]).toEqual(['released', 'refused']);
});
