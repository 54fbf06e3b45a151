import { expect, test } from 'vitest';
import { checkCodeSizes } from './codeSizes.ts';

test('code that no chain takes is an error that names every contract', () => {
  expect(checkCodeSizes({ Small: 0, Market: 24_000 })).toEqual([]);
  expect(checkCodeSizes({ Small: 100, Market: 24_001, Training: 24_576 })).toEqual([
    'Market has 24,001 bytes of code: 575 below the limit.',
    'Training has 24,576 bytes of code: 0 below the limit.',
  ]);
  expect(() => checkCodeSizes({ Small: 100, Market: 24_577, Training: 24_576, Court: 30_000 })).toThrow(
    'Market has 24,577 bytes of code, Court has 30,000 bytes of code: no chain takes more than 24,576. Move a part into a contract or library of its own.',
  );
});
