import { expect, test } from 'vitest';
import { typedAmount } from './typedAmount.ts';

const coin = 10n ** 18n;

test('amounts in base units, with thousands apart or not', () => {
  expect(typedAmount({ text: ' 25 ' })).toEqual({ amount: 25n * coin });
  expect(typedAmount({ text: '1,234,567.5' })).toEqual({ amount: 1_234_567_500_000_000_000_000_000n });
  expect(typedAmount({ text: '3.', max: 3n * coin })).toEqual({ amount: 3n * coin });
  expect(typedAmount({ text: '0.000000000000000001' })).toEqual({ amount: 1n });
  expect(typedAmount({ text: '12.5', decimals: 6, unit: 'PLN' })).toEqual({ amount: 12_500_000n });
});

test('what is wrong is said; nothing is wrong with an empty field', () => {
  expect(typedAmount({ text: '' })).toEqual({ wrong: undefined });
  for (const text of ['-1', '1e3', 'ten', '1.2.3', '1,23', '٣']) expect(typedAmount({ text })).toEqual({ wrong: 'Write it like 25 or 0.5.' });
  expect(typedAmount({ text: '0.0', orNothing: true })).toEqual({ amount: 0n });
  expect(typedAmount({ text: '0.0' })).toEqual({ wrong: 'Choose more than nothing.' });
  expect(typedAmount({ text: '0.0000000000000000001' })).toEqual({ wrong: 'NCR has at most 18 decimals.' });
  expect(typedAmount({ text: '5.1', decimals: 0, unit: 'LP' })).toEqual({ wrong: 'LP has no decimals.' });
  expect(typedAmount({ text: '5.000000000000000001', max: 5n * coin })).toEqual({ wrong: 'At most 5 NCR.' });
  expect(typedAmount({ text: '1', max: 0n })).toEqual({ wrong: 'There is no NCR to take it from.' });
});
