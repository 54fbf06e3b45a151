import { setTimeout as sleep } from 'node:timers/promises';
import { marketAbi, stakingAbi, subscriptionsAbi, trainingAbi } from '@neurodata/protocol';
import type { Change } from '@neurodata/protocol';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { getAddress, parseUnits } from 'viem';
import type { Address, Hex } from 'viem';
import { createLogger } from '../common/logger.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { dropSearch, refreshSearch } from '../db/refreshSearch.ts';
import { createIndexer } from './createIndexer.ts';
import type { Indexer, IndexerParameters } from './createIndexer.ts';
import { bytes32, createWorld, noPermit } from './testing/world.ts';
import type { World } from './testing/world.ts';

const log = createLogger({ level: 'silent' });
const tables = ['assets', 'lineage', 'versions', 'listings', 'orders', 'grants', 'jobs', 'rounds', 'attestations', 'validators', 'workers', 'stakes', 'subscriptions', 'key_requests', 'key_grants', 'events', 'cursor'];
const coin = (amount: string): bigint => parseUnits(amount, 18);

let world: World;
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await createWorld();
});
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});
afterAll(() => world.stop());

async function follow(extra: Partial<IndexerParameters> = {}): Promise<{ db: Database; indexer: Indexer; changes: Change[] }> {
  const db = extra.db ?? (await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']));
  const changes: Change[] = [];
  const indexer = createIndexer({
    db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, lagMs: 0,
    readDocument: async (digest: Hex) => world.manifests.get(digest) ?? Promise.reject(new Error('nobody has it')), onChange: (change) => changes.push(change), ...extra,
  });
  await indexer.start();
  opened.push(async () => {
    await indexer.stop();
    if (!extra.db) await db.close();
  });
  return { db, indexer, changes };
}

/** Waits until the rows stand at the chain's present head. */
async function settled({ db }: { db: Database }): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const latest = await world.publicClient.getBlock({ blockTag: 'latest' });
    const { rows } = await db.pool.query<{ hash: string }>('SELECT hash FROM cursor');
    if (rows[0]?.hash === latest.hash) return;
    await sleep(20);
  }
  throw new Error('the indexer did not catch up');
}

async function snapshotOf(db: Database): Promise<Record<string, unknown[]>> {
  const result: Record<string, unknown[]> = {};
  for (const table of tables) result[table] = (await db.pool.query(`SELECT * FROM ${table} AS t ORDER BY t::text`)).rows;
  // Of what does not wait for manifests, which are read beside the chain.
  result['asset_search'] = (await db.pool.query('SELECT asset_id, listed, kind, owner, version, price, rating, ratings, orders, runs, popularity, trend, published_at FROM asset_search ORDER BY asset_id')).rows;
  return result;
}

async function expectSameAsFreshSync(followed: { db: Database }): Promise<void> {
  await settled(followed);
  const fresh = await follow({ maxBlocks: 7 });
  await settled(fresh);
  expect(await snapshotOf(followed.db)).toEqual(await snapshotOf(fresh.db));
}

test('a sale and a run become rows that say the same as the contracts', async () => {
  const followed = await follow();
  const { assetId, roundId } = await world.publish('Palmer penguins');
  await world.decide(roundId);
  const download = await world.list(assetId, { kind: 'download', price: coin('25') });
  const compute = await world.list(assetId, { kind: 'compute', price: coin('3'), modelShareBps: 1000 });
  const orderId = await world.buy(download, 'first');
  await world.grant(orderId);
  await world.send(world.accounts.buyer, 'market', 'confirm', [orderId]);
  await world.send(world.accounts.other, 'market', 'claim', [world.accounts.publisher, [orderId]]);
  const late = await world.buy(download, 'second');
  const jobId = await world.openJob(compute, 'job');
  await world.decide(await world.runJob(jobId));
  const lostJob = await world.openJob(compute, 'lost');
  const silent = await loseJob(lostJob);
  const model = await world.publishModel(jobId, 'A model of penguins');
  await settled(followed);

  const { db } = followed;
  const { addresses } = world.deployment;
  const rowOf = async (text: string, values: unknown[]) => (await db.pool.query(text, values)).rows[0];
  for (const id of [orderId, late]) {
    const order = await world.publicClient.readContract({ address: addresses.market, abi: marketAbi, functionName: 'order', args: [id] });
    const row = await rowOf('SELECT * FROM orders WHERE order_id = $1', [id]);
    expect(row).toMatchObject({ buyer: getAddress(order.buyer), changed_at: BigInt(order.changedAt), listing_id: BigInt(order.listingId), version: BigInt(order.version) });
    expect(row.state).toBe(id === orderId ? 'claimed' : 'open');
  }
  const job = await world.publicClient.readContract({ address: addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  expect(await rowOf('SELECT * FROM jobs WHERE job_id = $1', [jobId])).toMatchObject({
    state: 'settled', worker: job.worker, bond: job.bond, price: job.price, worker_fee: job.workerFee, validation_fee: job.validationFee, changed_at: BigInt(job.changedAt),
    receipt_digest: job.receiptDigest, model_digest: job.modelDigest, round_id: job.roundId,
  });
  expect(await rowOf('SELECT * FROM jobs WHERE job_id = $1', [lostJob])).toMatchObject({ state: 'open', worker: null, bond: null, lost: [silent], units: 2n, worker_fee: coin('0.5'), max_worker_fee: coin('0.5') });
  expect(await rowOf('SELECT * FROM workers WHERE account = $1', [silent])).toMatchObject({ active: true, cores: 4, memory_mib: 4_096n, price_per_unit: coin('0.2'), runtimes: [world.config.engineId] });
  expect(await rowOf('SELECT * FROM assets WHERE asset_id = $1', [model.assetId])).toMatchObject({ kind: 'model', job_id: jobId });
  expect(await rowOf('SELECT * FROM lineage WHERE asset_id = $1', [model.assetId])).toEqual({ asset_id: model.assetId, parent_asset_id: assetId, parent_version: 1n, share_bps: 1000, job_id: jobId });
  expect(await rowOf('SELECT status FROM versions WHERE asset_id = $1', [assetId])).toEqual({ status: 'live' });
  for (const account of [...world.accounts.validators, ...world.accounts.workers]) {
    const stake = await world.publicClient.readContract({ address: addresses.staking, abi: stakingAbi, functionName: 'stakeOf', args: [account] });
    expect(await rowOf('SELECT amount FROM stakes WHERE account = $1', [getAddress(account)])).toEqual({ amount: stake });
  }
  const receipts = (await db.pool.query('SELECT DISTINCT transaction, gas_used FROM events WHERE subject = $1', [`order:${orderId}`])).rows;
  for (const { transaction, gas_used: gasUsed } of receipts) expect((await world.publicClient.getTransactionReceipt({ hash: transaction })).gasUsed).toBe(gasUsed);
  const history = (await db.pool.query('SELECT name FROM events WHERE asset_id = $1 ORDER BY block, log_index', [assetId])).rows.map((row) => row.name);
  expect(history).toEqual(['Transfer', 'AssetPublished', 'AssetEntered', 'RoundOpened', 'VersionPublished', 'VersionStatusChanged', 'ListingCreated', 'ListingCreated', 'OrderOpened', 'OrderOpened', 'JobOpened', 'JobOpened']);
  const topics = new Set(followed.changes.flatMap((change) => change.topics));
  for (const topic of [`asset:${assetId}`, `order:${orderId}`, `job:${jobId}`, `account:${getAddress(world.accounts.buyer)}`]) expect(topics).toContain(topic);
  await expectSameAsFreshSync(followed);
});

test('a dispute that goes to jurors, one that they end, and one by default', async () => {
  const followed = await follow();
  const { assetId, roundId } = await world.publish('Disputed weather');
  await world.decide(roundId);
  const download = await world.list(assetId, { kind: 'download', price: coin('1') });
  const { accounts, send } = world;
  for (const juror of accounts.workers) await send(juror, 'disputes', 'joinJury', [5]);
  const row = async (orderId: Hex): Promise<object> => {
    await settled(followed);
    const columns = 'state, dispute_state, dispute_until, jury_dispute, jury_cost, escalated_by, round_id';
    return (await followed.db.pool.query(`SELECT ${columns} FROM orders WHERE order_id = $1`, [orderId])).rows[0];
  };
  const judged = async (salt: string, verdict: 1 | undefined): Promise<Hex> => {
    const orderId = await world.buy(download, salt);
    await world.grant(orderId);
    await send(accounts.buyer, 'orderDisputes', 'dispute', [orderId, bytes32('not what it says'), noPermit]);
    const opened = (await row(orderId)) as { round_id: Hex; dispute_until: number };
    expect(opened).toMatchObject({ state: 'disputed', dispute_state: 'round', jury_dispute: null, escalated_by: null });
    if (verdict) await world.decide(opened.round_id, verdict);
    return orderId;
  };
  const jury = await judged('jury', 1);
  expect(await row(jury)).toMatchObject({ state: 'disputed', dispute_state: 'accepted', dispute_until: expect.anything() });
  await send(accounts.buyer, 'orderDisputes', 'escalate', [jury, noPermit]);
  expect(await row(jury)).toMatchObject({ dispute_state: 'jury', dispute_until: null, escalated_by: getAddress(accounts.buyer) });
  const silent = await judged('silent', undefined);
  // Nobody draws the jury, and nobody judges the other one.
  await world.later(90_000);
  await send(accounts.other, 'orderDisputes', 'resolve', [silent]);
  expect(await row(silent)).toMatchObject({ state: 'released', dispute_state: 'dismissed', dispute_until: null });
  const number = ((await row(jury)) as { jury_dispute: bigint }).jury_dispute;
  await send(accounts.other, 'disputes', 'conclude', [number]);
  await send(accounts.other, 'disputes', 'executeRuling', [number]);
  expect(await row(jury)).toMatchObject({ state: 'released', dispute_state: 'dismissed', dispute_until: null });
  await expectSameAsFreshSync(followed);
});

test('a subscription becomes rows that say the same as the contract, through renewals, a gap, another try and a cancellation', async () => {
  const followed = await follow();
  const { assetId, roundId } = await world.publish('Tides');
  await world.decide(roundId);
  const listingId = await world.list(assetId, { kind: 'subscription', price: coin('7') });
  const { buyer, other, publisher } = world.accounts;
  const id = await world.subscribe(listingId, 2);
  const subscriptions = { address: world.deployment.addresses.subscriptions, abi: subscriptionsAbi } as const;
  const expectTheSame = async (): Promise<void> => {
    await settled(followed);
    const [row] = (await followed.db.pool.query<Record<string, unknown>>('SELECT * FROM subscriptions WHERE subscription_id = $1', [id])).rows;
    const [chain, held, asked] = await Promise.all([
      world.publicClient.readContract({ ...subscriptions, functionName: 'subscription', args: [id] }),
      world.publicClient.readContract({ ...subscriptions, functionName: 'heldFor', args: [id] }),
      world.publicClient.readContract({ ...subscriptions, functionName: 'request', args: [id] }),
    ]);
    expect({ paidUntil: Number(row?.['paid_until']), closed: row?.['closed'], held: BigInt(String(row?.['held'])), grantedUntil: Number(row?.['granted_until']) })
      .toEqual({ paidUntil: chain.paidUntil, closed: chain.closed, held, grantedUntil: asked.grantedUntil });
  };
  await expectTheSame();
  await world.grantKey(id, 1);
  await world.send(buyer, 'subscriptions', 'requestKey', [id, 1, bytes32('again')]);
  await world.grantKey(id);
  await world.send(buyer, 'subscriptions', 'renewNow', [BigInt(listingId)]);
  await expectTheSame();
  await world.send(other, 'subscriptions', 'claim', [[id]]);
  await world.send(other, 'subscriptions', 'renew', [id, 3, noPermit]);
  await expectTheSame();
  await world.later(10 * 86_400);
  await world.send(buyer, 'subscriptions', 'renewNow', [BigInt(listingId)]);
  await expectTheSame();
  await world.later(3 * 86_400);
  await world.subscribe(listingId, 4);
  await world.grantKey(id);
  await world.send(buyer, 'subscriptions', 'cancel', [id]);
  await world.send(publisher, 'market', 'retireListing', [listingId]);
  await world.send(other, 'subscriptions', 'closePlan', [listingId, [buyer]]);
  await expectTheSame();
  const { rows } = await followed.db.pool.query<{ count: number }>('SELECT count(g.*)::int AS count FROM key_requests r LEFT JOIN key_grants g ON (g.subscription_id, g.request_block, g.request_index) = (r.subscription_id, r.block, r.log_index) WHERE r.subscription_id = $1 GROUP BY r.block, r.log_index ORDER BY r.block', [id]);
  expect(rows.map(({ count }) => count)).toEqual([1, 2, 2]);
  await expectSameAsFreshSync(followed);
}, 60_000);

test('a refused version, a dispute, a slashed job and a refund', async () => {
  const followed = await follow();
  const { assetId, roundId } = await world.publish('Weather');
  await world.decide(roundId);
  const download = await world.list(assetId, { kind: 'download', price: coin('1') });
  const compute = await world.list(assetId, { kind: 'compute', price: coin('1') });
  const late = await world.buy(download, 'late');
  const disputed = await world.buy(download, 'disputed');
  await world.grant(disputed);
  await world.later(700);
  await world.send(world.accounts.other, 'market', 'refund', [late]);
  const jobId = await world.openJob(compute, 'bad');
  await world.decide(await world.runJob(jobId), 2);
  await world.send(world.accounts.buyer, 'orderDisputes', 'dispute', [disputed, bytes32('not what it says'), noPermit]);
  await settled(followed);
  const { rows } = await followed.db.pool.query('SELECT round_id FROM orders WHERE order_id = $1', [disputed]);
  await world.decide(rows[0].round_id, 2);
  await settled(followed);
  const states = await followed.db.pool.query('SELECT order_id, state FROM orders WHERE asset_id = $1 UNION SELECT job_id, state FROM jobs WHERE asset_id = $1', [assetId]);
  expect(new Map(states.rows.map((row) => [row.order_id, row.state]))).toEqual(new Map([[late, 'refunded'], [disputed, 'refunded'], [jobId, 'slashed']]));
  expect((await followed.db.pool.query('SELECT status FROM versions WHERE asset_id = $1', [assetId])).rows).toEqual([{ status: 'refused' }]);
  await expectSameAsFreshSync(followed);
});

test('texts that PostgreSQL cannot keep do not stop it, and bad or missing manifests are only marked', async () => {
  const attempts = new Map<Hex, number>();
  const readDocument = async (digest: Hex): Promise<Uint8Array> => {
    const attempt = (attempts.get(digest) ?? 0) + 1;
    attempts.set(digest, attempt);
    if (attempt === 1) throw new Error('peer is silent\0');
    return world.manifests.get(digest) ?? Promise.reject(new Error('nobody has it'));
  };
  const followed = await follow({ readDocument });
  await world.send(world.accounts.validators[0]!, 'validators', 'setEndpoint', ['http://\0bad \ud800']);
  const good = await world.publish('Odd \0 title');
  const bad = await world.publish('Broken');
  const badDigest = [...world.manifests.keys()].at(-1)!;
  await settled(followed);
  const bytes = new TextEncoder().encode('{"name": 1}');
  world.manifests.set(badDigest, bytes);
  await sleep(2500);
  const { rows } = await followed.db.pool.query('SELECT v.asset_id, m.state, m.title FROM manifests m JOIN versions v ON v.manifest_digest = m.digest WHERE v.asset_id >= $1 ORDER BY 1', [good.assetId]);
  // Other bytes than the digest names are never taken: whoever has the right ones may still come.
  expect(rows).toEqual([{ asset_id: good.assetId, state: 'read', title: 'Odd  title' }, { asset_id: bad.assetId, state: 'wanted', title: null }]);
  expect((await followed.db.pool.query('SELECT endpoint FROM validators WHERE validator_id = 1')).rows[0].endpoint).toMatch(/^http:\/\/bad/);
});

/** Its worker claims it and falls silent. */
async function loseJob(jobId: Hex): Promise<Address> {
  await world.mine(2);
  const worker = await world.publicClient.readContract({ address: world.deployment.addresses.training, abi: trainingAbi, functionName: 'drawnWorker', args: [jobId] });
  await world.send(worker, 'training', 'claimJob', [jobId]);
  await world.send(worker, 'training', 'heartbeat', [jobId, 3, jobId]);
  await world.later(601);
  await world.send(world.accounts.other, 'training', 'takeOver', [jobId]);
  return worker;
}

test('a chain that is rewritten again and again ends in the rows of a fresh sync', async () => {
  const lines: string[] = [];
  const followed = await follow({ log: createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } }) });
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const { assetId, roundId } = await world.publish('Reorganised');
  await world.decide(roundId);
  const listingId = await world.list(assetId, { kind: 'download', price: coin('2') });
  const compute = await world.list(assetId, { kind: 'compute', price: coin('2') });
  const deeds = [
    (n: number) => world.buy(listingId, `r${n}`).then((id) => world.grant(id, 1 + random(2))),
    (n: number) => world.publish(`Asset ${n}`, n % 2 === 0 ? {} : { parents: [{ assetId, version: 1, shareBps: n }] }),
    (n: number) => world.send(world.accounts.owner, 'curation', n % 2 === 0 ? 'suspend' : 'reinstate', [assetId, `reason ${n}`]),
    (n: number) => world.openJob(compute, `r${n}`),
    () => world.send(world.accounts.other, 'staking', 'stake', [coin('5')]),
    (n: number) => world.send(world.accounts.validators[1]!, 'validators', 'setEndpoint', [`http://v${n}`]),
    () => world.list(assetId, { kind: 'download', price: coin('4') }).then((id) => world.send(world.accounts.publisher, 'market', 'retireListing', [id])),
    () => world.mine(1 + random(4)),
  ];
  let snapshot = await world.rpc('evm_snapshot');
  for (let turn = 0; turn < 100; turn += 1) {
    // After a rewrite some deeds meet a chain that no longer knows what they are about.
    await deeds[random(deeds.length)]!(turn).catch(() => undefined);
    const fate = random(10);
    if (fate < 2) await settled(followed);
    if (fate === 0) await world.rpc('anvil_reorg', [1 + random(5), []]);
    if (fate === 1) {
      await world.rpc('evm_revert', [snapshot]);
      snapshot = await world.rpc('evm_snapshot');
    }
    if (fate === 2) snapshot = await world.rpc('evm_snapshot');
  }
  await expectSameAsFreshSync(followed);
  const reorganisations = lines.filter((line) => line.includes('reorganised'));
  expect(reorganisations.length).toBeGreaterThan(5);
}, 180_000);

test('it stays where it is while the chain cannot be read, and goes on after', async () => {
  let down = false;
  let refusals = 0;
  const publicClient = world.publicClient.extend((client) => ({
    getLogs: ((parameters: { fromBlock: bigint; toBlock: bigint }) => {
      if (!down && parameters.toBlock - parameters.fromBlock < 16n) return client.getLogs(parameters as never);
      refusals += 1;
      return Promise.reject(new Error('query returned more than 10000 results'));
    }) as never,
  }));
  const followed = await follow({ publicClient: publicClient as never });
  await settled(followed);
  expect(refusals).toBeGreaterThan(0);
  down = true;
  const before = await snapshotOf(followed.db);
  await world.send(world.accounts.other, 'staking', 'stake', [coin('1')]);
  await sleep(300);
  expect(followed.indexer.caughtUp()).toBe(false);
  expect(await snapshotOf(followed.db)).toEqual(before);
  down = false;
  await expectSameAsFreshSync(followed);
});

test('rows of another deployment are made again', async () => {
  const followed = await follow();
  await settled(followed);
  await followed.indexer.stop();
  const deployment = { ...world.deployment, block: world.deployment.block + 1 };
  const again = await follow({ db: followed.db, deployment });
  await settled(again);
  const { rows } = await followed.db.pool.query('SELECT deployment FROM cursor');
  expect(rows[0].deployment).toMatch(new RegExp(`^31337:${deployment.block}:`));
});

test('a search row that is made beside a transaction which takes it away says what that transaction has changed', async () => {
  const followed = await follow();
  await settled(followed);
  await followed.indexer.stop();
  const { orm } = followed.db;
  const runs = async (): Promise<unknown> => (await orm.execute<{ runs: number }>(sql`SELECT runs FROM asset_search WHERE asset_id = 1`)).rows[0]?.runs;
  expect(await runs()).toBeGreaterThan(0);
  let beside: Promise<void> | undefined;
  await orm.transaction(async (tx) => {
    await tx.execute(sql`UPDATE jobs SET state = 'refunded' WHERE asset_id = 1`);
    await dropSearch(tx, [1]);
    beside = orm.transaction((other) => refreshSearch(other, [1]));
    await sleep(300);
  });
  await beside;
  expect(await runs()).toBe(0);
});
