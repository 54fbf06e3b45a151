import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startNet } from '@neurodata/node';
import type { RunningNet } from '@neurodata/node';
import { jobStates, trainingAbi, validatorsAbi } from '@neurodata/protocol';
import { readLogs, startRun } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { bringPeople } from './faults/people.ts';
import { openShop, training } from './faults/shop.ts';

const BUYERS = 6;
const LOOK_EVERY_MS = 1_000;
const LONGEST_MS = 1_200_000;
const ended = new Set(['settled', 'slashed', 'refunded', 'cancelled']);

/**
 * `seconds`: from the first order of a run to the last verdict. `verdictP50`, `verdictP99`: from a receipt to the verdict on it, by the times of
 * their blocks, seconds; `firstThird`, `lastThird`: its mean over the first and the last runs. `waitingMost`: receipts without a verdict at once.
 */
export type VerifyFigures = { validators: number; workers: number; runs: number; settled: number; seconds: number; runsPerMinute: number; verdictP50: number; verdictP99: number; firstThird: number; lastThird: number; waitingMost: number };

/** Whether validators keep up with as many workers as there are validators, each with one thread: `npm run bench -- verify [--validators 7] [--workers 7] [--runs 60]`. The last line is JSON. */
export async function run(): Promise<VerifyFigures> {
  const { values } = parseArgs({
    args: process.argv.slice(3), strict: true,
    options: { validators: { type: 'string', default: '7' }, workers: { type: 'string', default: '7' }, runs: { type: 'string', default: '60' } },
  });
  const [validators, workers, runs] = [values.validators, values.workers, values.runs].map(Number) as [number, number, number];
  const folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-verify-'));
  let net: RunningNet | undefined;
  try {
    const main = path.resolve(import.meta.dirname, '../apps/cli/src/main.ts');
    const environment = { ...process.env, NEURODATA_WEB: '0', NEURODATA_THREADS: '1' };
    net = await startNet({ folder, size: { validators, workers, gateways: 1 }, port: 0, command: [process.execPath, main], environment, say: (line) => console.log(line) });
    const figures = { validators, workers, runs, ...(await runAll(net, { validators, runs })) };
    console.log(JSON.stringify(figures));
    return figures;
  } finally {
    await net?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Orders all runs at once, so that no worker ever waits for one, and follows them to their verdicts. */
async function runAll(net: RunningNet, { validators, runs }: { validators: number; runs: number }): Promise<Omit<VerifyFigures, 'validators' | 'workers' | 'runs'>> {
  const gateways = net.plan.nodes.filter(({ role }) => role === 'gateway').map(({ port }) => `http://127.0.0.1:${port}`);
  const [owner, ...buyers] = await bringPeople({ names: ['owner', ...Array.from({ length: BUYERS }, (_, index) => `buyer ${index + 1}`)], seed: 1, gateways });
  const ware = await openShop({ owner: owner!, seed: 1, asset: 0, threshold: Math.floor(validators / 2) + 1 });
  const begun = performance.now();
  const shares = buyers.map((buyer, index) => ({ buyer, count: Math.floor((runs + index) / BUYERS) }));
  const jobs = (await Promise.all(shares.map(async ({ buyer: { client }, count }) => {
    const own: Hex[] = [];
    for (let index = 0; index < count; index += 1) own.push((await startRun({ client, listingId: ware.compute, version: 1, train: training })).jobId);
    return own;
  }))).flat();
  const { client } = owner!;
  const states = await follow(client, jobs);
  const seconds = (performance.now() - begun) / 1_000;
  const spans = await spansOf(client, jobs);
  const lags = spans.map(([from, to]) => to - from);
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const third = Math.max(1, Math.floor(lags.length / 3));
  return {
    settled: states.filter((state) => state === 'settled').length, seconds: Math.round(seconds), runsPerMinute: round((runs * 60) / seconds), verdictP50: at(0.5), verdictP99: at(0.99),
    firstThird: meanOf(lags.slice(0, third)), lastThird: meanOf(lags.slice(-third)), waitingMost: mostAtOnce(spans),
  };
}

async function follow(client: NeuroClient, jobs: Hex[]): Promise<string[]> {
  for (const until = performance.now() + LONGEST_MS; ; await sleep(LOOK_EVERY_MS)) {
    const states = await Promise.all(jobs.map(async (jobId) => jobStates[(await client.publicClient.readContract({ address: client.config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] })).state] ?? 'none'));
    const over = states.filter((state) => ended.has(state)).length;
    process.stderr.write(`\r  ${over}/${jobs.length} runs have ended `);
    if (over === jobs.length || performance.now() > until) {
      process.stderr.write('\n');
      return states;
    }
  }
}

/** When each run's receipt came and when its round was settled, seconds, in the order of the receipts. */
async function spansOf(client: NeuroClient, jobs: Hex[]): Promise<[number, number][]> {
  const { training: address, validators } = client.config.deployment.addresses;
  const [receipts, opened, settled] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ address, abi: trainingAbi, eventName: 'ReceiptSubmitted', strict: true, ...range })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ address: validators, abi: validatorsAbi, eventName: 'RoundOpened', strict: true, ...range })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ address: validators, abi: validatorsAbi, eventName: 'RoundSettled', strict: true, ...range })),
  ]);
  const times = new Map<bigint, Promise<number>>();
  const timeOf = (block: bigint): Promise<number> => {
    const known = times.get(block) ?? client.publicClient.getBlock({ blockNumber: block }).then(({ timestamp }) => Number(timestamp));
    times.set(block, known);
    return known;
  };
  const own = receipts.filter(({ args }) => jobs.includes(args.jobId));
  const spans = await Promise.all(own.map(async ({ args, blockNumber }): Promise<[number, number] | undefined> => {
    const round = opened.find((log) => log.args.subject === args.jobId);
    const end = settled.find((log) => log.args.roundId === round?.args.roundId);
    return end && [await timeOf(blockNumber), await timeOf(end.blockNumber)];
  }));
  return spans.filter((span) => span !== undefined);
}

function mostAtOnce(spans: [number, number][]): number {
  const changes = spans.flatMap(([from, to]) => [[from, 1], [to, -1]] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [now, most] = [0, 0];
  for (const [, change] of changes) most = Math.max(most, (now += change));
  return most;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const meanOf = (values: number[]): number => round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
