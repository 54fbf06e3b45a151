import { assert, bigInt, property } from 'fast-check';
import { expect, test } from 'vitest';
import { formatNcr, parseNcr } from './amounts.ts';

test('amounts are truncated, never rounded up', () => {
  expect(formatNcr(24_999_999_999_999_999_999n)).toBe('24.9999');
  expect(formatNcr(1n)).toBe('0');
  expect(formatNcr(1n, 18)).toBe('0.000000000000000001');
  expect(formatNcr(25n * 10n ** 18n)).toBe('25');
});

test('what is written whole is read back', () => {
  assert(property(bigInt(0n, 10n ** 40n), (amount) => { expect(parseNcr(formatNcr(amount, 18))).toBe(amount); }));
});

test.each(['', '-1', '1,5', '1e18', ' 1', '0x10', '1.', '.5', '1.0000000000000000001', 'NaN'])('%j is not an amount', (text) => {
  expect(() => parseNcr(text)).toThrow(/not an amount of NCR/);
});
