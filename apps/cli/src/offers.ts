import { type ListingKind, NeuroError, type Terms } from '@neurodata/protocol';
import { type CreateListingResult, type NeuroClient, createListing } from '@neurodata/sdk';
import type { Context, Result } from './context.ts';
import { duration, ncr } from './output.ts';

/** Algorithms that a compute listing admits: those whose models do not copy rows. */
const ADMITTED = ['logistic-regression'];

/** 30 days, in minutes. */
const DEFAULT_PERIOD = 30 * 24 * 60;

export type OfferParameters = {
  client: NeuroClient;
  assetId: number;
  version: number;
  license: string;
  validatorsMayRead: boolean;
  /** Base units of NCR; undefined: no such offer. */
  price?: bigint | undefined;
  runPrice?: bigint | undefined;
  subscriptionPrice?: bigint | undefined;
  /** Of a subscription. */
  periodMinutes?: number | undefined;
  modelShareBps?: number | undefined;
  say: (line: string) => void;
};

export type Offer = { kind: ListingKind; price: bigint; listingId: number };

/** Makes a listing of each kind that has a price. */
export async function makeOffers(parameters: OfferParameters): Promise<Offer[]> {
  const { price, runPrice, subscriptionPrice, say } = parameters;
  const offers: Offer[] = [];
  for (const [kind, amount] of [['download', price], ['compute', runPrice], ['subscription', subscriptionPrice]] as const) {
    if (amount === undefined) continue;
    const { listingId } = await offer(parameters, kind, amount);
    say(`Offered: listing ${listingId}, ${words[kind]}, ${ncr(amount)}`);
    offers.push({ kind, price: amount, listingId });
  }
  return offers;
}

const words = { download: 'download', compute: 'training run', subscription: 'subscription' } as const;

function offer(parameters: OfferParameters, kind: ListingKind, price: bigint): Promise<CreateListingResult> {
  const { client, assetId, version, license, validatorsMayRead, modelShareBps = 0, periodMinutes = DEFAULT_PERIOD } = parameters;
  const terms: Terms = { version: 1, kind, license, validatorsMayRead, algorithms: kind === 'compute' ? ADMITTED : [], modelShareBps: kind === 'compute' ? modelShareBps : 0 };
  return createListing({ client, assetId, firstVersion: version, kind, price, terms, ...(kind === 'subscription' ? { periodMinutes } : {}) });
}

/** Offers an asset that is published already by the period, for its newest version and all later ones. */
export async function offerSubscription(context: Context, assetId: number, options: { price: bigint; period: number; fromVersion?: number }): Promise<Result> {
  const client = await context.signer();
  const asset = await context.api.getAsset({ assetId });
  const newest = asset.versions.find(({ version }) => version === (options.fromVersion ?? asset.latestVersion));
  if (!newest) throw new NeuroError(`Asset ${assetId} has no version ${options.fromVersion ?? asset.latestVersion}.`, { code: 'NOT_FOUND', remedy: 'Look at its versions with `datasets info`.' });
  const { version, validatorsMayRead } = newest;
  const { listingId, hash, gasUsed } = await offer({ client, assetId, version, license: asset.license, validatorsMayRead, periodMinutes: options.period, say: context.say }, 'subscription', options.price);
  return { value: { listingId, assetId, firstVersion: version, price: options.price, periodMinutes: options.period, hash, gasUsed }, text: `Offered: listing ${listingId}, ${ncr(options.price)} per ${duration(options.period * 60)}, version ${version} and later.\nTransaction ${hash}` };
}
