import { admittedByDefault } from '@neurodata/engine';
import { type ListingKind, NeuroError, type Terms } from '@neurodata/protocol';
import { type CreateListingResult, type NeuroClient, createListing, parseAmount } from '@neurodata/sdk';
import type { Address } from 'viem';
import type { Context, Result } from './context.ts';
import { duration, ncr } from './output.ts';
import { amountText } from './tokens.ts';

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
  /** Of downloads and subscriptions; NCR by default. */
  token?: Address | undefined;
  runPrice?: bigint | undefined;
  subscriptionPrice?: bigint | undefined;
  /** Of a subscription. */
  periodMinutes?: number | undefined;
  modelShareBps?: number | undefined;
  /** Algorithms that training runs may use; by default those whose models hold no rows. */
  admit?: string[] | undefined;
  /** Fewest rows of a tree's leaf in training runs. */
  smallestLeaf?: number | undefined;
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
  const { client, assetId, version, license, validatorsMayRead, modelShareBps = 0, periodMinutes = DEFAULT_PERIOD, token, admit = admittedByDefault(), smallestLeaf } = parameters;
  const common = { version: 1, kind, license, validatorsMayRead } as const;
  const terms: Terms = kind === 'compute' ? { ...common, algorithms: admit, modelShareBps, ...(smallestLeaf === undefined ? {} : { smallestLeaf }) } : { ...common, algorithms: [], modelShareBps: 0 };
  return createListing({ client, assetId, firstVersion: version, kind, price, terms, ...(token === undefined || kind === 'compute' ? {} : { token }), ...(kind === 'subscription' ? { periodMinutes } : {}) });
}

export type MadeOffer = { price: string; token?: Address; period?: number; fromVersion?: number };

/** Offers an asset that is published already, for downloads or by the period, for its newest version and all later ones; in NCR or a token. */
export async function offerAsset(context: Context, assetId: number, kind: 'download' | 'subscription', options: MadeOffer): Promise<Result> {
  const client = await context.signer();
  const asset = await context.api.getAsset({ assetId });
  const newest = asset.versions.find(({ version }) => version === (options.fromVersion ?? asset.latestVersion));
  if (!newest) throw new NeuroError(`Asset ${assetId} has no version ${options.fromVersion ?? asset.latestVersion}.`, { code: 'NOT_FOUND', remedy: 'Look at its versions with `datasets info`.' });
  const { version, validatorsMayRead } = newest;
  const { token, period = DEFAULT_PERIOD } = options;
  const price = await parseAmount({ client, ...(token ? { token } : {}), text: options.price });
  const { listingId, hash, gasUsed } = await offer({ client, assetId, version, license: asset.license, validatorsMayRead, periodMinutes: period, token, say: context.say }, kind, price);
  const perPeriod = kind === 'subscription' ? { periodMinutes: period } : {};
  return { value: { listingId, assetId, firstVersion: version, price, token: token ?? null, ...perPeriod, hash, gasUsed }, text: `Offered: listing ${listingId}, ${await amountText(client, token ?? null, price)}${kind === 'subscription' ? ` per ${duration(period * 60)}` : ''}, version ${version} and later.\nTransaction ${hash}` };
}
