import type { DealDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { type Milestone, type Role, movesOf, nextOf, roleOf } from './dealMoves.ts';

const deal = { state: 'open', jurors: true } as const;
const at = (state: Milestone['state'], role: Role, now = 50): ReturnType<typeof movesOf> => movesOf(deal, { state, ...(state === 'escalated' || state === 'closed' ? {} : { until: 100 }) }, { role, now });

test('each side has what the escrow lets it do', () => {
  expect(at('waiting', 'seller')).toEqual({ next: 'deliver', others: ['refund'] });
  expect(at('waiting', 'buyer')).toEqual({ others: ['release', 'releasePart'] });
  expect(at('delivered', 'buyer')).toEqual({ next: 'release', others: ['releasePart', 'contest'] });
  expect(at('delivered', 'seller')).toEqual({ others: ['refund'] });
  expect(at('contested', 'seller')).toEqual({ next: 'escalate', others: ['refund', 'evidence'] });
  expect(at('contested', 'other')).toEqual({ others: [] });
  expect(at('escalated', 'buyer')).toEqual({ others: ['release', 'releasePart', 'evidence'] });
  expect(at('closed', 'buyer')).toEqual({ others: [] });
});

test('an arbiter rules, and jurors are asked only where they are the arbiter', () => {
  const arbitrated = { state: 'open', jurors: false } as const;
  expect(movesOf(arbitrated, { state: 'contested', until: 100 }, { role: 'arbiter', now: 50 })).toEqual({ next: 'split', others: [] });
  expect(movesOf(arbitrated, { state: 'contested', until: 100 }, { role: 'buyer', now: 50 })).toEqual({ others: ['release', 'releasePart', 'evidence'] });
});

test('once a time is over anybody settles, until the deal has ended', () => {
  expect(at('waiting', 'other', 100)).toEqual({ others: [] });
  for (const state of ['waiting', 'delivered', 'contested'] as const) expect(at(state, 'other', 101)).toEqual({ next: 'poke', others: [] });
  expect(at('escalated', 'other', 1_000)).toEqual({ others: [] });
  expect(movesOf({ ...deal, state: 'cancelled' }, { state: 'waiting', until: 100 }, { role: 'seller', now: 101 })).toEqual({ others: [] });
});

test('roles by address, however it is written; the most urgent milestone comes first', () => {
  const parties = { buyer: '0xAb', seller: '0xCd', arbiter: '0xEf' } as unknown as DealDto;
  expect(['0xab', '0xcd', '0xef', '0x12', undefined].map((account) => roleOf(parties, account))).toEqual(['buyer', 'seller', 'arbiter', 'other', 'other']);
  const milestones = [{ index: 0, state: 'closed' }, { index: 1, state: 'waiting', until: 300 }, { index: 2, state: 'waiting', until: 200 }];
  const whole = { ...deal, milestones } as unknown as DealDto;
  expect(nextOf(whole, { role: 'seller', now: 100 })).toMatchObject({ part: { index: 2 }, move: 'deliver' });
  expect(nextOf(whole, { role: 'buyer', now: 100 })).toBeUndefined();
  expect(nextOf(whole, { role: 'buyer', now: 250 })).toMatchObject({ part: { index: 2 }, move: 'poke' });
});
