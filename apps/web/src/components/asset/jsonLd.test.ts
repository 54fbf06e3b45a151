import type { AssetDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { jsonLd } from './jsonLd.ts';

const asset = {
  assetId: 7, kind: 'dataset', title: 'Tides', description: 'High and low', owner: '0x00000000000000000000000000000000000000aa', license: 'CC0-1.0', tags: ['sea'], latestVersion: 2, publishedAt: 1_700_000_000,
  columnList: [{ name: 'hour' }, { name: 'height' }], ratings: { count: 2, sum: 9 }, versions: [{ version: 1, manifestCid: 'bafk1' }, { version: 2, manifestCid: 'bafk2' }],
  listings: [{ listingId: 3, kind: 'download', price: 25n * 10n ** 17n, token: null, retired: false }, { listingId: 4, kind: 'download', price: 1n, token: null, retired: true }, { listingId: 5, kind: 'download', price: 1n, token: '0x00000000000000000000000000000000000000bb', retired: false }],
} as unknown as AssetDto;
const url = 'https://example.org/datasets/7';

test('what it is, who made it, on which terms and for how much', () => {
  expect(JSON.parse(jsonLd(asset, url))).toMatchObject({
    '@type': 'Dataset', '@id': url, name: 'Tides', version: '2', license: 'https://spdx.org/licenses/CC0-1.0', datePublished: '2023-11-14T22:13:20.000Z',
    subjectOf: { contentUrl: 'ipfs://bafk2' }, variableMeasured: [{ name: 'hour' }, { name: 'height' }], aggregateRating: { ratingValue: '4.5', reviewCount: 2 },
    offers: [{ identifier: '3', price: '2.5', priceCurrency: 'NCR' }],
  });
});

test('a hostile title ends no script and still reads as it was written', () => {
  const hostile = '</script><script>alert(1)</script><!--';
  const text = jsonLd({ ...asset, title: hostile, source: 'javascript:alert(1)' }, url);
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toMatchObject({ name: hostile });
  expect(JSON.parse(text)).not.toHaveProperty('isBasedOn');
});
