import { expect, test } from 'vitest';
import { typedParameter } from './typedParameter.ts';

test('a parameter is typed in the unit that it is shown in, and nothing is a value too', () => {
  expect(typedParameter('0.3', 'bps')).toEqual({ value: 30n });
  expect(typedParameter('0', 'bps')).toEqual({ value: 0n });
  expect(typedParameter('1,000.5', 'NCR')).toEqual({ value: 1_000_500_000_000_000_000_000n });
  expect(typedParameter('3600', 'seconds')).toEqual({ value: 3_600n });
  expect(typedParameter(' 0x00000000000000000000000000000000000000aa ', 'address')).toEqual({ value: '0x00000000000000000000000000000000000000aa' });
});

test('what is wrong with it is said, and nothing is wrong with an empty field', () => {
  expect(typedParameter(' ', 'NCR')).toEqual({ wrong: undefined });
  expect(typedParameter('0.333', 'bps').wrong).toMatch(/at most 2 decimals/);
  expect(typedParameter('1.5', 'seconds').wrong).toMatch(/whole number/);
  expect(typedParameter('-1', undefined).wrong).toMatch(/whole number/);
  expect(typedParameter('much', 'NCR').wrong).toMatch(/25 or 0.5/);
  expect(typedParameter('alice', 'address').wrong).toMatch(/not an address/);
});
