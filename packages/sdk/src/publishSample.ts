import type { Description, ManifestColumn, Terms } from '@neurodata/protocol';
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
  /** CSV; everybody can have these rows for free. */
  csv: Uint8Array;
  rows: number;
  columns?: ManifestColumn[];
  fileName: string;
  validatorsMayRead: boolean;
};
export type PublishSampleResult = { sampleAssetId: number; listingId: number; published: PublishResult };

/**
 * Publishes a few rows as an asset of its own, sealed like any other, offers it for nothing, and links it: whoever wants to
 * try a purchase buys that. Three transactions; costs what publishing an asset costs. Throws as `publishAsset`.
 */
export async function publishSample(parameters: PublishSampleParameters): Promise<PublishSampleResult> {
  const { client, assetId, csv, rows, columns, fileName, validatorsMayRead } = parameters;
  const { title, description: text } = parameters.description;
  const description: Description = { ...parameters.description, title: `${title.slice(0, 150)} (sample)`, description: `${rows} rows of asset ${assetId}, to try a purchase on. ${text}`.slice(0, 5_000) };
  const published = await publishAsset({
    client, kind: 'dataset', description, content: () => once(csv), size: csv.length, fileName: `sample-${fileName}`, mediaType: 'text/csv', rows, validatorsMayRead, ...(columns ? { columns } : {}),
  });
  const terms: Terms = { version: 1, kind: 'download', license: description.license, validatorsMayRead, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client, assetId: published.assetId, firstVersion: 1, kind: 'download', price: 0n, terms });
  await linkSample({ client, assetId, sampleAssetId: published.assetId });
  return { sampleAssetId: published.assetId, listingId, published };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
