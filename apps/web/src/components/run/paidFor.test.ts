import { expect, test } from 'vitest';
import { paidFor } from './paidFor.ts';

test('steps made are paid in proportion, rounded down, and never more than all of them', () => {
  expect(paidFor({ amount: 10n, step: 0, maxSteps: 3 })).toBe(0n);
  expect(paidFor({ amount: 10n, step: 2, maxSteps: 3 })).toBe(6n);
  expect(paidFor({ amount: 10n, step: 4, maxSteps: 3 })).toBe(10n);
  expect(paidFor({ amount: 10n, step: 0, maxSteps: 0 })).toBe(0n);
});
