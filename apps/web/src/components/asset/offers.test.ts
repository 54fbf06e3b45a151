import type { AssetDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { feeOf, findOffer, findOffers, runOf } from './offers.ts';

const listing = { listingId: 1, assetId: 1, seller: '0x00' as const, kind: 'download' as const, price: 10n, firstVersion: 1, lastVersion: 0, retired: false, token: null, periodMinutes: 0, modelShareBps: 0, termsDigest: '0x00' as const };
const asset = (versions: [number, string][], listings: object[]): AssetDto => ({ versions: versions.map(([version, status]) => ({ version, status })), listings, curation: { status: 'pending' }, lineage: [] }) as unknown as AssetDto;

test('the newest live version comes first, then the lower price', () => {
  const found = findOffer(asset([[1, 'live'], [2, 'live'], [3, 'pending']], [{ ...listing, lastVersion: 1, price: 1n }, { ...listing, listingId: 2 }, { ...listing, listingId: 3, price: 9n }]), 'download');
  expect(found).toMatchObject({ version: 2, listing: { listingId: 3 } });
});

test('each token has its cheapest offer, and NCR comes first', () => {
  const [one, two] = ['0xAa', '0xbB'] as const;
  const listings = [{ ...listing, listingId: 2, token: one, price: 5n }, { ...listing, listingId: 3, token: two, price: 1n }, { ...listing, listingId: 4, price: 90n }, { ...listing, listingId: 5, token: '0xaa', price: 4n }];
  expect(findOffers(asset([[1, 'live']], listings), 'download').map((offer) => offer.listing.listingId)).toEqual([4, 3, 5]);
  expect(findOffer(asset([[1, 'live']], listings.slice(0, 1)), 'download')).toMatchObject({ listing: { listingId: 2 } });
});

test('retired offers, other kinds and versions that are not live are passed over', () => {
  expect(findOffer(asset([[1, 'live']], [{ ...listing, retired: true }]), 'download')).toBeUndefined();
  expect(findOffer(asset([[1, 'live']], [listing]), 'compute')).toBeUndefined();
  expect(findOffer(asset([[1, 'pending']], [listing]), 'download')).toBeUndefined();
});

test('a suspended asset offers nothing', () => {
  const live = asset([[1, 'live']], [listing]);
  expect(findOffer(live, 'download')).toBeDefined();
  expect(findOffer({ ...live, curation: { ...live.curation, status: 'suspended' } }, 'download')).toBeUndefined();
});

test('a run made a model where its lineage says so, not where parents were declared', () => {
  const parent = { assetId: 1, title: 'Rows', version: 1, shareBps: 0 };
  expect(runOf({ lineage: [{ ...parent, kind: 'declared' }] })).toBeUndefined();
  expect(runOf({ lineage: [{ ...parent, kind: 'run', jobId: '0x02' }] })).toBe('0x02');
});

test('a fee is rounded down', () => {
  expect(feeOf(10_001n, 25)).toBe(25n);
});
