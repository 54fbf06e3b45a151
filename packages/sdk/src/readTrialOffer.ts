import { NeuroError, trialsAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readListing } from './readListing.ts';

/** Trials of a compute listing: the fee of one in base units of NCR, how many an account may have on the asset, and how long a fee waits for a purchase. */
export type TrialOffer = { fee: bigint; cap: number; holdSeconds: number; /** Left to the account that was named. */ left: number };

/** What trials a listing offers, and how many of them are left to an account; undefined where none are. Throws `NOT_FOUND`. */
export async function readTrialOffer(parameters: { client: ChainReader; listingId: number; account?: Address | undefined }): Promise<TrialOffer | undefined> {
  const { client, listingId, account } = parameters;
  const { assetId } = await readListing({ client, listingId });
  const contract = { address: client.config.deployment.addresses.trials, abi: trialsAbi } as const;
  const [{ fee, cap }, holdSeconds, used] = await Promise.all([
    client.publicClient.readContract({ ...contract, functionName: 'offerOf', args: [listingId] }),
    client.publicClient.readContract({ ...contract, functionName: 'holdPeriod' }),
    account ? client.publicClient.readContract({ ...contract, functionName: 'used', args: [BigInt(assetId), account] }) : 0,
  ]).catch((error: unknown) => { throw toNeuroError(error); });
  return cap === 0 ? undefined : { fee, cap, holdSeconds, left: Math.max(0, cap - used) };
}

/** As `readTrialOffer`, for an account that wants one. Throws `BAD_INPUT` where none are offered, `CONFLICT` where none is left. */
export async function expectTrialOffer(parameters: { client: ChainReader; listingId: number; account?: Address | undefined }): Promise<TrialOffer> {
  const { listingId } = parameters;
  const offer = await readTrialOffer(parameters);
  if (!offer) throw new NeuroError(`Listing ${listingId} offers no trials.`, { code: 'BAD_INPUT', remedy: 'Ask its publisher, or buy a whole run.' });
  if (offer.left === 0) throw new NeuroError('This account has had all of its trials of that dataset.', { code: 'CONFLICT', remedy: 'Buy the dataset or a whole run.' });
  return offer;
}
