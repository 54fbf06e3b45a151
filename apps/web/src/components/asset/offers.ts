import type { AssetDto, ListingDto, ListingKind } from '@neurodata/protocol';
import type { Hex } from 'viem';

export type Offer = { listing: ListingDto; version: number };

/** The run that made a model, where one did. */
export function runOf({ lineage }: Pick<AssetDto, 'lineage'>): Hex | undefined {
  return lineage.find(({ kind }) => kind === 'run')?.jobId;
}

/** The cheapest offer of a kind, in NCR where there is one. */
export function findOffer(asset: AssetDto, kind: ListingKind): Offer | undefined {
  return findOffers(asset, kind)[0];
}

/**
 * For each token that an asset is offered in, the cheapest offer of a kind with the newest live version that it covers;
 * NCR first. None while the asset is suspended.
 */
export function findOffers(asset: AssetDto, kind: ListingKind): Offer[] {
  if (asset.curation.status === 'suspended') return [];
  const live = asset.versions.filter(({ status }) => status === 'live').map(({ version }) => version).sort((a, b) => b - a);
  const offers = asset.listings
    .filter((listing) => listing.kind === kind && !listing.retired)
    .flatMap((listing) => {
      const version = live.find((number) => number >= listing.firstVersion && (listing.lastVersion === 0 || number <= listing.lastVersion));
      return version === undefined ? [] : [{ listing, version }];
    })
    .sort((a, b) => b.version - a.version || (a.listing.price < b.listing.price ? -1 : 1));
  const best = [...Map.groupBy(offers, ({ listing }) => listing.token?.toLowerCase() ?? '').values()].flatMap(([first]) => first ?? []);
  return best.sort((a, b) => Number(a.listing.token !== null) - Number(b.listing.token !== null) || a.listing.listingId - b.listing.listingId);
}

/** Fee of the protocol in base units, out of a price; rounded down, as the contracts do. */
export function feeOf(price: bigint, feeBps: number): bigint {
  return (price * BigInt(feeBps)) / 10_000n;
}
