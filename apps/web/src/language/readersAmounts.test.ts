import { expect, test } from 'vitest';
import { readersAmounts } from './readersAmounts.ts';

test('amounts in plain digits are grouped, and nothing else is touched', () => {
  expect(readersAmounts('Let the market take 1500 NCR for what you buy')).toBe('Let the market take 1,500 NCR for what you buy');
  expect(readersAmounts('This costs 1234567.25 NCR, and the account holds 20 NCR.')).toBe('This costs 1,234,567.25 NCR, and the account holds 20 NCR.');
  expect(readersAmounts('Now 1,500 NCR; 1.500,25 NCR; order 12345 of asset 2026; 5000 NCRX')).toBe('Now 1,500 NCR; 1.500,25 NCR; order 12345 of asset 2026; 5000 NCRX');
});
