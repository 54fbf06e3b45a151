import type { AssetDto, ListingDto, ListingKind } from '@neurodata/protocol';
import type { Hex } from 'viem';

export type Offer = { listing: ListingDto; version: number };

/** The run that made a model, where one did. */
export function runOf({ lineage }: Pick<AssetDto, 'lineage'>): Hex | undefined {
  return lineage.find(({ kind }) => kind === 'run')?.jobId;
}

/** The cheapest offer of a kind in NCR and the newest live version that it covers; none while the asset is suspended. */
export function findOffer(asset: AssetDto, kind: ListingKind): Offer | undefined {
  if (asset.curation.status === 'suspended') return undefined;
  const live = asset.versions.filter(({ status }) => status === 'live').map(({ version }) => version).sort((a, b) => b - a);
  return asset.listings
    .filter((listing) => listing.kind === kind && !listing.retired && listing.token === null)
    .flatMap((listing) => {
      const version = live.find((number) => number >= listing.firstVersion && (listing.lastVersion === 0 || number <= listing.lastVersion));
      return version === undefined ? [] : [{ listing, version }];
    })
    .sort((a, b) => b.version - a.version || (a.listing.price < b.listing.price ? -1 : 1))[0];
}

/** Fee of the protocol in base units, out of a price; rounded down, as the contracts do. */
export function feeOf(price: bigint, feeBps: number): bigint {
  return (price * BigInt(feeBps)) / 10_000n;
}
