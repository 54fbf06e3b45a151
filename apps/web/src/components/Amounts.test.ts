import { expect, test } from 'vitest';
import { bytes, duration, ncr, plural } from './Amounts.tsx';

test('money has its unit, groups, and at most four decimals', () => {
  expect(ncr(1_234_567n * 10n ** 18n)).toBe('1,234,567 NCR');
  expect(ncr(62_512_345_678_901_234n)).toBe('0.0625 NCR');
  expect(ncr(1n)).toBe('< 0.0001 NCR');
  expect(ncr(0n)).toBe('0 NCR');
});

test('sizes, spans and counts in words', () => {
  expect([bytes(0), bytes(999), bytes(13_486), bytes(250_000_000)]).toEqual(['0 B', '999 B', '13.5 kB', '250 MB']);
  expect([duration(60), duration(600), duration(259_200)]).toEqual(['60 seconds', '10 minutes', '3 days']);
  expect([plural(1, 'run'), plural(1200, 'run')]).toEqual(['1 run', '1,200 runs']);
});
