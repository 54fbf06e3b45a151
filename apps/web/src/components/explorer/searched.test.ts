import { expect, test } from 'vitest';
import { readSearched } from './searched.ts';

const market = '0x00000000000000000000000000000000000000aB';
const addresses = { market, neuroCoin: '0x00000000000000000000000000000000000000cd' } as const;
const hash = `0x${'0f'.repeat(32)}` as const;

test('numbers, hashes, addresses and names of contracts', () => {
  expect(readSearched(' 1,234 ', addresses)).toEqual({ kind: 'block', number: 1234 });
  expect(readSearched('#0', addresses)).toEqual({ kind: 'block', number: 0 });
  expect(readSearched(hash.toUpperCase().replace('0X', ''), addresses)).toEqual({ kind: 'hash', hash });
  expect(readSearched(market.toLowerCase(), addresses)).toEqual({ kind: 'contract', name: 'market' });
  expect(readSearched('0x00000000000000000000000000000000000000EF', addresses)).toEqual({ kind: 'account', address: '0x00000000000000000000000000000000000000ef' });
  expect(readSearched('Neuro Coin', addresses)).toEqual({ kind: 'contract', name: 'neuroCoin' });
});

test('what cannot be looked for is said', () => {
  expect(readSearched('0x1234', addresses)).toEqual({ kind: 'nothing', text: 'This has 4 digits after 0x. A hash or id has 64, an address 40.' });
  expect(readSearched('', addresses).kind).toBe('nothing');
  expect(readSearched('12.5', addresses).kind).toBe('nothing');
  expect(readSearched('9'.repeat(16), addresses).kind).toBe('nothing');
});
