import { checkReceipt, claimOrders, buyLicense, confirmOrder, createListing, openModel, poll, publishAsset, publishModel, readAsset, readReceipt, startRun, waitForGrant, waitForVersion, watchJob, withdrawCredits } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { admittedByDefault, firstDifference, predict, train } from '@neurodata/engine';
import { formatNcr, parseNcr } from '@neurodata/protocol';
import type { Activity, JobDto, JobSpec, Terms } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import type { Stack } from './stack.ts';

export type StoryGas = { publish: number; buy: number; grant: number; confirm: number; claim: number; settleRun: number };
export type StoryResult = { assetId: number; orderId: Hex; jobId: Hex; modelDigest: Hex; receiptCid: string; attestations: number; verified: boolean; gas: StoryGas };
export type Say = (step: string, facts: Record<string, string | number | bigint | undefined>) => void;

const minutes = 60_000;
const terms = (kind: 'download' | 'compute'): Terms => ({
  version: 1, kind, license: 'CC0-1.0', validatorsMayRead: true, algorithms: kind === 'compute' ? admittedByDefault() : [], modelShareBps: kind === 'compute' ? 1000 : 0,
});

export const penguinTraining: JobSpec['train'] = {
  algorithm: 'logistic-regression',
  target: 'Species',
  task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [
    { name: 'Beak Length (mm)', kind: 'numeric' },
    { name: 'Beak Depth (mm)', kind: 'numeric' },
    { name: 'Flipper Length (mm)', kind: 'numeric' },
    { name: 'Body Mass (g)', kind: 'numeric' },
    { name: 'Island', kind: 'categorical' },
    { name: 'Sex', kind: 'categorical' },
  ],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 100, tol: 1e-6 },
  limits: { maxSteps: 1000, maxBytes: 100_000_000 },
};

/** Gas of the transaction of an event, once the node's rows have it: the chain knew first. */
function gasOf(read: () => Promise<{ activity: Activity[] }>, event: string): Promise<number> {
  const ask = async (): Promise<number | undefined> => (await read()).activity.find((line) => line.event === event)?.gasUsed;
  return poll({ what: `The row of ${event}`, remedy: 'Look whether the indexer follows the chain.', timeoutMs: minutes, intervalMs: 100, ask });
}

export type Published = { assetId: number; download: number; compute: number; gas: bigint };

/** Steps 1 and 2: seal, split, publish, list; validators check and attest. */
export async function publishPenguins(publisher: NeuroClient, say: Say, csv = penguinsCsv()): Promise<Published> {
  const published = await publishAsset({
    client: publisher, kind: 'dataset', content: () => streamOf(csv), fileName: 'penguins.csv', mediaType: 'text/csv', validatorsMayRead: true, threshold: 2, ...describeCsv(csv),
    description: { title: 'Palmer penguins', description: 'Sizes of 344 penguins of three species on three islands.', license: 'CC0-1.0', tags: ['biology', 'classification'] },
  });
  const { assetId } = published;
  say('publisher sealed the data, split the key 2 of 3 and published version 1', { asset: assetId, transaction: published.hash, gas: published.gasUsed, cid: published.cid, manifest: published.manifestCid });
  const download = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'download', price: parseNcr('25'), terms: terms('download') });
  say('publisher listed it: 25 NCR to download', { listing: download.listingId, transaction: download.hash, gas: download.gasUsed });
  const compute = await createListing({ client: publisher, assetId, firstVersion: 1, kind: 'compute', price: parseNcr('2'), terms: terms('compute') });
  say('publisher listed it: 2 NCR per training run, validators may read the rows', { listing: compute.listingId, transaction: compute.hash, gas: compute.gasUsed });
  await waitForVersion({ client: publisher, assetId, version: 1, status: 'live', timeoutMs: minutes });
  const asset = await publisher.api.getAsset({ assetId });
  const round = asset.versions[0]?.round;
  say('validators unsealed it, checked every commitment and attested: it is live', { round: round?.roundId, accepts: round?.committee.filter(({ verdict }) => verdict === 'accept').length });
  return { assetId, download: download.listingId, compute: compute.listingId, gas: published.gasUsed };
}

export type Sale = { orderId: Hex; csv: Uint8Array; gas: Omit<StoryGas, 'publish' | 'settleRun'> };

/** Step 3: pay into escrow, grants on chain, unseal, check, confirm, claim. */
export async function buyAndDownload(buyer: NeuroClient, publisher: NeuroClient, parameters: { listingId: number; say: Say }): Promise<Sale> {
  const { listingId, say } = parameters;
  const order = await buyLicense({ client: buyer, listingId });
  const { orderId } = order;
  say('alice paid 25 NCR into escrow with one signature and one transaction', { order: orderId, transaction: order.hash, gas: order.gasUsed });
  await waitForGrant({ client: buyer, orderId, timeoutMs: minutes });
  const grantGas = await gasOf(() => buyer.api.getOrder({ orderId }), 'OrderGranted');
  const { grants } = await buyer.api.getOrder({ orderId });
  for (const grant of grants) say(`validator ${grant.validatorId} granted its share, sealed to alice's key, on chain`, { transaction: grant.transaction, block: grant.block });
  const file = await readAsset({ client: buyer, orderId });
  say('alice combined two shares, downloaded, unsealed and checked', Object.fromEntries(file.checks.map((check) => [check.name, check.status])));
  const confirmed = await confirmOrder({ client: buyer, orderId });
  say('alice confirmed; the escrow released', { transaction: confirmed.hash, gas: confirmed.gasUsed });
  const claimed = await claimOrders({ client: publisher, orderIds: [orderId] });
  say('publisher claimed; the fee of 25 basis points went to the treasury', { transaction: claimed.hash, gas: claimed.gasUsed });
  const again = await readAsset({ client: buyer, orderId });
  say('alice downloaded again, from the chain alone', { bytes: again.bytes.length });
  return { orderId, csv: file.bytes, gas: { buy: Number(order.gasUsed), grant: grantGas, confirm: Number(confirmed.gasUsed), claim: Number(claimed.gasUsed) } };
}

/** Steps 4 and 5: buy one run, a drawn worker trains, validators re-execute and settle. */
export async function runTraining(trainer: NeuroClient, parameters: { listingId: number; say: Say }): Promise<JobDto> {
  const { listingId, say } = parameters;
  const run = await startRun({ client: trainer, listingId, version: 1, train: penguinTraining });
  say('bob bought one training run; he never sees a row', { job: run.jobId, spec: run.specCid, transaction: run.hash, gas: run.gasUsed });
  const job = await watchJob({ client: trainer, jobId: run.jobId, timeoutMs: 2 * minutes });
  say('a worker that was drawn trained and published its receipt', { worker: job.worker, receipt: job.receipt?.receiptCid, model: job.receipt?.modelDigest });
  for (const { validatorId, verdict, transaction } of job.round?.committee ?? []) say(`validator ${validatorId} re-executed the run and revealed: ${verdict}`, { transaction });
  say(`the run is ${job.state}`, { gas: await gasOf(() => trainer.api.getJob({ jobId: run.jobId }), 'JobSettled') });
  return job;
}

/** Step 6: the holder of the data re-executes; who does not hold it checks everything else. */
export async function verifyRun(parameters: { holder: NeuroClient; outsider: NeuroClient; jobId: Hex; csv: Uint8Array; say: Say }): Promise<boolean> {
  const { holder, outsider, jobId, csv, say } = parameters;
  const { receipt, spec } = await readReceipt({ client: holder, jobId });
  const again = await train({ csv, spec: spec.train });
  const difference = firstDifference(again.checkpoints.map(({ digest }) => digest), receipt.body.checkpointDigests);
  const same = again.modelDigest === receipt.body.modelDigest && difference === undefined;
  say('alice, who holds the data, re-executed the run from its receipt', { theirs: receipt.body.modelDigest, hers: again.modelDigest, verdict: same ? 'the same, bit for bit' : `differs at checkpoint ${difference}` });
  const { checks } = await checkReceipt({ client: outsider, jobId });
  say('bob, who does not, checked the same receipt', Object.fromEntries(checks.map(({ name, status }) => [name, status])));
  return same && checks.every(({ status }) => status !== 'failed');
}

/** Step 7: publish the model with lineage, sell it, predict; the dataset's publisher shares in the price. */
export async function sellModel(parameters: { trainer: NeuroClient; third: NeuroClient; publisher: NeuroClient; jobId: Hex; say: Say }): Promise<void> {
  const { trainer, third, publisher, jobId, say } = parameters;
  const { model } = await openModel({ client: trainer, jobId });
  const asset = await publishModel({
    client: trainer, jobId, model, validatorsMayRead: true,
    description: { title: 'Penguin species', description: 'Tells three species of penguins apart by their sizes.', license: 'CC-BY-4.0', tags: ['model'] },
  });
  say('bob published the model; its lineage names the run', { asset: asset.assetId, transaction: asset.hash, gas: asset.gasUsed });
  const listing = await createListing({ client: trainer, assetId: asset.assetId, firstVersion: 1, kind: 'download', price: parseNcr('10'), terms: { ...terms('download'), license: 'CC-BY-4.0' } });
  await waitForVersion({ client: trainer, assetId: asset.assetId, version: 1, status: 'live', timeoutMs: minutes });
  const { orderId } = await buyLicense({ client: third, listingId: listing.listingId });
  await waitForGrant({ client: third, orderId, timeoutMs: minutes });
  const bought = await readAsset({ client: third, orderId });
  const rows = new TextEncoder().encode('Beak Length (mm),Beak Depth (mm),Flipper Length (mm),Body Mass (g),Island,Sex\n39.1,18.7,181,3750,Torgersen,MALE\n50.0,15.2,218,5700,Biscoe,MALE\n');
  const predicted = await predict({ model: bought.bytes, csv: rows });
  say('carol bought the model and predicted two new rows', { order: orderId, predictions: predicted.labels.join(', ') });
  await confirmOrder({ client: third, orderId });
  await claimOrders({ client: trainer, orderIds: [orderId] });
  const { address } = publisher.account!;
  const { owed } = await publisher.api.getAccount({ address });
  const share = await withdrawCredits({ client: publisher, from: 'market' });
  say("a share of that price went to the dataset's publisher", { credited: `${formatNcr(owed.market)} NCR`, transaction: share.hash });
}

/** The whole story on a stack; throws where anything is not as it should be. */
export async function tellStory(stack: Stack, say: Say): Promise<StoryResult> {
  const [publisher, alice, bob, carol] = await Promise.all(['publisher', 'alice', 'bob', 'carol'].map((name) => stack.client(name)));
  const published = await publishPenguins(publisher!, say);
  const sale = await buyAndDownload(alice!, publisher!, { listingId: published.download, say });
  const job = await runTraining(bob!, { listingId: published.compute, say });
  const verified = await verifyRun({ holder: alice!, outsider: bob!, jobId: job.jobId, csv: sale.csv, say });
  await sellModel({ trainer: bob!, third: carol!, publisher: publisher!, jobId: job.jobId, say });
  return {
    assetId: published.assetId,
    orderId: sale.orderId,
    jobId: job.jobId,
    modelDigest: job.receipt!.modelDigest,
    receiptCid: job.receipt!.receiptCid,
    attestations: job.round?.committee.filter(({ verdict }) => verdict === 'accept').length ?? 0,
    verified,
    gas: { publish: Number(published.gas), ...sale.gas, settleRun: await gasOf(() => bob!.api.getJob({ jobId: job.jobId }), 'JobSettled') },
  };
}
