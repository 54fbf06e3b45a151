import { type AssetDto, buildManifest, servedCroissant } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { jsonLd } from './jsonLd.ts';

const asset = {
  assetId: 7, kind: 'dataset', title: 'Tides', description: 'High and low', owner: '0x00000000000000000000000000000000000000aa', license: 'CC0-1.0', tags: ['sea'], latestVersion: 2, publishedAt: 1_700_000_000,
  columnList: [{ name: 'hour' }, { name: 'height' }], ratings: { count: 2, sum: 9 }, versions: [{ version: 1, manifestCid: 'bafk1', manifestDigest: '0x11', at: 1_700_000_000 }, { version: 2, manifestCid: 'bafk2', manifestDigest: '0x22', at: 1_710_000_000 }],
  listings: [{ listingId: 3, kind: 'download', price: 25n * 10n ** 17n, token: null, retired: false }, { listingId: 4, kind: 'download', price: 1n, token: null, retired: true }, { listingId: 5, kind: 'download', price: 1n, token: '0x00000000000000000000000000000000000000bb', retired: false }],
} as unknown as AssetDto;
const where = { url: 'https://example.org/datasets/7', chainId: 31_337 };

test('what it is, who made it, on which terms and for how much', () => {
  expect(JSON.parse(jsonLd(asset, where))).toMatchObject({
    '@type': 'Dataset', '@id': where.url, name: 'Tides', version: '2.0.0', identifier: 'eip155:31337/asset/7', license: 'https://spdx.org/licenses/CC0-1.0', datePublished: '2023-11-14T22:13:20.000Z',
    dateModified: '2024-03-09T16:00:00.000Z',
    subjectOf: [{ encodingFormat: 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"', contentUrl: 'https://example.org/api/v1/assets/7/croissant?revision=v2' }, { contentUrl: 'ipfs://bafk2', sha256: '22' }], variableMeasured: [{ name: 'hour' }, { name: 'height' }], aggregateRating: { ratingValue: '4.5', reviewCount: 2 },
    offers: [{ identifier: '3', price: '2.5', priceCurrency: 'NCR' }],
  });
});

test('the page and the Croissant document say the same of what both say', () => {
  const digest = `0x${'22'.repeat(32)}` as const;
  const sealed = { format: 'age-encryption.org/v1' as const, cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'a.csv', mediaType: 'text/csv', ciphertextSha256: digest };
  const { manifest } = buildManifest({ description: { title: asset.title, description: asset.description, license: asset.license, tags: asset.tags }, sealed });
  const served = servedCroissant(manifest, { site: 'https://example.org', chainId: 31_337, kind: 'dataset', assetId: 7, version: 2, status: 'live', owner: asset.owner, publishedAt: asset.publishedAt, versionAt: 1_710_000_000, manifestDigest: '0x22', manifestCid: 'bafk2', parents: [], offers: [] });
  const page = JSON.parse(jsonLd(asset, where)) as Record<string, unknown>;
  for (const name of ['@id', 'url', 'name', 'description', 'identifier', 'version', 'license', 'keywords', 'creator', 'datePublished', 'dateModified']) expect([name, page[name]]).toEqual([name, served[name]]);
});

test('a hostile title ends no script and still reads as it was written', () => {
  const hostile = '</script><script>alert(1)</script><!--';
  const text = jsonLd({ ...asset, title: hostile, source: 'javascript:alert(1)' }, where);
  expect(text).not.toContain('<');
  expect(JSON.parse(text)).toMatchObject({ name: hostile });
  expect(JSON.parse(text)).not.toHaveProperty('isBasedOn');
});
