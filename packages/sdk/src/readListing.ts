import { type ListingKind, NeuroError, type Terms, assetRegistryAbi, listingKinds, marketAbi, parseTerms } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { type Address, zeroAddress } from 'viem';
import type { ChainReader, DocumentReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { lastLog, readLogs } from './logs.ts';
import { readVersionStatus } from './waitForVersion.ts';

/** A listing as the market has it. `price` in base units of `token`; `lastVersion` 0: every later version too; `periodMinutes` 0: not by the period. */
export type ListingFacts = { listingId: number; assetId: number; seller: Address; kind: ListingKind; price: bigint; token: Address; periodMinutes: number; firstVersion: number; lastVersion: number; retired: boolean; modelShareBps: number };

/** Reads a listing from the contract; throws `NOT_FOUND`. */
export async function readListing(parameters: { client: ChainReader; listingId: number }): Promise<ListingFacts> {
  const { client, listingId } = parameters;
  const unknown = new NeuroError(`There is no listing ${listingId}.`, { code: 'NOT_FOUND', remedy: 'Check the number.' });
  const listing = await client.publicClient.readContract({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'listing', args: [listingId] }).catch((error: unknown) => {
    const known = toNeuroError(error);
    throw known.details?.startsWith('UnknownListing') ? unknown : known;
  });
  if (listing.seller === zeroAddress) throw unknown;
  const { seller, price, token, periodMinutes, firstVersion, lastVersion, retired, modelShareBps } = listing;
  return { listingId, assetId: Number(listing.assetId), seller, kind: listingKinds[listing.kind] ?? 'download', price, token, periodMinutes, firstVersion, lastVersion, retired, modelShareBps };
}

/** The licence terms of a listing, fetched by the digest that its event names. */
export async function readTerms(parameters: { client: DocumentReader; listingId: number }): Promise<Terms> {
  const { client, listingId } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.market, abi: marketAbi, eventName: 'ListingCreated', args: { listingId }, strict: true, ...range,
  }));
  const { termsDigest } = lastLog(logs, `Listing ${listingId}`).args.input;
  return parseTerms(await client.storage.readRaw(rawCidOfDigest(termsDigest)).catch((error: unknown) => { throw toNeuroError(error); }));
}

/** The version to buy: the one asked for, or the newest live one that the listing covers. Throws `NOT_FOUND`. */
export async function chooseVersion(parameters: { client: ChainReader; listing: ListingFacts; version?: number }): Promise<number> {
  const { client, listing } = parameters;
  if (parameters.version !== undefined) return parameters.version;
  const { assetId, firstVersion, lastVersion } = listing;
  const latest = await client.publicClient.readContract({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'latestVersion', args: [BigInt(assetId)],
  }).catch((error: unknown) => { throw toNeuroError(error); });
  for (let version = lastVersion === 0 ? latest : Math.min(latest, lastVersion); version >= firstVersion; version -= 1) {
    if ((await readVersionStatus({ client, assetId, version })) === 'live') return version;
  }
  throw new NeuroError(`Listing ${listing.listingId} covers no live version.`, { code: 'NOT_FOUND', remedy: 'Wait for the validators, or choose another offer.' });
}
