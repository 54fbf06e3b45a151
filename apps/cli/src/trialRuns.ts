import { formatRounded } from '@neurodata/engine';
import { type AssetDto, type JobDto, type ListingDto, NeuroError } from '@neurodata/protocol';
import { type NeuroClient, readReceipt, readTrialOffer } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { scorePairs } from './metricsText.ts';
import { facts } from './output.ts';

/** The listing of an asset on which a trial has the lowest fee. Throws `NOT_FOUND` where none offers trials. */
export async function chooseTrialListing(client: NeuroClient, asset: AssetDto): Promise<ListingDto> {
  const runs = asset.listings.filter(({ kind, retired }) => kind === 'compute' && !retired);
  const offers = await Promise.all(runs.map(async (listing) => ({ listing, offer: await readTrialOffer({ client, listingId: listing.listingId }) })));
  const [first] = offers.flatMap(({ listing, offer }) => (offer ? [{ listing, fee: offer.fee }] : [])).toSorted((a, b) => (a.fee < b.fee ? -1 : 1));
  if (first) return first.listing;
  throw new NeuroError(`Asset ${asset.assetId} offers no trials.`, { code: 'NOT_FOUND', remedy: 'Try its free sample where it has one, or buy a whole run.' });
}

/** What came out of a settled trial, and what can be done next. */
export async function trialResult(client: NeuroClient, { jobId, assetId }: JobDto): Promise<string> {
  const { receipt: { body: { metrics } } } = await readReceipt({ client, jobId });
  return `${facts([...scorePairs(metrics, formatRounded), ['Tested', `on about ${metrics.testRows} rows`]])}\nNext: neurodata datasets buy ${assetId}; the fee comes back once that order is completed.`;
}

export function notATrial(jobId: Hex): never {
  throw new NeuroError(`Job ${jobId} is no trial run.`, { code: 'BAD_INPUT', remedy: 'Give the id of a run that was begun with `datasets try`.' });
}
