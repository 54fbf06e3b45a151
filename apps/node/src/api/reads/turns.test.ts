import type { DisputeState, OrderState, VersionStatus } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { jobDeadline, orderTurn } from './turns.ts';

const windows = { grant: 10, confirm: 20, dispute: 30, jobOpen: 40, jobRun: 50 };

test.each<[OrderState, VersionStatus, number, object]>([
  ['open', 'live', 110, { turn: 'validators', deadline: 110 }],
  ['open', 'live', 111, { turn: 'anybody', deadline: 110 }],
  ['open', 'revoked', 100, { turn: 'validators', deadline: 110 }],
  ['open', 'refused', 100, { turn: 'anybody' }],
  ['granted', 'live', 120, { turn: 'buyer', deadline: 120 }],
  ['granted', 'live', 121, { turn: 'seller', deadline: 120 }],
  ['granted', 'refused', 121, { turn: 'anybody' }],
  ['released', 'refused', 999, { turn: 'seller' }],
  ['claimed', 'live', 999, { turn: 'nobody' }],
  ['refunded', 'live', 999, { turn: 'nobody' }],
])('an order that is %s, of a version that is %s, at %i', (state, versionStatus, now, expected) => {
  expect(orderTurn({ state, changedAt: 100, versionStatus }, windows, now)).toEqual(expected);
});

test.each<[DisputeState, number | null, number, object]>([
  ['round', 130, 130, { turn: 'validators', deadline: 130 }],
  ['round', 130, 131, { turn: 'anybody', deadline: 130 }],
  ['accepted', 140, 140, { turn: 'buyer', deadline: 140 }],
  ['accepted', 140, 141, { turn: 'anybody', deadline: 140 }],
  ['undecided', 140, 140, { turn: 'parties', deadline: 140 }],
  ['undecided', 140, 141, { turn: 'anybody', deadline: 140 }],
  ['jury', null, 999, { turn: 'jurors' }],
])('a disputed order whose dispute is %s until %s, at %i', (state, until, now, expected) => {
  expect(orderTurn({ state: 'disputed', changedAt: 100, versionStatus: 'live', dispute: { state, until } }, windows, now)).toEqual(expected);
});

test('deadlines of jobs', () => {
  const job = { openedAt: 100, runUntil: 170, contestableUntil: 210, revealUntil: 190 };
  const deadlines = (['open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected', 'settled', 'slashed', 'refunded'] as const).map((state) => jobDeadline({ ...job, state }, windows));
  // Open again after its worker was lost: due when it was due before.
  expect(deadlines).toEqual([170, 170, 170, 190, 210, 210, undefined, undefined, undefined]);
  expect(jobDeadline({ ...job, state: 'open', runUntil: null }, windows)).toBe(140);
});
