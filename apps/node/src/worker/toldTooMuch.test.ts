import type { TrainResult } from '@neurodata/engine';
import { canonicalJson, encodeReceipt, jobStates, neuroCoinAbi, parseNcr, parseReceipt, sha256Hex, trainingAbi } from '@neurodata/protocol';
import type { JobSpec, Progress } from '@neurodata/protocol';
import { finalizeRun, offerTrials, readTrial, reportProgress, sealArtifact, settleTrial, signReceipt, startRun, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { bytesToHex, stringToHex } from 'viem';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import type { HandlerContext } from '../api/handlers/Handler.ts';
import { reportProgress as takeProgress } from '../api/handlers/reports.ts';
import type { Service } from '../common/service.ts';
import { findDuty } from '../db/duties.ts';
import { findProgress } from '../db/progress.ts';
import { contractsOf } from '../duty/contracts.ts';
import { readCheckedSpec, readJob } from '../duty/readJob.ts';
import type { CheckedSpec, Job } from '../duty/readJob.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { seedDatasets } from '../seed/index.ts';
import { bindEvidence } from '../validator/finding.ts';
import { makeReceipt } from './makeReceipt.ts';
import { openRows } from './openRows.ts';
import { registerWorker } from './registerWorker.ts';
import type { WorkerSetup } from './setup.ts';

/** A worker that makes its trial runs honestly and then tells more than rounded metrics. */

const train: JobSpec['train'] = {
  algorithm: 'logistic-regression', target: 'Species', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [{ name: 'Beak Length (mm)', kind: 'numeric' }, { name: 'Body Mass (g)', kind: 'numeric' }, { name: 'Island', kind: 'categorical' }],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: { C: 1, max_iter: 50, tol: 1e-6 }, limits: { maxSteps: 50, maxBytes: 50_000_000 },
};
const fee = parseNcr('2');

let stack: SmallStack;
let validators: Service[] = [];
let buyer: NeuroClient;
let setup: WorkerSetup;
let listingId: number;

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const publisher = await stack.connect(stack.cast.people[0]!.account.privateKey);
  const [penguins] = await seedDatasets({ client: publisher, log: stack.log });
  listingId = penguins!.listingIds.compute;
  buyer = await stack.connect(stack.cast.people[2]!.account.privateKey);
  await waitForVersion({ client: buyer, assetId: penguins!.assetId, version: 1, timeoutMs: 60_000 });
  await offerTrials({ client: publisher, listingId, fee, cap: 10 });
  const client = await stack.connect(stack.cast.workers[0]!.privateKey);
  await registerWorker({ client, endpoint: 'http://127.0.0.1/#worker', offer: { cores: 2, memoryMiB: 2_048, pricePerUnit: parseNcr('0.4') } });
  setup = { client, contracts: contractsOf(client.config.deployment.addresses), account: client.account!.address, progress: { write: async () => undefined }, train: trainInThread, threads: 1, cores: 2, log: stack.log };
}, 120_000);

afterAll(async () => {
  await Promise.all(validators.map((service) => service.stop()));
  await stack?.stop();
});

const stateOf = async (jobId: Hex): Promise<string | undefined> => {
  const { state } = await buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  return jobStates[state];
};
const balance = (): Promise<bigint> => buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [buyer.account!.address] });

type Run = { job: Job; checked: Exclude<CheckedSpec, { problem: string }>; result: TrainResult };

/** Opens a trial, claims it and makes the run. */
async function runTrial(): Promise<Run> {
  const { client, contracts, account } = setup;
  const { jobId } = await startRun({ client: buyer, listingId, train, trial: true });
  await expect.poll(() => client.publicClient.readContract({ ...contracts.training, functionName: 'drawnWorker', args: [jobId] }), { timeout: 30_000 }).toBe(account);
  await client.send({ ...contracts.training, functionName: 'claimJob', args: [jobId], sentence: 'Claim' });
  const job = await readJob(client, jobId);
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) throw new Error(checked.problem);
  const { csv } = await openRows({ setup, jobId, facts: checked.facts, timeoutMs: 30_000, signal: AbortSignal.timeout(30_000) });
  return { job, checked, result: await trainInThread({ csv, spec: checked.spec.train, threads: 1, timeoutMs: 30_000 }) };
}

/** The receipt that the protocol asks for. */
async function honestReceipt({ job, checked, result }: Run): Promise<Hex> {
  return (await makeReceipt({ setup, job, ...checked, result })).receiptDigest;
}

async function handIn({ job: { jobId }, result }: Run, receiptDigest: Hex): Promise<void> {
  const { modelDigest, checkpointRoot, engineId, checkpoints } = result;
  const receipt = { receiptDigest, modelDigest, checkpointRoot, engineId, canary: sha256Hex(new Uint8Array(32)), checkpoints: checkpoints.length, totalSteps: 0 };
  await setup.client.send({ ...setup.contracts.training, functionName: 'submitReceipt', args: [jobId, receipt], sentence: 'Hand in' });
}

/** Hands a receipt in, which all validators refuse for this reason: the bond is lost, fee and money come back. */
async function expectSlashed(run: Run, receiptDigest: Hex, before: bigint, reason: string): Promise<void> {
  const { job: { jobId } } = run;
  await handIn(run, receiptDigest);
  await expect.poll(() => stateOf(jobId), { timeout: 60_000, interval: 200 }).toMatch(/accepted|rejected/);
  const { roundId } = await readJob(buyer, jobId);
  for (const [index, { address }] of stack.cast.validators.entries()) {
    expect((await findDuty(stack.db, { validatorId: index + 1, roundId }))?.evidence).toBe(bindEvidence({ roundId, account: address, bytes: stringToHex(reason) }));
  }
  await expect.poll(async () => {
    await finalizeRun({ client: buyer, jobId }).catch(() => undefined);
    return stateOf(jobId);
  }, { timeout: 60_000, interval: 500 }).toBe('slashed');
  await settleTrial({ client: buyer, jobId });
  expect(await readTrial({ client: buyer, jobId })).toMatchObject({ state: 'returned' });
  expect(await balance()).toBe(before);
}

test('exact metrics in the receipt cost the worker its bond', async () => {
  const before = await balance();
  const run = await runTrial();
  const { output: _, ...whole } = run.checked.spec;
  const { receiptDigest } = await makeReceipt({ setup, job: run.job, facts: run.checked.facts, spec: whole, result: run.result });
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(receiptDigest)));
  expect(body.metrics.confusion).not.toEqual([]);
  await expectSlashed(run, receiptDigest, before, "The receipt's metrics differs from the re-execution.");
}, 120_000);

test('so does a model that the buyer can open, beside rounded metrics', async () => {
  const before = await balance();
  const run = await runTrial();
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(await honestReceipt(run))));
  const keys = stack.identities.map(({ publicKey }) => bytesToHex(publicKey));
  const { cid: modelCid } = await sealArtifact({ client: setup.client, bytes: run.result.model, recipients: [...keys, run.job.recipientKey] });
  const { bytes, digest } = encodeReceipt(await signReceipt({ client: setup.client, body: { ...body, sealed: { ...body.sealed, modelCid } } }));
  await setup.client.storage.addRaw(bytes);
  await expectSlashed(run, digest, before, 'The sealed model of a trial run can be opened in 4 ways (X25519), and there were 3 validators while it ran.');
}, 120_000);

test('so do words beside those of a receipt', async () => {
  const before = await balance();
  const run = await runTrial();
  const receipt = JSON.parse(new TextDecoder().decode(await buyer.storage.readRaw(rawCidOfDigest(await honestReceipt(run))))) as { body: object };
  const bytes = canonicalJson({ ...receipt, body: { ...receipt.body, notes: JSON.stringify(run.result.metrics) } });
  await setup.client.storage.addRaw(bytes);
  await expectSlashed(run, sha256Hex(bytes), before, 'The receipt of a trial run holds more than a receipt does.');
}, 120_000);

test('losses and words that it reports on the way are shown to nobody, and an honest receipt is accepted', async () => {
  const run = await runTrial();
  const { jobId } = run.job;
  const context = { db: stack.db, config: buyer.config, client: buyer.publicClient } as HandlerContext;
  const gateway = { reportProgress: ({ progress, signature }: { progress: Progress; signature: Hex }) => takeProgress(context, { params: { jobId }, body: { progress, signature } } as Parameters<typeof takeProgress>[1]) };
  await reportProgress({ client: setup.client, gateways: [gateway], jobId, progress: { stage: 'training', step: 3, maxSteps: 50, loss: 0.123456, lossCurve: [0.9, 0.123456], secondsLeft: 4.0078125, message: 'Row 7 is Adelie.', updatedAt: Math.floor(Date.now() / 1_000) } });
  expect(await findProgress(stack.db, jobId)).toEqual({ stage: 'training', step: 3, maxSteps: 50, lossCurve: [], secondsLeft: 5, updatedAt: expect.any(Number) });
  await handIn(run, await honestReceipt(run));
  await expect.poll(() => stateOf(jobId), { timeout: 60_000, interval: 200 }).toBe('accepted');
}, 120_000);
