import type { LicenseKind, Terms } from '@neurodata/protocol';
import { type CreateListingResult, type NeuroClient, createListing } from '@neurodata/sdk';
import { ncr } from './output.ts';

/** Algorithms that a compute listing admits: those whose models do not copy rows. */
const ADMITTED = ['logistic-regression'];

export type OfferParameters = {
  client: NeuroClient;
  assetId: number;
  version: number;
  license: string;
  validatorsMayRead: boolean;
  /** Base units of NCR; undefined: no such offer. */
  price?: bigint | undefined;
  runPrice?: bigint | undefined;
  modelShareBps?: number | undefined;
  say: (line: string) => void;
};

export type Offer = { kind: LicenseKind; price: bigint; listingId: number };

/** Makes the download listing, the compute listing, both or neither. */
export async function makeOffers(parameters: OfferParameters): Promise<Offer[]> {
  const { price, runPrice, say } = parameters;
  const offers: Offer[] = [];
  for (const [kind, amount] of [['download', price], ['compute', runPrice]] as const) {
    if (amount === undefined) continue;
    const { listingId } = await offer(parameters, kind, amount);
    say(`Offered: listing ${listingId}, ${kind === 'download' ? 'download' : 'training run'}, ${ncr(amount)}`);
    offers.push({ kind, price: amount, listingId });
  }
  return offers;
}

function offer(parameters: OfferParameters, kind: LicenseKind, price: bigint): Promise<CreateListingResult> {
  const { client, assetId, version, license, validatorsMayRead, modelShareBps = 0 } = parameters;
  const terms: Terms = { version: 1, kind, license, validatorsMayRead, algorithms: kind === 'compute' ? ADMITTED : [], modelShareBps: kind === 'compute' ? modelShareBps : 0 };
  return createListing({ client, assetId, firstVersion: version, kind, price, terms });
}
