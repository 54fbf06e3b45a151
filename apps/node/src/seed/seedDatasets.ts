import { admittedByDefault, profileCsv, sampleTable } from '@neurodata/engine';
import { describeColumns, parseNcr } from '@neurodata/protocol';
import type { LicenseKind, ListingKind } from '@neurodata/protocol';
import { accountOf, createListing, offerSample, poll, publishAsset, publishSample, readListing, readLogs, readManifest, readVersion, retryRound, sampleTitle } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { Log } from '../common/logger.ts';
import { contractsOf } from '../duty/contracts.ts';
import type { Contracts } from '../duty/contracts.ts';
import { readDatasets } from './readDatasets.ts';
import type { SeedDataset } from './readDatasets.ts';

export type SeedParameters = {
  /** With the publisher's account. */
  client: NeuroClient;
  log: Log;
  signal?: AbortSignal;
};
export type Seeded = { title: string; assetId: number; listingIds: Record<LicenseKind, number> };

const SHARE_OF_MODELS_BPS = 1_000;
/** Of each dataset, to try a purchase on. */
const SAMPLE = { rows: 20, seed: 1 };
const VALIDATORS_TIMEOUT_MS = 120_000;
/** Source of the number: Solidity's `IValidators.Phase.Settled`. */
const SETTLED = 5;

/**
 * Publishes the example datasets, offers each for download and for training, and a few rows of each as a free sample. What the account has published and
 * listed before is found on chain, so it may be called at every start and takes up what was left half done. Does not wait
 * until validators have accepted the versions.
 *
 * @throws NeuroError TIMEOUT while too few validators are registered, NO_FUNDS, and what publishing throws.
 */
export async function seedDatasets(parameters: SeedParameters): Promise<Seeded[]> {
  const { client, log, signal } = parameters;
  const contracts = contractsOf(client.config.deployment.addresses);
  const known = await listOwnAssets(client, contracts);
  const seeded: Seeded[] = [];
  const samples: (() => Promise<void>)[] = [];
  for (const dataset of await readDatasets()) {
    signal?.throwIfAborted();
    const { title } = dataset.description;
    const assetId = known.get(title) ?? (await publish(parameters, contracts, dataset));
    if (!(await reviveRound(client, contracts, assetId))) {
      log.warn({ assetId, title }, 'this example dataset is no longer offered');
      continue;
    }
    const listingIds = await offer(parameters, contracts, { dataset, assetId });
    samples.push(() => giveSample(parameters, contracts, { dataset, assetId, halfDone: known.get(sampleTitle(title)) }));
    seeded.push({ title, assetId, listingIds });
  }
  // After the datasets, which keep the numbers 1, 2 and so on.
  for (const give of samples) {
    signal?.throwIfAborted();
    await give();
  }
  return seeded;
}

/** Asset ids of what the account has published, by the title of the first version. */
async function listOwnAssets(client: NeuroClient, contracts: Contracts): Promise<Map<string, number>> {
  const owner = accountOf(client).address;
  const published = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.registry, ...range, eventName: 'AssetPublished', args: { owner }, strict: true }));
  const assets = await Promise.all(published.map(async ({ args }) => {
    const assetId = Number(args.assetId);
    const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: 1 }) });
    return [manifest.name, assetId] as const;
  }));
  return new Map(assets);
}

async function publish(parameters: SeedParameters, contracts: Contracts, dataset: SeedDataset): Promise<number> {
  const { client, log } = parameters;
  const { csv, fileName, description } = dataset;
  await waitForValidators(parameters, contracts);
  const profile = profileCsv(csv);
  const { assetId, cid } = await publishAsset({
    client, kind: 'dataset', content: () => once(csv), size: csv.length, fileName, mediaType: 'text/csv', description,
    rows: profile.rows, columns: describeColumns({ ...profile, choice: { topOf: profile.columns.map(({ name }) => name) } }), validatorsMayRead: true,
  });
  log.info({ assetId, title: description.title, cid }, 'published an example dataset');
  return assetId;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A whole committee must be there: to hold the keys, and for the round that publishing opens. */
async function waitForValidators(parameters: SeedParameters, contracts: Contracts): Promise<void> {
  const { client, signal } = parameters;
  const { committeeSize } = await client.publicClient.readContract({ ...contracts.validators, functionName: 'params' });
  await poll({
    what: `The registration of ${committeeSize} validators`, remedy: 'Start validators.', timeoutMs: VALIDATORS_TIMEOUT_MS, ...(signal ? { signal } : {}),
    ask: async () => ((await client.publicClient.readContract({ ...contracts.validators, functionName: 'activeCount' })) >= committeeSize ? true : undefined),
  });
}

/** False where the first version was refused or revoked. A round that ended without a quorum is asked for again. */
async function reviveRound(client: NeuroClient, contracts: Contracts, assetId: number): Promise<boolean> {
  const { status } = await readVersion({ client, assetId, version: 1 });
  if (status === 'live') return true;
  if (status !== 'pending') return false;
  const roundId = await client.publicClient.readContract({ ...contracts.registry, functionName: 'roundOf', args: [BigInt(assetId), 1] });
  const phase = await client.publicClient.readContract({ ...contracts.validators, functionName: 'phaseOf', args: [roundId] });
  if (phase === SETTLED) await retryRound({ client, assetId, version: 1 });
  return true;
}

async function offer(parameters: SeedParameters, contracts: Contracts, what: { dataset: SeedDataset; assetId: number }): Promise<Seeded['listingIds']> {
  const { client, log } = parameters;
  const { dataset, assetId } = what;
  const known = await listOffers(client, contracts, assetId);
  const listingOf = async (kind: LicenseKind, price: string): Promise<number> => {
    const found = known.get(kind);
    if (found !== undefined) return found;
    const compute = kind === 'compute';
    const { listingId } = await createListing({
      client, assetId, firstVersion: 1, kind, price: parseNcr(price),
      terms: {
        version: 1, kind, license: dataset.description.license, validatorsMayRead: true,
        algorithms: compute ? admittedByDefault() : [], modelShareBps: compute ? SHARE_OF_MODELS_BPS : 0,
      },
    });
    log.info({ assetId, listingId, kind, price }, 'offered an example dataset');
    return listingId;
  };
  return { download: await listingOf('download', dataset.downloadPrice), compute: await listingOf('compute', dataset.computePrice) };
}

/** Publishes and links a sample where there is none; one that was published and not linked is taken up. */
async function giveSample(parameters: SeedParameters, contracts: Contracts, what: { dataset: SeedDataset; assetId: number; halfDone: number | undefined }): Promise<void> {
  const { client, log } = parameters;
  const { dataset: { csv, fileName, description }, assetId, halfDone } = what;
  const linked = Number(await client.publicClient.readContract({ ...contracts.registry, functionName: 'sampleOf', args: [BigInt(assetId)] }));
  if (linked !== 0) return void (await reviveRound(client, contracts, linked));
  if (halfDone !== undefined) return void (await offerSample({ client, assetId, sampleAssetId: halfDone, license: description.license, validatorsMayRead: true }));
  const { bytes: sampled } = await sampleTable(csv, SAMPLE);
  const { rows, columns } = profileCsv(sampled);
  const { sampleAssetId } = await publishSample({
    client, assetId, description, table: sampled, rows, columns: describeColumns({ rows, columns }), seed: SAMPLE.seed, fileName, validatorsMayRead: true,
  });
  log.info({ assetId, sampleAssetId }, 'published a sample of an example dataset');
}

async function listOffers(client: NeuroClient, contracts: Contracts, assetId: number): Promise<Map<ListingKind, number>> {
  const created = await readLogs(client, (range) => client.publicClient.getContractEvents({ ...contracts.market, ...range, eventName: 'ListingCreated', args: { assetId: BigInt(assetId) }, strict: true }));
  const listings = await Promise.all(created.map(({ args }) => readListing({ client, listingId: args.listingId })));
  return new Map(listings.filter(({ retired }) => !retired).map(({ kind, listingId }) => [kind, listingId]));
}
