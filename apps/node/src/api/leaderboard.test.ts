import { encodeJobSpec, encodeReceipt, leaderboardSplitOf, leaderboardStanding } from '@neurodata/protocol';
import type { JobSpec, LeaderboardDto, Receipt } from '@neurodata/protocol';
import { createApi } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseUnits } from 'viem';
import type { Hex } from 'viem';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import type { Indexer } from '../indexer/createIndexer.ts';
import { bytes32, createWorld } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';

/** Runs on the real contracts, whose specs and receipts the indexer fetches by their digests. */

let world: World;
let db: Database;
let indexer: Indexer;
let served: ServedApi;
const [documents, hidden] = [new Map<Hex, Uint8Array>(), new Map<Hex, Uint8Array>()];

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const readDocument = async (digest: Hex): Promise<Uint8Array> => world.manifests.get(digest) ?? documents.get(digest) ?? Promise.reject(new Error('nobody has it'));
  indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument, onChange: () => undefined });
  await indexer.start();
  served = await serveApi({ chain: world, db });
});
afterAll(async () => {
  await indexer.stop();
  await served.close();
  await db.close();
  await world.stop();
});

const coin = (amount: string): bigint => parseUnits(amount, 18);
const title = 'Palmer penguins';

/** Waits until the rows stand at the head, and then for what `find` asks for. */
async function boardWhere(assetId: number, query: object, isThere: (board: LeaderboardDto) => boolean): Promise<LeaderboardDto> {
  const head = Number(await world.publicClient.getBlockNumber({ cacheTime: 0 }));
  await until(async () => ((indexer.head()?.indexed ?? 0) >= head ? true : undefined));
  return until(async () => {
    const board = await createApi({ url: served.api.url }).getLeaderboard({ assetId, ...query });
    return isThere(board) ? board : undefined;
  });
}

type Run = { train?: Partial<JobSpec['train']>; accuracy?: number; score?: Record<string, number | null>; listingId: number };

function specOf(assetId: number, train: Partial<JobSpec['train']>): JobSpec {
  return {
    version: 1, input: { assetId, version: 1, contentRoot: bytes32(`${title} root`) }, engineId: bytes32('engine'),
    train: {
      algorithm: 'logistic-regression', task: 'classification', target: 'species', features: [{ name: 'bill', kind: 'numeric' }, { name: 'mass', kind: 'numeric' }], weight: null,
      preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' }, split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: {}, limits: { maxSteps: 100, maxBytes: 4096 }, ...train,
    },
  };
}

function receiptOf(parameters: { jobId: Hex; spec: JobSpec; scores: Record<string, number | null> }): Receipt {
  const { jobId, spec, scores } = parameters;
  const metrics = { task: spec.train.task, scores, confusion: [], classes: [], trainRows: 258, testRows: 86, droppedRows: 0 };
  return {
    body: {
      version: 1, jobId, specDigest: encodeJobSpec(spec).digest, input: spec.input, engineId: spec.engineId, steps: 3, converged: true, checkpointRoot: bytes32('root'), checkpointDigests: [], modelDigest: bytes32('model'),
      metrics, lossCurve: [], logDigest: bytes32('log'), sealed: { modelCid: 'bafkreimodel', checkpointsCid: 'bafkreicheckpoints' },
    },
    worker: world.accounts.workers[0]!, signature: '0x00',
  };
}

test('runs on the held-out rows that the chain fixed, in order of a score, of cost and of time', async () => {
  const { assetId: id, roundId } = await world.publish(title);
  const assetId = Number(id);
  const registeredIn = Number(await world.publicClient.getBlockNumber({ cacheTime: 0 }));
  expect(await boardWhere(assetId, {}, () => true)).toEqual({ assetId, version: 1, split: { fixed: false, block: registeredIn + 1 }, sections: [], waiting: 0, items: [] });
  await world.decide(roundId);
  const { hash: blockHash } = await world.publicClient.getBlock({ blockNumber: BigInt(registeredIn + 1) });
  const split = leaderboardSplitOf({ chainId: 31_337, registry: world.deployment.addresses.assetRegistry, assetId, version: 1, blockHash });
  expect((await boardWhere(assetId, {}, () => true)).split).toEqual({ fixed: true, block: registeredIn + 1, blockHash, split });

  const [dear, cheap] = [await world.list(id, { kind: 'compute', price: coin('3') }), await world.list(id, { kind: 'compute', price: coin('1') })];
  const runs = new Map<string, { jobId: Hex; spec: JobSpec }>();
  const open = async (name: string, { train = {}, listingId }: Run): Promise<{ jobId: Hex; spec: JobSpec }> => {
    const spec = specOf(assetId, { split, ...train });
    const { bytes, digest } = encodeJobSpec(spec);
    documents.set(digest, bytes);
    const run = { jobId: await world.openJob(listingId, name, digest), spec };
    runs.set(name, run);
    return run;
  };
  const finish = async (name: string, run: Run, extra: { verdict?: 1 | 2; of?: Hex; hidden?: boolean } = {}): Promise<void> => {
    const { jobId, spec } = await open(name, run);
    const { bytes, digest } = encodeReceipt(receiptOf({ jobId: extra.of ?? jobId, spec, scores: run.score ?? { accuracy: run.accuracy ?? 0.5, logLoss: 1 } }));
    (extra.hidden ? hidden : documents).set(digest, bytes);
    await world.decide(await world.runJob(jobId, digest), extra.verdict);
  };
  await finish('good', { accuracy: 0.96, listingId: dear });
  await finish('cheap', { accuracy: 0.91, train: { algorithm: 'decision-tree' }, listingId: cheap });
  await finish('as good', { accuracy: 0.96, train: { algorithm: 'k-nearest-neighbours' }, listingId: dear });
  await finish('undefined', { score: { accuracy: null }, listingId: dear });
  await finish('numbers', { train: { task: 'regression', target: 'mass' }, score: { r2: 0.8, rmse: 310 }, listingId: cheap });
  await finish('other rows', { accuracy: 1, train: { split: { ...split, seed: (split.seed + 1) % 2 ** 32 } }, listingId: cheap });
  await finish('clusters', { train: { task: 'clustering', target: null }, listingId: cheap });
  await finish('rejected', { accuracy: 1, listingId: cheap }, { verdict: 2 });
  await finish("another's receipt", { accuracy: 1, listingId: cheap }, { of: runs.get('good')!.jobId });
  await finish('receipt that nobody has', { accuracy: 1, listingId: cheap }, { hidden: true });
  await open('still open', { listingId: cheap });

  const sections = [{ task: 'classification', target: 'species', runs: 4 }, { task: 'regression', target: 'mass', runs: 1 }];
  const board = await boardWhere(assetId, {}, ({ sections: [first, second], waiting }) => first?.runs === 4 && second?.runs === 1 && waiting === 2);
  expect(board).toMatchObject({ sections, waiting: 2, section: { task: 'classification', target: 'species', sort: 'accuracy', better: 'higher' } });
  const nameOf = (jobId: Hex): string => [...runs].find(([, run]) => run.jobId === jobId)![0];
  const order = ({ items }: LeaderboardDto): [number, string][] => items.map(({ rank, jobId }) => [rank, nameOf(jobId)]);
  expect(order(board)).toEqual([[1, 'good'], [1, 'as good'], [3, 'cheap'], [4, 'undefined']]);
  const job = await createApi({ url: served.api.url }).getJob({ jobId: runs.get('cheap')!.jobId });
  const at = (event: string): number => job.activity.find((one) => one.event === event)!.at;
  expect(board.items[2]).toEqual({
    rank: 3, jobId: job.jobId, algorithm: 'decision-tree', features: 2, scores: { accuracy: 0.91, logLoss: 1 }, testRows: 86, trainRows: 258, steps: 3, seconds: at('ReceiptSubmitted') - at('JobClaimed'),
    cost: job.price + job.workerFee + job.validationFee, price: coin('1'), workerFee: job.workerFee, validationFee: job.validationFee, buyer: job.buyer, worker: job.worker, engineId: job.receipt!.engineId,
    openedAt: job.openedAt, receiptDigest: job.receipt!.receiptDigest, receiptCid: job.receipt!.receiptCid,
  });
  // The one rule in words and the one in SQL agree about every run; but for those whose documents say or hold something else.
  for (const [name, { jobId, spec: { train } }] of runs) {
    if (name === "another's receipt" || name === 'receipt that nobody has') continue;
    const { state, receipt } = await createApi({ url: served.api.url }).getJob({ jobId });
    const listed = [...board.items, ...(await boardWhere(assetId, { target: 'mass' }, () => true)).items].some((entry) => entry.jobId === jobId);
    expect([name, listed]).toEqual([name, leaderboardStanding({ state, totalSteps: receipt?.totalSteps, train, split }).counts === 'yes']);
  }

  expect(order(await boardWhere(assetId, { sort: 'cost' }, () => true))).toEqual([[1, 'cheap'], [2, 'good'], [2, 'as good'], [2, 'undefined']]);
  const byTime = await boardWhere(assetId, { sort: 'time' }, () => true);
  expect(byTime.items.map(({ seconds }) => seconds)).toEqual(byTime.items.map(({ seconds }) => seconds).toSorted((a, b) => a - b));
  expect(order(await boardWhere(assetId, { target: 'mass', sort: 'rmse' }, () => true))).toEqual([[1, 'numbers']]);
  const first = await boardWhere(assetId, { limit: 3 }, () => true);
  expect([order(first).length, first.next, order(await boardWhere(assetId, { limit: 3, cursor: first.next! }, () => true))]).toEqual([3, 3, [[4, 'undefined']]]);
  expect(await boardWhere(assetId, { target: 'island' }, () => true)).toMatchObject({ sections, items: [] });
  await expect(boardWhere(assetId, { sort: 'rmse' }, () => true)).rejects.toMatchObject({ code: 'BAD_INPUT', remedy: expect.stringContaining('accuracy, balancedAccuracy') });
  await expect(boardWhere(assetId, { version: 2 }, () => true)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  // A receipt turns up, and a model is published.
  for (const [digest, bytes] of hidden) documents.set(digest, bytes);
  await db.pool.query("UPDATE run_documents SET retry_at = 0 WHERE state = 'wanted'");
  const model = await world.publishModel(runs.get('good')!.jobId, 'Penguin classifier');
  const later = await boardWhere(assetId, {}, ({ items, waiting }) => waiting === 1 && items.some(({ modelAssetId }) => modelAssetId !== undefined));
  expect(later.items.map(({ rank, jobId, modelAssetId }) => [rank, nameOf(jobId), modelAssetId])).toEqual([
    [1, 'receipt that nobody has', undefined], [2, 'good', Number(model.assetId)], [2, 'as good', undefined], [4, 'cheap', undefined], [5, 'undefined', undefined],
  ]);
}, 120_000);
