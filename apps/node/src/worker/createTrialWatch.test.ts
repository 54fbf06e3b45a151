import { encodeJobSpec, jobStates, neuroCoinAbi, parseNcr, parseReceipt, trainingAbi } from '@neurodata/protocol';
import type { JobSpec, Progress } from '@neurodata/protocol';
import {
  buyLicense, confirmOrder, freshIdentity, offerTrials, openArtifact, openTrialCall, planRun, readOrderState, readReceiptFacts, readTrial, settleTrial, signPermit, startRun, storedIdentity, waitForGrant, waitForVersion,
} from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { parseEventLogs } from 'viem';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import type { Service } from '../common/service.ts';
import { seedDatasets } from '../seed/index.ts';
import type { Seeded } from '../seed/index.ts';
import { createWorker } from './createWorker.ts';

const spec: JobSpec['train'] = {
  algorithm: 'logistic-regression', target: 'Species', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [{ name: 'Beak Length (mm)', kind: 'numeric' }, { name: 'Body Mass (g)', kind: 'numeric' }, { name: 'Island', kind: 'categorical' }],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: { C: 1, max_iter: 50, tol: 1e-6 }, limits: { maxSteps: 50, maxBytes: 50_000_000 },
};
const fee = parseNcr('2');

let stack: SmallStack;
let validators: Service[] = [];
let worker: Service;
let publisher: NeuroClient;
let buyer: NeuroClient;
let penguins: Seeded;
const told: { jobId: Hex; progress: Progress }[] = [];

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  publisher = await stack.connect(stack.cast.people[0]!.account.privateKey);
  penguins = (await seedDatasets({ client: publisher, log: stack.log }))[0]!;
  buyer = await stack.connect(stack.cast.people[2]!.account.privateKey);
  await waitForVersion({ client: buyer, assetId: penguins.assetId, version: 1, timeoutMs: 60_000 });
  worker = createWorker({
    client: await stack.connect(stack.cast.workers[0]!.privateKey), log: stack.log, endpoint: 'http://127.0.0.1/#worker', offer: { cores: 2, memoryMiB: 2_048, pricePerUnit: parseNcr('0.4') },
    progress: { write: async (jobId, progress) => void told.push({ jobId, progress }) },
  });
  await worker.start();
}, 120_000);

afterAll(async () => {
  await Promise.all([worker, ...validators].map((service) => service?.stop()));
  await stack?.stop();
});

async function readState(jobId: Hex): Promise<string | undefined> {
  const { state } = await buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  return jobStates[state];
}

async function balance({ account, publicClient, config }: NeuroClient): Promise<bigint> {
  return publicClient.readContract({ address: config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account!.address] });
}

const asked = () => ({ client: buyer, listingId: penguins.listingIds.compute, train: spec, trial: true });

test('a trial gives rounded metrics and nothing else, and its fee comes back by itself with the purchase', async () => {
  await expect(startRun(asked())).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('offers no trials') });
  await offerTrials({ client: publisher, listingId: penguins.listingIds.compute, fee, cap: 2 });
  const { jobId, recipientKey } = await startRun(asked());
  await expect.poll(() => readState(jobId), { timeout: 90_000, interval: 300 }).toBe('settled');
  const { receiptDigest } = await readReceiptFacts({ client: buyer, jobId });
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(receiptDigest)));
  expect(body).toMatchObject({ lossCurve: [], metrics: { confusion: [], classes: [], testRows: 86, trainRows: 260 } });
  expect(Object.keys(body.metrics).sort()).toEqual(['classes', 'confusion', 'droppedRows', 'scores', 'task', 'testRows', 'trainRows']);
  expect(Object.values(body.metrics.scores).every((score) => score === null || score === Number(score.toPrecision(2)))).toBe(true);
  expect(body.metrics.scores['accuracy']).toBeGreaterThan(0.8);
  const identity = await storedIdentity(buyer, recipientKey);
  for (const cid of Object.values(body.sealed)) await expect(openArtifact({ client: buyer, cid, identity })).rejects.toMatchObject({ code: 'NO_KEY' });
  const news = told.filter((one) => one.jobId === jobId);
  expect(news.length).toBeGreaterThan(3);
  expect(news.every(({ progress }) => progress.lossCurve.length === 0 && progress.loss === undefined)).toBe(true);

  expect(await readTrial({ client: buyer, jobId })).toMatchObject({ state: 'held', fee, buyer: buyer.account!.address, order: undefined });
  await expect(settleTrial({ client: buyer, jobId })).rejects.toMatchObject({ code: 'REVERTED' });
  const { orderId } = await buyLicense({ client: buyer, listingId: penguins.listingIds.download });
  await waitForGrant({ client: buyer, orderId });
  await expect.poll(() => readTrial({ client: buyer, jobId }), { timeout: 30_000, interval: 300 }).toMatchObject({ state: 'held', order: { orderId, state: 'granted' } });
  const before = await balance(buyer);
  await confirmOrder({ client: buyer, orderId });
  await expect.poll(() => readTrial({ client: buyer, jobId }), { timeout: 30_000, interval: 300 }).toMatchObject({ state: 'returned' });
  expect(await balance(buyer)).toBe(before + fee);
  expect(await readOrderState({ client: buyer, orderId })).toBe('released');
}, 240_000);

test('an account has no more of them than the cap', async () => {
  await startRun(asked());
  await expect(startRun(asked())).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('has had all of its trials') });
}, 60_000);

test('no worker takes a trial whose spec asks for more, and fee and money come back by themselves', async () => {
  const other = await stack.connect(stack.cast.people[3]!.account.privateKey);
  const before = await balance(other);
  const plan = await planRun({ ...asked(), client: other });
  const { output: _, ...whole } = plan.spec;
  const { bytes, digest: specDigest } = encodeJobSpec(whole);
  await other.storage.addRaw(bytes);
  const permit = await signPermit({ client: other, spender: other.config.deployment.addresses.trials, value: plan.quote.total });
  const { publicKey: recipientKey } = await freshIdentity(other, 'trial');
  const { receipt } = await other.send(openTrialCall({ config: other.config, plan: { ...plan, specDigest }, recipientKey, permit }));
  const { jobId } = parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: receipt.logs })[0]!.args;
  await expect.poll(() => told.findLast((one) => one.jobId === jobId)?.progress.message, { timeout: 30_000 }).toContain('This trial run failed');
  await stack.chain.mine({ secondsLater: 120 });
  await expect.poll(() => readState(jobId), { timeout: 30_000, interval: 300 }).toBe('refunded');
  await expect.poll(() => readTrial({ client: other, jobId }), { timeout: 60_000, interval: 500 }).toMatchObject({ state: 'returned' });
  expect(await balance(other)).toBe(before);
}, 180_000);
