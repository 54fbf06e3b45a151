import { type Description, type ManifestColumn, type Terms, isOpenLicense } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { createListing } from './createListing.ts';
import { linkSample } from './linkSample.ts';
import { type PublishResult, publishAsset } from './publishAsset.ts';

export type PublishSampleParameters = {
  client: NeuroClient;
  /** The own dataset that it is a sample of. */
  assetId: number;
  /** The dataset's description; the sample's title and text say what it is. */
  description: Description;
  /** A table file; everybody can have these rows for free. */
  table: Uint8Array;
  /** Of the table; CSV if left out. */
  mediaType?: string;
  rows: number;
  columns?: ManifestColumn[];
  /** Where they were drawn: by this seed. Absent: they are the first. */
  seed?: number;
  /** The dataset's. */
  fileName: string;
  validatorsMayRead: boolean;
};
export type PublishSampleResult = { sampleAssetId: number; listingId: number; published: PublishResult };

const CSV = 'text/csv';

/** Rows of a Parquet file are given as CSV. */
function sampleFileName(fileName: string, mediaType: string): string {
  return `sample-${mediaType === CSV ? fileName.replace(/\.parquet$/i, '.csv') : fileName}`;
}

/** The title of a sample of an asset with this title. */
export const sampleTitle = (title: string): string => `${title.slice(0, 150)} (sample)`;

/**
 * Publishes a few rows as an asset of its own, sealed like any other, offers it for nothing, and links it: whoever wants to
 * try a purchase buys that. Under an open licence and without limits its key is told too, so that nodes show the rows. Three transactions; costs what publishing an asset costs. Throws as `publishAsset`.
 */
export async function publishSample(parameters: PublishSampleParameters): Promise<PublishSampleResult> {
  const { client, assetId, table, mediaType = CSV, rows, columns, seed, fileName, validatorsMayRead } = parameters;
  const { title, description: text } = parameters.description;
  const description: Description = { ...parameters.description, title: sampleTitle(title), description: `${seed === undefined ? `The first ${rows} rows` : `${rows} rows, drawn with the seed ${seed},`} of asset ${assetId}, to try a purchase on. ${text}`.slice(0, 5_000) };
  const published = await publishAsset({
    client, kind: 'dataset', description, content: () => once(table), size: table.length, fileName: sampleFileName(fileName, mediaType), mediaType, rows, validatorsMayRead, open: isOpenLicense(description.license) && !description.limits, ...(columns ? { columns } : {}),
  });
  const listingId = await offerSample({ client, assetId, sampleAssetId: published.assetId, license: description.license, validatorsMayRead });
  return { sampleAssetId: published.assetId, listingId, published };
}

/** Offers an asset for nothing and links it as the sample of another: the second half of {@link publishSample}. */
export async function offerSample(parameters: { client: NeuroClient; assetId: number; sampleAssetId: number; license: string; validatorsMayRead: boolean }): Promise<number> {
  const { client, assetId, sampleAssetId, license, validatorsMayRead } = parameters;
  const terms: Terms = { version: 1, kind: 'download', license, validatorsMayRead, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client, assetId: sampleAssetId, firstVersion: 1, kind: 'download', price: 0n, terms });
  await linkSample({ client, assetId, sampleAssetId });
  return listingId;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
