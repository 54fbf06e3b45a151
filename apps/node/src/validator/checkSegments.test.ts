import type { TrainResult } from '@neurodata/engine';
import { jobStates, parseNcr, parseReceipt, sha256Hex, stakingAbi, trainingAbi } from '@neurodata/protocol';
import type { JobSpec } from '@neurodata/protocol';
import { challengeRun, checkpointRootOf, counterTreeOf, playChallenge, readChallenge, readRound, startRun, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { rawCidOfDigest } from '@neurodata/storage';
import { concatHex, hexToBytes } from 'viem';
import type { Hex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { findDuty } from '../db/duties.ts';
import { contractsOf } from '../duty/contracts.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { seedDatasets } from '../seed/index.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import { createWorker } from '../worker/createWorker.ts';
import { checkRound } from './checkRound.ts';
import type { CheckRound } from './checkRound.ts';
import { bindEvidence } from './finding.ts';
import { planAudit } from './planAudit.ts';

/** 1,200 steps of one small batch: a second to train, and long enough to be audited in part. */
const spec: JobSpec['train'] = {
  algorithm: 'multilayer-perceptron', target: 'Species', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [{ name: 'Beak Length (mm)', kind: 'numeric' }, { name: 'Beak Depth (mm)', kind: 'numeric' }],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { hidden_layer_sizes: [3], batch_size: 300, max_iter: 1_200, n_iter_no_change: 10_000 },
  limits: { maxSteps: 2_000, maxBytes: 50_000_000 },
};

let stack: SmallStack;
let validators: Service[] = [];
let worker: Service;
let buyer: NeuroClient;
let listingId: number;
/** What each validator does instead of its work in rounds about runs. */
let instead: (CheckRound | undefined)[] = [];
/** What the worker makes of its run, and what it has made. */
let forge = (honest: TrainResult): TrainResult => honest;
let made: { honest: TrainResult; told: TrainResult };

beforeAll(async () => {
  stack = await startSmallStack({
    change: (params) => ({ ...params, training: { ...params.training, challengeWindow: 6 } }),
    check: (index) => (round) => (round.kind === 'run' ? (instead[index] ?? checkRound) : checkRound)(round),
  });
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const [penguins] = await seedDatasets({ client: await stack.connect(stack.cast.people[0]!.account.privateKey), log: stack.log });
  listingId = penguins!.listingIds.compute;
  buyer = await stack.connect(stack.cast.people[2]!.account.privateKey);
  await waitForVersion({ client: buyer, assetId: penguins!.assetId, version: 1, timeoutMs: 60_000 });
  worker = createWorker({
    client: await stack.connect(stack.cast.workers[0]!.privateKey), log: stack.log, endpoint: 'http://127.0.0.1/#worker', offer: { cores: 2, memoryMiB: 2_048, pricePerUnit: parseNcr('0.4') }, progress: { write: async () => undefined },
    train: async (parameters) => {
      const honest = await trainInThread(parameters);
      made = { honest, told: forge(honest) };
      return made.told;
    },
  });
  await worker.start();
}, 120_000);

afterAll(async () => {
  await worker?.stop();
  await Promise.all(validators.map((validator) => validator.stop()));
  await stack?.stop();
});

const jobOf = (jobId: Hex) => buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
const stateOf = async (jobId: Hex): Promise<string | undefined> => jobStates[(await jobOf(jobId)).state];
const stakes = () => Promise.all(stack.cast.validators.map(({ address }) => buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [address] })));
const end = (jobId: Hex, state: string) => expect.poll(() => stateOf(jobId), { timeout: 60_000, interval: 200 }).toBe(state);

/** Runs a job until its verdict is there; with the steps that the chain drew. */
async function judge(): Promise<{ jobId: Hex; roundId: Hex; state: string | undefined; digests: Hex[]; drawn: number[] }> {
  const { jobId } = await startRun({ client: buyer, listingId, train: spec });
  await expect.poll(() => stateOf(jobId), { timeout: 60_000, interval: 100 }).toMatch(/accepted|rejected/);
  const job = await jobOf(jobId);
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(job.receiptDigest)));
  const { segments } = await planAudit({ client: buyer, contracts: contractsOf(buyer.config.deployment.addresses) }, job, { train: spec });
  return { jobId, roundId: job.roundId, state: jobStates[job.state], digests: body.checkpointDigests, drawn: segments };
}

/** Each state with one bit changed where that is forged, linked to the one before, as its digest says. */
function forgeStates(isForged: (step: number) => boolean): (honest: TrainResult) => TrainResult {
  return (honest) => {
    const digests: Hex[] = [];
    const checkpoints = honest.checkpoints.map((checkpoint, step) => {
      const state = checkpoint.state!.slice();
      if (step > 0) state.set(hexToBytes(digests[step - 1]!), 40);
      // A high bit of a moment, so that a step does not lead from one forged state to the next.
      if (isForged(step)) state[state.length - 6]! ^= 0x40;
      digests.push(sha256Hex(state));
      return { ...checkpoint, state, digest: digests[step]! };
    });
    return { ...honest, checkpoints, checkpointRoot: checkpointRootOf(digests)! };
  };
}

/** Challenges and shows both sides' checkpoints until referees are asked; then until they have answered. */
async function challenge(jobId: Hex, receipt: Hex[], counter: Hex[]): Promise<Awaited<ReturnType<typeof readChallenge>>> {
  const { digests, root } = counterTreeOf({ digests: counter, count: receipt.length });
  const { challengeId } = await challengeRun({ client: buyer, jobId, counterRoot: root });
  await playChallenge({ client: buyer, challengeId, receipt, counter: digests });
  await expect.poll(async () => (await readChallenge({ client: buyer, challengeId })).stage, { timeout: 60_000, interval: 200 }).toBe('over');
  return readChallenge({ client: buyer, challengeId });
}

test('an honest run is accepted on its drawn segments, and who shows evidence made of what it could read is accused', async () => {
  instead = [undefined, undefined, async ({ setup: { account }, roundId, subject }) => {
    const { receiptDigest } = await jobOf(subject);
    const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(receiptDigest)));
    return { verdict: 'accept', reason: 'read, not run', evidence: bindEvidence({ roundId, account, bytes: concatHex(body.checkpointDigests) }) };
  }];
  const before = await stakes();
  const { jobId, roundId, state, drawn } = await judge();
  expect(state).toBe('accepted');
  expect(drawn.length).toBeGreaterThan(30);
  expect(drawn.length).toBeLessThan(47);
  const [first, second] = await Promise.all([1, 2].map((validatorId) => findDuty(stack.db, { validatorId, roundId })));
  expect(first?.proofs).toEqual(second?.proofs);
  expect(first?.digests).toBeUndefined();
  const { reveals } = await readRound({ client: buyer, roundId });
  expect(reveals.filter(({ validatorId, evidence }) => first?.proofs?.[validatorId] === evidence).map(({ validatorId }) => validatorId).toSorted()).toEqual([1, 2]);
  await end(jobId, 'settled');
  expect((await stakes()).map((stake, index) => stake < before[index]!)).toEqual([false, false, true]);
  instead = [];
}, 120_000);

test('a forged stretch is rejected by all, with checkpoints that lead a challenge to a segment which was drawn', async () => {
  forge = forgeStates((step) => step >= 400);
  const { jobId, roundId, state, digests, drawn } = await judge();
  expect(state).toBe('rejected');
  const duties = await Promise.all([1, 2, 3].map((validatorId) => findDuty(stack.db, { validatorId, roundId })));
  const first = drawn.find((segment) => segment >= 399)!;
  for (const duty of duties) {
    expect(duty?.verdict).toBe('reject');
    expect(duty?.digests?.slice(0, -1)).toEqual(digests.slice(0, first + 1));
    expect(duty?.digests?.at(-1)).not.toBe(digests[first + 1]);
  }
  await end(jobId, 'slashed');
}, 120_000);

test('a forged model is rejected, whatever was drawn', async () => {
  forge = (honest) => {
    const model = honest.model.slice();
    model[model.length - 1]! ^= 1;
    return { ...honest, model, modelDigest: sha256Hex(model) };
  };
  const { jobId, roundId, state, digests } = await judge();
  expect(state).toBe('rejected');
  expect((await findDuty(stack.db, { validatorId: 1, roundId }))?.digests).toEqual(digests);
  await end(jobId, 'slashed');
}, 120_000);

test('a bribed committee pays for a wrong segment that it had to look at', async () => {
  forge = forgeStates((step) => step >= 400);
  const bribed: CheckRound = ({ roundId, setup: { account } }) => Promise.resolve({ verdict: 'accept', reason: 'bribed', evidence: bindEvidence({ roundId, account, bytes: '0x' }) });
  instead = [bribed, bribed, bribed];
  const before = await stakes();
  const { jobId, state, digests, drawn } = await judge();
  instead = [];
  expect(state).toBe('accepted');
  const segment = drawn.find((one) => one >= 399)!;
  // What was forged before it is not what is asked about.
  expect(await challenge(jobId, digests, [...digests.slice(0, segment + 1), sha256Hex(new Uint8Array())])).toMatchObject({ outcome: 'overturned', high: segment + 2 });
  await end(jobId, 'slashed');
  expect((await stakes()).map((stake, index) => stake < before[index]!)).toEqual([true, true, true]);
}, 120_000);

test('a single wrong step that was not drawn is found by a challenge, and costs honest members nothing', async () => {
  forge = forgeStates((step) => step === 700);
  const before = await stakes();
  let run = await judge();
  // One run in fourteen draws one of the two steps that are wrong.
  while (run.state === 'rejected') run = await judge();
  const { jobId, digests } = run;
  expect(await challenge(jobId, digests, made.honest.checkpoints.map(({ digest }) => digest))).toMatchObject({ outcome: 'overlooked', high: 701 });
  await end(jobId, 'slashed');
  expect(await stakes()).toEqual(before);
}, 180_000);
