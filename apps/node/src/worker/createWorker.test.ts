import { jobStates, neuroCoinAbi, parseNcr, parseReceipt, sha256Hex, trainingAbi } from '@neurodata/protocol';
import type { JobSpec, Progress } from '@neurodata/protocol';
import { openArtifact, parseCheckpoints, readReceiptFacts, startRun, storedIdentity, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import { trainInThread } from '../duty/runInThread.ts';
import type { Train } from '../duty/runInThread.ts';
import { seedDatasets } from '../seed/index.ts';
import type { Seeded } from '../seed/index.ts';
import { createWorker } from './createWorker.ts';
import { findSpecProblem } from './checkJob.ts';

const spec: JobSpec['train'] = {
  algorithm: 'logistic-regression', target: 'Species', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [
    { name: 'Beak Length (mm)', kind: 'numeric' }, { name: 'Beak Depth (mm)', kind: 'numeric' }, { name: 'Flipper Length (mm)', kind: 'numeric' },
    { name: 'Body Mass (g)', kind: 'numeric' }, { name: 'Island', kind: 'categorical' }, { name: 'Sex', kind: 'categorical' },
  ],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 50, tol: 1e-6 },
  limits: { maxSteps: 50, maxBytes: 50_000_000 },
};

let stack: SmallStack;
let validators: Service[] = [];
let buyer: NeuroClient;
let penguins: Seeded;
const told = new Map<Hex, Progress[]>();

async function startWorker(index: number, how?: Train): Promise<Service> {
  const worker = createWorker({
    client: await stack.connect(stack.cast.workers[index]!.privateKey), log: stack.log, endpoint: `http://127.0.0.1/#worker-${index + 1}`, offer: { cores: 2, memoryMiB: 2_048, pricePerUnit: parseNcr('0.4') },
    progress: { write: async (jobId, progress) => void told.set(jobId, [...(told.get(jobId) ?? []), progress]) }, ...(how ? { train: how } : {}),
  });
  await worker.start();
  return worker;
}

async function readState(jobId: Hex): Promise<string | undefined> {
  const { state } = await buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  return jobStates[state];
}

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const seeded = await seedDatasets({ client: await stack.connect(stack.cast.people[0]!.account.privateKey), log: stack.log });
  penguins = seeded[0]!;
  buyer = await stack.connect(stack.cast.people[2]!.account.privateKey);
  await waitForVersion({ client: buyer, assetId: penguins.assetId, version: 1, timeoutMs: 60_000 });
});

afterAll(async () => {
  await Promise.all(validators.map((validator) => validator.stop()));
  await stack?.stop();
});

test('runs a job that validators re-execute to the same bits, and takes it up after a restart in the middle', async () => {
  const reached = Promise.withResolvers<void>();
  const first = await startWorker(0, async ({ signal }) => {
    reached.resolve();
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  });
  const { jobId, recipientKey } = await startRun({ client: buyer, listingId: penguins.listingIds.compute, train: spec });
  await reached.promise;
  await first.stop();
  expect(await readState(jobId)).toBe('claimed');
  const worker = await startWorker(0);
  await expect.poll(() => readState(jobId), { timeout: 90_000, interval: 300 }).toBe('settled');
  const { receiptDigest, modelDigest } = await readReceiptFacts({ client: buyer, jobId });
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(receiptDigest)));
  const identity = await storedIdentity(buyer, recipientKey);
  expect(sha256Hex(await openArtifact({ client: buyer, cid: body.sealed.modelCid, identity }))).toBe(modelDigest);
  expect(parseCheckpoints(await openArtifact({ client: buyer, cid: body.sealed.checkpointsCid, identity })).map(({ digest }) => digest)).toEqual(body.checkpointDigests);
  expect(body.metrics.scores['accuracy']).toBeGreaterThan(0.95);
  await expect.poll(() => told.get(jobId)?.at(-1)?.stage, { timeout: 5_000 }).toBe('done');
  expect(told.get(jobId)?.at(-1)?.lossCurve).toEqual(body.lossCurve);
  await worker.stop();
}, 180_000);

test('a worker that forges its result loses its bond, and the buyer gets the money back', async () => {
  const forger = await startWorker(0, async (parameters) => {
    const honest = await trainInThread(parameters);
    const model = honest.model.slice();
    model[model.length - 1]! ^= 1;
    return { ...honest, model, modelDigest: sha256Hex(model) };
  });
  const before = await balance();
  const { jobId } = await startRun({ client: buyer, listingId: penguins.listingIds.compute, train: spec });
  await expect.poll(() => readState(jobId), { timeout: 90_000, interval: 300 }).toBe('slashed');
  expect(await balance()).toBe(before);
  await expect.poll(() => told.get(jobId)?.at(-1)?.message, { timeout: 5_000 }).toBe('Validators found another result; the money went back to the buyer.');
  await forger.stop();
}, 180_000);

test('takes no job that can only fail, and returns its money when its time is over', async () => {
  const workers = await Promise.all([startWorker(0), startWorker(1)]);
  const before = await balance();
  const { jobId } = await startRun({ client: buyer, listingId: penguins.listingIds.compute, train: { ...spec, target: 'Colour' } });
  await expect.poll(() => told.get(jobId)?.at(-1)?.message, { timeout: 30_000 }).toMatch(/^The table has no column "Colour"/);
  expect(await readState(jobId)).toBe('open');
  await stack.chain.mine({ secondsLater: 120 });
  await expect.poll(() => readState(jobId), { timeout: 30_000, interval: 300 }).toBe('refunded');
  expect(await balance()).toBe(before);
  await Promise.all(workers.map((worker) => worker.stop()));
}, 120_000);

test('names what is wrong with a spec', () => {
  const columns = [{ name: 'a', kind: 'numeric' as const, missing: 0, distinct: 3 }, { name: 'b', kind: 'categorical' as const, missing: 0, distinct: 1 }];
  const on = (target: string, name: string): JobSpec['train'] => ({ ...spec, target, features: [{ name, kind: 'numeric' }] });
  expect(findSpecProblem(on('a', 'b'), columns)).toBe('Column "b" does not hold numbers only: use it as categorical.');
  expect(findSpecProblem(on('b', 'a'), columns)).toBe('Column "b" has 1 different values; a target needs at least 2.');
  expect(findSpecProblem(on('c', 'a'), columns)).toBe('The table has no column "c": its columns are "a", "b".');
  expect(findSpecProblem({ ...on('a', 'b'), limits: { maxSteps: 100_001, maxBytes: 2048 } }, columns)).toMatch(/^spec.limits.maxSteps is 100001/);
});

async function balance(): Promise<bigint> {
  const { account, publicClient, config } = buyer;
  return publicClient.readContract({ address: config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [account!.address] });
}
