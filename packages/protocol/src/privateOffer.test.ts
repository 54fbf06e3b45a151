import { zeroAddress } from 'viem';
import { expect, test } from 'vitest';
import { type SignedOffer, formatOffer, offerHashOf, parseOffer } from './privateOffer.ts';

const signed: SignedOffer = {
  kind: 'neurodata-offer', chainId: 31_337, contract: `0x${'c0'.repeat(20)}`, signature: `0x${'5a'.repeat(65)}`,
  offer: {
    seller: `0x${'5e'.repeat(20)}`, buyer: `0x${'b0'.repeat(20)}`, assetId: 7, version: 1, token: zeroAddress, price: 2n ** 96n - 1n,
    termsDigest: `0x${'7e'.repeat(32)}`, counter: 0n, salt: `0x${'5a'.repeat(32)}`, expiry: 1_800_000_000,
  },
};
const changed = (fields: object): string => JSON.stringify({ ...JSON.parse(formatOffer(signed, 'json')), ...fields });
const changedOffer = (fields: object): string => changed({ offer: { ...JSON.parse(formatOffer(signed, 'json')).offer, ...fields } });

test('an offer travels as a document and as a link', () => {
  expect(parseOffer(formatOffer(signed, 'json'))).toEqual(signed);
  const link = formatOffer(signed, 'link');
  expect(link).toMatch(/^neurodata-offer:[\w-]+$/);
  expect(parseOffer(` ${link}\n`)).toEqual(signed);
});

test.each([
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['a broken link', 'neurodata-offer:%%%'],
  ['a link that was cut off', formatOffer(signed, 'link').slice(0, -9)],
  ['another document', '{"kind":"receipt"}'],
  ['a field more', changed({ note: 'and a pony' })],
  ['a field less', changed({ signature: undefined })],
  ['a field more inside', changedOffer({ fee: '0' })],
  ['a price as a number', changedOffer({ price: 25 })],
  ['a price beyond its bits', changedOffer({ price: (2n ** 96n).toString() })],
  ['a negative price', changedOffer({ price: '-1' })],
  ['version 0', changedOffer({ version: 0 })],
  ['a version beyond its bits', changedOffer({ version: 65_536 })],
  ['a fraction of a second', changedOffer({ expiry: 1.5 })],
  ['an expiry beyond its bits', changedOffer({ expiry: 2 ** 40 })],
  ['a short address', changedOffer({ buyer: '0xb0' })],
])('refuses %s', (_, text) => {
  expect(() => parseOffer(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('the hash is for one deployment', () => {
  const { offer, chainId, contract } = signed;
  const here = offerHashOf({ chainId, contract, offer });
  expect(offerHashOf({ chainId: 1, contract, offer })).not.toBe(here);
  expect(offerHashOf({ chainId, contract: zeroAddress, offer })).not.toBe(here);
  expect(offerHashOf({ chainId, contract, offer: { ...offer, price: 1n } })).not.toBe(here);
});
