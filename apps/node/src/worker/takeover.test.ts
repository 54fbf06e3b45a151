import { jobStates, neuroCoinAbi, parseNcr, parseReceipt, sha256Hex, trainingAbi } from '@neurodata/protocol';
import type { JobSpec, Progress } from '@neurodata/protocol';
import { leaveRole, openArtifact, parseCheckpoints, quoteRun, readReceiptFacts, startRun, storedIdentity, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { parseCid, rawCidOfDigest } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Hex } from 'viem';
import { zeroHash } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import type { Service } from '../common/service.ts';
import { dutyRows } from '../db/duties.ts';
import { compareRun } from '../duty/compareRun.ts';
import { contractsOf } from '../duty/contracts.ts';
import { trainInThread } from '../duty/runInThread.ts';
import type { Train } from '../duty/runInThread.ts';
import { freePort } from '../freePort.ts';
import { seedDatasets } from '../seed/index.ts';
import type { Seeded } from '../seed/index.ts';
import { readDatasets } from '../seed/readDatasets.ts';
import { removeDuties } from '../validator/removeDuties.ts';
import { createWorker } from './createWorker.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const HEARTBEAT_SECONDS = 3;

/** Some seconds of work in thousands of small steps. */
const long: JobSpec['train'] = {
  algorithm: 'multilayer-perceptron', target: 'weather', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: ['precipitation', 'temp_max', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })),
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { hidden_layer_sizes: [32], max_iter: 2_500, batch_size: 32, tol: 0, n_iter_no_change: 2_500 },
  limits: { maxSteps: 20_000, maxBytes: 100_000_000 },
};
const short: JobSpec['train'] = { ...long, parameters: { ...long.parameters, max_iter: 20 } };

let stack: SmallStack;
let home: string;
let validators: Service[] = [];
let buyer: NeuroClient;
let weather: Seeded;
const told = new Map<Hex, Progress[]>();

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'takeover-'));
  stack = await startSmallStack({ change: (params) => ({ ...params, training: { ...params.training, heartbeatWindow: HEARTBEAT_SECONDS } }) });
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  const seeded = await seedDatasets({ client: await stack.connect(stack.cast.people[0]!.account.privateKey), log: stack.log });
  weather = seeded[1]!;
  buyer = await stack.connect(stack.cast.people[2]!.account.privateKey);
  await waitForVersion({ client: buyer, assetId: weather.assetId, version: 1, timeoutMs: 60_000 });
});

afterAll(async () => {
  await Promise.all(validators.map((validator) => validator.stop()));
  await stack?.stop();
  await rm(home, { recursive: true, force: true });
});

/** A worker as a process of its own, as `node up --role worker` starts it. */
async function spawnWorker(index: number): Promise<ChildProcess> {
  return spawn(process.execPath, ['apps/cli/src/main.ts', 'node', 'up', '--role', 'worker', '--cores', '2', '--price-per-unit', '0.3'], {
    cwd: root, stdio: 'ignore',
    env: { ...process.env, NEURODATA_HOME: path.join(home, 'worker'), NEURODATA_PORT: String(await freePort()), NEURODATA_GATEWAYS: stack.url, NEURODATA_PRIVATE_KEY: stack.cast.workers[index]!.privateKey, NEURODATA_THREADS: '1', NEURODATA_LOG: 'error' },
  });
}

async function startWorker(index: number, train?: Train): Promise<Service> {
  const worker = createWorker({
    client: await stack.connect(stack.cast.workers[index]!.privateKey), log: stack.log, endpoint: `http://127.0.0.1/#worker-${index + 1}`, offer: { cores: 2, memoryMiB: 2_048, pricePerUnit: parseNcr('0.4') },
    progress: { write: async (jobId, progress) => void told.set(jobId, [...(told.get(jobId) ?? []), progress]) }, ...(train ? { train } : {}),
  });
  await worker.start();
  return worker;
}

const training = () => ({ address: buyer.config.deployment.addresses.training, abi: trainingAbi }) as const;
const balance = (): Promise<bigint> => buyer.publicClient.readContract({ address: buyer.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, functionName: 'balanceOf', args: [buyer.account!.address] });
const readJob = (jobId: Hex) => buyer.publicClient.readContract({ ...training(), functionName: 'job', args: [jobId] });
const stateOf = async (jobId: Hex): Promise<string | undefined> => jobStates[(await readJob(jobId)).state];
const messages = (jobId: Hex): string[] => [...new Set(told.get(jobId)?.flatMap(({ message }) => message ?? []))];

/** Until the worker has kept states of a step beyond the first; how many it has made by then. */
async function keptStep(jobId: Hex): Promise<number> {
  let step = 0;
  await expect.poll(async () => {
    const beats = await buyer.publicClient.getContractEvents({ ...training(), eventName: 'Heartbeat', args: { jobId }, strict: true, fromBlock: 0n });
    step = beats.findLast(({ args }) => args.checkpoint !== zeroHash)?.args.step ?? 0;
    return step;
  }, { timeout: 90_000, interval: 200 }).toBeGreaterThan(0);
  return step;
}

/** That the receipt is the one of a run that nobody disturbed, and the buyer can open what it names. */
async function expectUndisturbed(jobId: Hex, spec: JobSpec['train'], recipientKey: Hex): Promise<void> {
  const { receiptDigest, modelDigest } = await readReceiptFacts({ client: buyer, jobId });
  const { body } = parseReceipt(await buyer.storage.readRaw(rawCidOfDigest(receiptDigest)));
  const undisturbed = await trainInThread({ csv: (await readDatasets())[1]!.csv, spec, timeoutMs: 120_000 });
  expect(compareRun(body, undisturbed)).toBeUndefined();
  expect([modelDigest, body.checkpointRoot]).toEqual([undisturbed.modelDigest, undisturbed.checkpointRoot]);
  const identity = await storedIdentity(buyer, recipientKey);
  expect(sha256Hex(await openArtifact({ client: buyer, cid: body.sealed.modelCid, identity }))).toBe(modelDigest);
  const kept = parseCheckpoints(await openArtifact({ client: buyer, cid: body.sealed.checkpointsCid, identity })).map(({ step }) => step);
  expect(kept).toEqual(undisturbed.checkpoints.filter(({ state }) => state !== undefined).map(({ step }) => step));
}

/** That the killed worker, once it is back, takes away the states that it kept, and nothing else; and that validators forget the round. */
async function expectTakenAway(jobId: Hex): Promise<void> {
  await expect.poll(async () => jobStates[(await buyer.publicClient.readContract({ ...training(), functionName: 'job', args: [jobId], blockTag: 'finalized' })).state], { timeout: 60_000, interval: 300 }).toBe('settled');
  const notes = path.join(home, 'worker', 'runs');
  const blocks = diskBlocks({ folder: path.join(home, 'worker', 'blocks') });
  expect(await readdir(notes)).toEqual([`${jobId}.cids`]);
  const noted = [...new Set((await readFile(path.join(notes, `${jobId}.cids`), 'utf8')).split('\n').filter(Boolean))].map(parseCid);
  expect(noted.length).toBeGreaterThan(1);
  const there = (): Promise<boolean[]> => Promise.all(noted.map((cid) => blocks.has(cid)));
  expect(await there()).toContain(true);
  const others: string[] = [];
  for await (const cid of blocks.list()) if (!noted.some((one) => one.equals(cid))) others.push(cid.toString());
  expect(others.length).toBeGreaterThan(0);
  const again = await spawnWorker(0);
  await expect.poll(() => readdir(notes), { timeout: 60_000, interval: 300 }).toEqual([]);
  again.kill('SIGKILL');
  await once(again, 'exit');
  expect(await there()).toEqual(noted.map(() => false));
  expect(await Promise.all(others.map((cid) => blocks.has(parseCid(cid))))).toEqual(others.map(() => true));

  const duties = dutyRows(stack.db);
  const { roundId } = await readJob(jobId);
  const key = { validatorId: 1, roundId };
  const duty = await duties.find(key);
  const open = { ...duty!, roundId: `0x${'99'.repeat(32)}` as Hex };
  await duties.save(open);
  const setup = { client: buyer, contracts: contractsOf(buyer.config.deployment.addresses), validatorId: 1, log: stack.log };
  await removeDuties({ setup, duties, signal: new AbortController().signal });
  expect([await duties.find(key), (await duties.find(open))?.salt, await duties.list(1)]).toEqual([undefined, duty!.salt, [open.roundId]]);
  expect((await duties.list(2)).includes(roundId)).toBe(true);
}

test('a worker is killed in the middle of a run: another one goes on from its last states, for the same money', async () => {
  const first = await spawnWorker(0);
  try {
    await expect.poll(async () => (await quoteRun({ client: buyer, listingId: weather.listingIds.compute, train: long })).workers.length, { timeout: 60_000, interval: 300 }).toBe(1);
    const quote = await quoteRun({ client: buyer, listingId: weather.listingIds.compute, train: long, maxTotal: parseNcr('5') });
    const before = await balance();
    const { jobId, recipientKey, total } = await startRun({ client: buyer, listingId: weather.listingIds.compute, train: long, maxTotal: quote.total });
    expect(before - (await balance())).toBe(total);
    const step = await keptStep(jobId);
    expect(await stateOf(jobId)).toBe('claimed');
    first.kill('SIGKILL');
    await once(first, 'exit');

    const second = await startWorker(1);
    await expect.poll(() => stateOf(jobId), { timeout: 120_000, interval: 300 }).toBe('settled');
    const from = Number(/^Goes on from step (\d+), where the worker before it was/.exec(messages(jobId)[0] ?? '')?.[1]);
    expect(from).toBeGreaterThanOrEqual(step);
    const { worker, workerFee } = await readJob(jobId);
    expect(worker).toBe(stack.cast.workers[1]!.address);
    expect(workerFee).toBe(parseNcr('0.4'));
    const { stallPenalty } = await buyer.publicClient.readContract({ ...training(), functionName: 'params' });
    // One run is paid, to the worker that finished it; the one that fell silent pays the penalty.
    expect(before - (await balance())).toBe(quote.price + workerFee + quote.validationFee - stallPenalty);
    await expectUndisturbed(jobId, long, recipientKey);
    await second.stop();
    await expectTakenAway(jobId);
    await leaveRole({ client: await stack.connect(stack.cast.workers[1]!.privateKey), role: 'worker' });
  } finally {
    first.kill('SIGKILL');
  }
}, 300_000);

test('who takes over finds out that the states before it are false, and begins anew', async () => {
  // Keeps states with one number changed, and never ends.
  const liar = await startWorker(0, async (parameters) => {
    const { onAsk, signal } = parameters;
    const { checkpoints } = await trainInThread({ csv: parameters.csv, spec: parameters.spec, timeoutMs: parameters.timeoutMs, lastStep: 10 });
    const forged = checkpoints.map((checkpoint, index) => {
      if (index !== 6 || checkpoint.state === undefined) return checkpoint;
      const state = checkpoint.state.slice();
      state[state.length - 3]! ^= 1;
      return { ...checkpoint, state, digest: sha256Hex(state) };
    });
    onAsk?.(async (from) => forged.slice(from));
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  });
  const { jobId, recipientKey } = await startRun({ client: buyer, listingId: weather.listingIds.compute, train: short });
  expect(await keptStep(jobId)).toBe(10);
  await liar.stop();
  const honest = await startWorker(1);
  await expect.poll(() => stateOf(jobId), { timeout: 120_000, interval: 300 }).toBe('settled');
  expect(messages(jobId)[1]).toBe(`Begins anew: what ${stack.cast.workers[0]!.address} kept is not what the run makes.`);
  await expectUndisturbed(jobId, short, recipientKey);
  await honest.stop();
}, 300_000);
