import { expect, test } from 'vitest';
import { endingOf } from './subscriptions.ts';

/** Three periods of a day from 1,000,000 on; asked at their start. */
const day = 86_400;
const row = { price: 30n, period: day, paidUntil: 1_000_000 + 3 * day, grantedUntil: 0 };
const at = (now: number, change: Partial<typeof row> = {}): unknown => endingOf({ row: { ...row, ...change }, requestedAt: 1_000_000, grantWindow: 600, now: 1_000_000 + now });

test('says what cancelling would return, as the contract does', () => {
  expect(at(0)).toEqual({ refundable: 90n, cancelFrom: 1_000_601 });
  expect(at(600)).toMatchObject({ cancelFrom: 1_000_601 });
  expect(at(601)).toEqual({ refundable: 89n });
  expect(at(day, { grantedUntil: 1_000_000 + day })).toEqual({ refundable: 60n });
  expect(at(day - 1, { grantedUntil: 1_000_000 + day })).toEqual({ refundable: 60n, keptUntil: 1_000_000 + day });
  expect(at(3 * day - 1)).toEqual({ refundable: 0n });
  expect(at(3 * day)).toEqual({ refundable: 0n });
});
