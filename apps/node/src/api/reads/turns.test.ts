import type { OrderState, VersionStatus } from '@neurodata/protocol';
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
  ['disputed', 'live', 130, { turn: 'validators', deadline: 130 }],
  ['disputed', 'live', 131, { turn: 'anybody', deadline: 130 }],
  ['released', 'refused', 999, { turn: 'seller' }],
  ['claimed', 'live', 999, { turn: 'nobody' }],
  ['refunded', 'live', 999, { turn: 'nobody' }],
])('an order that is %s, of a version that is %s, at %i', (state, versionStatus, now, expected) => {
  expect(orderTurn({ state, changedAt: 100, versionStatus }, windows, now)).toEqual(expected);
});

test('deadlines of jobs', () => {
  const job = { openedAt: 100, runUntil: 170, contestableUntil: 210, revealUntil: 190 };
  const deadlines = (['open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected', 'settled', 'slashed', 'refunded'] as const).map((state) => jobDeadline({ ...job, state }, windows));
  expect(deadlines).toEqual([140, 170, 170, 190, 210, 210, undefined, undefined, undefined]);
});
