import { type JobSpec, NeuroError, type Purpose, type RunNeeds, mainFileOf, needsOfRun } from '@neurodata/protocol';
import type { Address } from 'viem';
import type { DocumentReader } from './createClient.ts';
import { chooseVersion, readListing, readTerms } from './readListing.ts';
import type { ListingFacts } from './readListing.ts';
import { expectAdmitted, readPolicy } from './readPolicy.ts';

/** What to train, and on what. */
export type RunDraftParameters = {
  /** With the account that will pay, where there is one: nobody works for itself. */
  client: DocumentReader & { account?: { address: Address } };
  /** A compute listing. */
  listingId: number;
  /** The newest live one that the listing covers, by default. */
  version?: number;
  train: JobSpec['train'];
  /** What the model is for: asked for where the publisher has set limits. */
  purpose?: Purpose;
  /** A trial: rounded metrics come out of it and no model, and its fee counts towards a purchase. */
  trial?: boolean;
};
export type RunDraft = { listing: ListingFacts; version: number; spec: JobSpec; needs: RunNeeds; trial: boolean };

/** A run's spec as it will be stored, and what it needs. Throws `BAD_INPUT` where the listing does not admit it or a purpose is missing, `CONFLICT` where the terms do not admit the run, `BAD_SPEC`, `NOT_FOUND`. */
export async function draftRun({ client, listingId, version: wanted, train, purpose, trial = false }: RunDraftParameters): Promise<RunDraft> {
  const listing = await readListing({ client, listingId });
  if (listing.kind !== 'compute') throw new NeuroError(`Listing ${listingId} sells downloads, not training runs.`, { code: 'BAD_INPUT', remedy: 'Choose a compute listing.' });
  const { algorithms } = await readTerms({ client, listingId });
  if (!algorithms.includes(train.algorithm)) {
    throw new NeuroError(`Listing ${listingId} does not admit ${train.algorithm}.`, { code: 'BAD_INPUT', remedy: `Choose one of: ${algorithms.join(', ') || 'none'}.` });
  }
  const version = await chooseVersion({ client, listing, ...(wanted === undefined ? {} : { version: wanted }) });
  const terms = await readPolicy({ client, assetId: listing.assetId, version });
  expectAdmitted({ terms, purpose, derives: true });
  const { facts, manifest } = terms;
  const table = mainFileOf(manifest);
  if (!table) throw new NeuroError(`Version ${version} of asset ${listing.assetId} is a folder without a main table.`, { code: 'BAD_INPUT', remedy: 'Choose another version: runs train on a table.' });
  const spec: JobSpec = { version: 1, input: { assetId: listing.assetId, version, contentRoot: facts.contentRoot }, engineId: client.config.engineId, train, ...(trial ? { output: 'metrics' } : {}), ...(purpose ? { purpose } : {}) };
  return { listing, version, spec, trial, needs: needsOfRun({ spec, size: table.sealedSize }) };
}
