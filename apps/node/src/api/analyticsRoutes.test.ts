import { bucketsOf, marketAbi, neuroCoinAbi, orderDisputesAbi, routes } from '@neurodata/protocol';
import type { Addresses, Metric, Publisher, RouteName, Seller, Series } from '@neurodata/protocol';
import { bytecode } from '@neurodata/protocol/bytecode';
import { contractAbis, createClient, recomputeSeller } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWalletClient, getAddress, http, isAddressEqual, parseEventLogs, parseUnits } from 'viem';
import type { Abi, Address, Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import type { PrivateKeyAccount } from 'viem/accounts';
import { z } from 'zod';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { tellEconomy } from '../indexer/testing/economy.ts';
import { bytes32, createWorld, noPermit } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { createUserClient } from './userClient.ts';
import { createViewCounter } from './viewCounter.ts';

/** Figures of a market that lived for weeks, each made again here from nothing but the chain's logs. */

const coin = (amount: string): bigint => parseUnits(amount, 18);
type ChainEvent = { at: number; block: number; contract: keyof Addresses; name: string; args: Record<string, unknown> };

let world: World;
let db: Database;
let served: ServedApi;
let token: Address;
let asset: bigint;
let events: ChainEvent[];
let [first, last] = [0, 0];
let seller: string;

const { send, signUp, signedBy, post } = createUserClient(() => served);
const keyOf = (address: Address): PrivateKeyAccount => {
  const keys = Array.from({ length: 12 }, (_, addressIndex) => mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }));
  // It signs messages as any other key.
  return keys.find((key) => isAddressEqual(key.address, address)) as unknown as PrivateKeyAccount;
};

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  await live();
  events = await readEvents();
  [first, last] = [events[0]!.at, events.at(-1)!.at];
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  // Titles are read beside the chain.
  await until(async () => ((await db.pool.query(`SELECT 1 FROM manifests WHERE state = 'wanted'`)).rowCount === 0 ? true : undefined));
  await indexer.stop();
  served = await serveApi({ chain: world, db });
  const me = await signUp();
  await post('wallet/link', await signedBy(keyOf(world.accounts.publisher), me.access), me.access);
  seller = me.access;
});
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
});

/** Sales in two coins, runs, refunds, disputes, subscriptions with a gap, deals, a jury, a slashed worker. */
async function live(): Promise<void> {
  const { accounts, publish, decide, list, buy, grant, later, openJob, runJob, subscribe, grantKey, publishModel } = world;
  const { assetId, roundId } = await publish('Palmer penguins');
  await decide(roundId);
  asset = assetId;
  const download = await list(assetId, { kind: 'download', price: coin('25') });
  const compute = await list(assetId, { kind: 'compute', price: coin('3'), modelShareBps: 1000 });
  const [claimed, late] = [await buy(download, 'a'), await buy(download, 'late', accounts.other)];
  await grant(claimed);
  await world.send(accounts.buyer, 'market', 'confirm', [claimed]);
  await world.send(accounts.other, 'market', 'claim', [accounts.publisher, [claimed]]);
  const jobId = await openJob(compute, 'job');
  await decide(await runJob(jobId));
  const plan = await list(assetId, { kind: 'subscription', price: coin('7') });
  const subscription = await subscribe(plan, 2);
  await grantKey(subscription);
  await world.send(accounts.buyer, 'subscriptions', 'renewNow', [BigInt(plan)]);
  await later(700);
  await world.send(accounts.other, 'market', 'refund', [late]);
  // Weeks pass.
  await tellEconomy(world, claimed);
  await world.send(accounts.buyer, 'subscriptions', 'renewNow', [BigInt(plan)]);
  await world.send(accounts.other, 'subscriptions', 'claim', [[subscription]]);
  const model = await publishModel(jobId, 'Penguin classifier');
  await decide(model.roundId);
  const sold = await buy(await list(model.assetId, { kind: 'download', price: coin('40'), from: accounts.buyer }), 'model', accounts.other);
  await grant(sold);
  await world.send(accounts.other, 'market', 'confirm', [sold]);
  await world.send(accounts.other, 'market', 'claim', [accounts.buyer, [sold]]);
  token = await deployToken();
  const foreign = await buyIn(token, coin('30'));
  await grant(foreign);
  const [disputed, silent, granted] = [await buy(download, 'disputed'), await buy(download, 'silent', accounts.other), await buy(download, 'granted')];
  for (const orderId of [disputed, silent, granted]) await grant(orderId);
  const { logs } = await world.send(accounts.buyer, 'orderDisputes', 'dispute', [disputed, bytes32('not what it says'), noPermit]);
  // A committee is drawn, and says nothing.
  await world.mine(2);
  await world.send(accounts.other, 'validators', 'drawCommittee', [parseEventLogs({ abi: orderDisputesAbi, eventName: 'OrderDisputed', logs })[0]!.args.roundId]);
  await later(90_000);
  await world.send(accounts.other, 'orderDisputes', 'resolve', [disputed]);
  await world.send(accounts.other, 'market', 'claim', [accounts.publisher, [silent, foreign]]);
  await decide(await runJob(await openJob(compute, 'bad')), 2);
  await openJob(compute, 'waits');
}

async function mined(hash: Hex) {
  return until(() => world.publicClient.getTransactionReceipt({ hash }).catch(() => undefined));
}

async function deployToken(): Promise<Address> {
  const { owner, buyer } = world.accounts;
  const wallet = createWalletClient({ transport: http(world.url) });
  const receipt = await mined(await wallet.deployContract({ abi: neuroCoinAbi as Abi, bytecode: bytecode.NeuroCoin, args: ['Other Coin', 'OTH', owner, [{ to: buyer, amount: coin('1000') }], []], account: owner, chain: null, gas: 8_000_000n }));
  const address = getAddress(receipt.contractAddress!);
  await world.send(owner, 'market', 'allowToken', [address, true]);
  await mined(await wallet.writeContract({ address, abi: neuroCoinAbi, functionName: 'approve', args: [world.deployment.addresses.market, 2n ** 255n], account: buyer, chain: null, gas: 500_000n }));
  return address;
}

async function buyIn(of: Address, price: bigint): Promise<Hex> {
  const input = { assetId: asset, firstVersion: 1, lastVersion: 0, kind: 0, price, modelShareBps: 0, termsDigest: bytes32('terms') };
  const receipt = await world.send(world.accounts.publisher, 'market', 'createListingWith', [input, { token: of, periodMinutes: 0, splits: [] }]);
  return world.buy(parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs: receipt.logs })[0]!.args.listingId, 'foreign');
}

/** Every event of the system's contracts, decoded here and not by the indexer. */
async function readEvents(): Promise<ChainEvent[]> {
  const { addresses } = world.deployment;
  const times = new Map<bigint, number>();
  const found: (ChainEvent & { index: number })[] = [];
  for (const contract of Object.keys(contractAbis) as (keyof Addresses)[]) {
    const logs = parseEventLogs({ abi: contractAbis[contract] as Abi, logs: await world.publicClient.getLogs({ address: addresses[contract], fromBlock: 0n }) });
    for (const event of logs) {
      if (!times.has(event.blockNumber)) times.set(event.blockNumber, Number((await world.publicClient.getBlock({ blockNumber: event.blockNumber })).timestamp));
      found.push({ at: times.get(event.blockNumber)!, block: Number(event.blockNumber), index: event.logIndex, contract, name: event.eventName, args: event.args as unknown as Record<string, unknown> });
    }
  }
  return found.toSorted((one, other) => one.block - other.block || one.index - other.index);
}

const named = (contract: keyof Addresses, ...names: string[]): ChainEvent[] => events.filter((event) => event.contract === contract && names.includes(event.name));
const amountOf = (event: ChainEvent, ...fields: string[]): bigint => fields.reduce((sum, field) => sum + ((event.args[field] as bigint | undefined) ?? 0n), 0n);

async function ask<T>(name: RouteName, path: string, access?: string): Promise<T> {
  const { status, value } = await send('GET', `/api/v1/${path}`, { access });
  expect([status, value]).toEqual([200, expect.anything()]);
  return z.decode(routes[name].response as z.ZodType, value as never) as T;
}
const series = (metric: Metric, more = ''): Promise<Series> => ask('getSeries', `stats/series?metric=${metric}&interval=day&from=${first}&to=${last}${more}`);

/** Amounts by day and token, from what the chain says. */
function expectSeries(found: Series, parts: { at: number; token: Address | null; amount: bigint }[]): void {
  const borders = bucketsOf({ interval: 'day', from: first, to: last });
  expect(found.points.map(({ start, end }) => [start, end])).toEqual(borders.slice(0, -1).map((start, index) => [start, borders[index + 1]]));
  for (const { start, end, values } of found.points) {
    for (const { token: of, amount } of values) expect(amount).toBe(parts.filter((part) => part.token === of && part.at >= start && part.at < end).reduce((sum, part) => sum + part.amount, 0n));
  }
  expect(parts.length).toBeGreaterThan(0);
  for (const { token: of, amount } of found.totals) expect(amount).toBe(parts.filter((part) => part.token === of).reduce((sum, part) => sum + part.amount, 0n));
  expect(new Set(found.totals.map((total) => total.token))).toEqual(new Set([null, ...parts.map((part) => part.token)]));
}

/** In which coin something is paid, by its order, from the listing's own event. */
function orderTokens(): Map<unknown, { token: Address | null; buyer: unknown; seller: unknown; price: bigint }> {
  const listings = new Map(named('market', 'ListingCreated').map(({ args }) => [args['listingId'], { seller: args['seller'], token: null as Address | null }]));
  for (const { args } of named('market', 'ListingExtended')) if (isAddressEqual((args['extras'] as { token: Address }).token, token)) listings.get(args['listingId'])!.token = token;
  return new Map(named('market', 'OrderOpened').map(({ args }) => [args['orderId'], { ...listings.get(args['listingId'])!, buyer: args['buyer'], price: args['price'] as bigint }]));
}

/** What people paid into a contract in NCR, by the coin's own transfers. Into MilestoneEscrow goes what jurors cost too, so there the deals' own words count. */
function paidInto(contract: keyof Addresses): { at: number; token: null; amount: bigint }[] {
  if (contract === 'milestoneEscrow') return named(contract, 'DealOpened').map(({ at, args }) => ({ at, token: null, amount: (args['amounts'] as bigint[]).reduce((sum, amount) => sum + amount, 0n) }));
  const { addresses } = world.deployment;
  const isSystem = (account: unknown): boolean => Object.values(addresses).includes(getAddress(String(account)));
  return named('neuroCoin', 'Transfer').filter(({ args }) => isAddressEqual(args['to'] as Address, addresses[contract]) && !isSystem(args['from'])).map((event) => ({ at: event.at, token: null, amount: amountOf(event, 'value') }));
}

test('spending is what the coins moved into escrow, to the base unit', async () => {
  const foreign = named('market', 'OrderOpened').map((event) => ({ at: event.at, amount: amountOf(event, 'price'), token: orderTokens().get(event.args['orderId'])!.token })).filter((part) => part.token !== null);
  expectSeries(await series('spending'), [...['market', 'training', 'subscriptions', 'milestoneEscrow'].flatMap((contract) => paidInto(contract as keyof Addresses)), ...foreign]);
});

test('earnings, fees, royalties, refunds, payouts and slashes are those of the events', async () => {
  const orders = orderTokens();
  const of = (event: ChainEvent): Address | null => orders.get(event.args['orderId'])?.token ?? null;
  const parts = (list: ChainEvent[], ...fields: string[]) => list.map((event) => ({ at: event.at, token: of(event), amount: amountOf(event, ...fields) }));
  const [claims, settled, plans] = [named('market', 'OrderClaimed'), named('training', 'JobSettled'), named('subscriptions', 'SubscriptionClaimed')];
  const deals = named('milestoneEscrow', 'MilestoneReleased', 'MilestoneRefunded', 'MilestoneSplit', 'DealCancelled', 'DealRecovered');
  expectSeries(await series('earnings'), [...parts(claims, 'toSeller'), ...parts(settled, 'toPublisher'), ...parts(plans, 'toSeller'), ...parts(deals, 'toSeller'), ...parts(named('milestoneEscrow', 'MilestoneReleased'), 'amount')]);
  expectSeries(await series('fees'), parts([...claims, ...settled, ...plans], 'fee'));
  expectSeries(await series('royalties'), parts([...claims, ...settled, ...plans], 'toParent'));
  expect((await series('royalties')).totals).toMatchObject([{ token: null, amount: coin('4') }, { token, amount: 0n }]);
  expectSeries(await series('refunds'), [...parts(named('market', 'OrderRefunded'), 'amount'), ...parts(named('training', 'JobRefunded', 'PartReturned'), 'amount'), ...parts(deals, 'toBuyer'), ...parts(named('milestoneEscrow', 'MilestoneRefunded'), 'amount')]);
  expectSeries(await series('payouts'), [...parts(settled, 'toWorker'), ...parts(named('validators', 'RewardCredited'), 'amount')]);
  expectSeries(await series('slashing'), parts(named('staking', 'Slashed'), 'amount'));
  const own = getAddress(world.accounts.publisher);
  const theirs = orders.entries().filter(([, order]) => order.seller === own).map(([orderId]) => orderId).toArray();
  const sold = await series('orders', `&account=${own.toLowerCase()}`);
  expectSeries(sold, parts(named('market', 'OrderOpened').filter(({ args }) => theirs.includes(args['orderId'])), 'price'));
  expect(sold.totals.reduce((sum, { count }) => sum + count, 0)).toBe(theirs.length);
});

test('escrow and stake at the end of each day are what a replay of all events leaves', async () => {
  const found = await series('escrow');
  const orders = orderTokens();
  for (const { end, values } of found.points) {
    const before = (list: ChainEvent[]): ChainEvent[] => list.filter(({ at }) => at < end);
    const gone = new Set(before(named('market', 'OrderClaimed', 'OrderRefunded')).map(({ args }) => args['orderId']));
    const held = before(named('market', 'OrderOpened')).filter(({ args }) => !gone.has(args['orderId']));
    const ended = new Set(before(named('training', 'JobSettled', 'JobRefunded')).map(({ args }) => args['jobId']));
    const jobs = before(named('training', 'JobOpened')).filter(({ args }) => !ended.has(args['jobId']));
    const sum = (list: bigint[]): bigint => list.reduce((total, amount) => total + amount, 0n);
    const into = (contract: keyof Addresses): bigint => sum(paidInto(contract).filter(({ at }) => at < end).map(({ amount }) => amount));
    const plans = into('subscriptions') - sum(before(named('subscriptions', 'SubscriptionClaimed', 'SubscriptionCancelled')).map((event) => amountOf(event, 'toSeller', 'fee', 'toParent', 'refunded')));
    const deals = into('milestoneEscrow') - sum(before(named('milestoneEscrow', 'MilestoneReleased', 'MilestoneRefunded', 'MilestoneSplit', 'DealCancelled', 'DealRecovered')).map((event) => amountOf(event, 'amount', 'toSeller', 'toBuyer')));
    const inRuns = sum(jobs.map(({ args }) => (args['price'] as bigint) + (args['validationFee'] as bigint) + (args['needs'] as { maxFee: bigint }).maxFee));
    const expected = (of: Address | null): bigint => sum(held.filter(({ args }) => orders.get(args['orderId'])!.token === of).map((event) => amountOf(event, 'price'))) + (of === null ? plans + deals + inRuns : 0n);
    for (const value of values) expect(value).toMatchObject({ amount: expected(value.token), count: held.filter(({ args }) => orders.get(args['orderId'])!.token === value.token).length + (value.token === null ? jobs.length : 0) });
  }
  expect(found.points.map(({ values }) => values[0]!.amount)).toEqual(expect.arrayContaining([expect.any(BigInt)]));
  expect(new Set(found.points.map(({ values }) => values[0]!.amount)).size).toBeGreaterThan(2);
  // A query for the past says the same of that day as one for the whole time.
  const early = await ask<Series>('getSeries', `stats/series?metric=escrow&interval=day&from=${first}&to=${first}`);
  expect(early.points).toEqual([{ ...found.points[0], values: expect.arrayContaining([found.points[0]!.values[0]]) }]);

  const stake = await series('stake');
  const signs: Record<string, bigint> = { Staked: 1n, Unbonding: -1n, Slashed: -1n, Delegated: -1n };
  for (const { end, values } of stake.points) expect(values[0]!.amount).toBe(named('staking', ...Object.keys(signs)).filter(({ at }) => at < end).reduce((sum, event) => sum + signs[event.name]! * amountOf(event, 'amount'), 0n));
});

test('a reputation is what anybody makes of the logs', async () => {
  const client = await createClient({ url: served.api.url, readOwnWrites: false });
  for (const account of [world.accounts.publisher, world.accounts.buyer, world.accounts.other]) {
    const answer = await client.api.getSeller({ address: account });
    const { passed, seller: made, checks } = await recomputeSeller({ client, answer });
    expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect([passed, made]).toEqual([true, answer]);
  }
  const answer = await client.api.getSeller({ address: world.accounts.publisher });
  expect(answer.facts).toMatchObject({ opened: 6, granted: 5, completed: 4, refunded: 1, disputed: 1, disputesLost: 0, disputesWon: 1, buyers: 2, verifiedRuns: 1 });
  expect(answer.facts.volume.map(({ token: of }) => of)).toEqual([null, token]);
  const lie: Seller = { ...answer, facts: { ...answer.facts, refunded: 0 }, reputation: { ...answer.reputation, score: 99 } };
  const { passed, checks } = await recomputeSeller({ client, answer: lie });
  expect([passed, checks.filter(({ status }) => status === 'failed').map(({ name }) => name)]).toEqual([false, ['refunded', 'Score']]);
  expect(await ask('getSeller', `sellers/${getAddress(`0x${'ab'.repeat(20)}`)}`)).toMatchObject({ facts: { opened: 0, sellingSince: null }, reputation: { enough: false } });
});

test('who owns an asset sees views and income, who does not sees what the chain shows', async () => {
  const views = createViewCounter({ db, now: () => last });
  for (const address of ['203.0.113.7', '203.0.113.7', '2001:db8::1']) views.saw(Number(asset), address);
  await views.flush();
  views.saw(Number(asset), '203.0.113.7');
  await views.flush();
  expect((await db.pool.query('SELECT * FROM asset_views')).rows).toEqual([{ asset_id: asset, day: BigInt(Math.floor(last / 86_400) * 86_400), visitors: 2n }]);
  const publisher = await ask<Publisher>('getPublisher', `publisher?from=${first}&to=${last}`, seller);
  const own = getAddress(world.accounts.publisher);
  const earned = await series('earnings', `&account=${own}`);
  const deals = named('milestoneEscrow', 'MilestoneReleased', 'MilestoneSplit', 'DealCancelled').reduce((sum, event) => sum + amountOf(event, 'toSeller', ...(event.name === 'MilestoneReleased' ? ['amount'] : [])), 0n);
  expect(publisher.income.map(({ token: of, sales, runs, subscriptions }) => [of, sales + runs + subscriptions])).toEqual(earned.totals.map(({ token: of, amount }) => [of, amount - (of === null ? deals : 0n)]));
  expect(publisher.items).toMatchObject([{ assetId: Number(asset), views: 2, buyers: 2, orders: 6, runs: 3, verifiedRuns: 1, trained: 1 }]);
  expect(publisher.views.reduce((sum, { visitors }) => sum + visitors, 0)).toBe(2);
  expect(await ask('getPublisherAsset', `publisher/assets/${asset}?from=${first}&to=${last}`, seller)).toMatchObject({ usage: { trained: [{ title: 'Penguin classifier', kind: 'model', version: 1 }] }, income: publisher.income });
  const stranger = await signUp();
  expect((await send('GET', `/api/v1/publisher/assets/${asset}`, { access: stranger.access })).status).toBe(403);
  expect((await send('GET', `/api/v1/publisher/assets/${asset}`)).status).toBe(401);
  expect(await ask('getPublisher', 'publisher', stranger.access)).toMatchObject({ wallets: [], items: [], income: [] });
  const usage = await ask('getUsage', `assets/${asset}/usage`);
  expect(usage).toMatchObject({ buyers: 2, orders: 6, subscribers: 1, versions: [{ version: 1, orders: 6, runs: 3, verifiedRuns: 1 }], trained: [{ title: 'Penguin classifier' }] });
  expect(JSON.stringify(usage)).not.toMatch(/income|views/);
});

test('validators and training: what was done, missed and lost', async () => {
  const { items } = await ask<{ items: Record<string, unknown>[] }>('listValidatorHealth', `stats/validators?from=${first}&to=${last}`);
  const credited = (id: number): bigint => named('validators', 'RewardCredited').filter(({ args }) => args['validatorId'] === id).reduce((sum, event) => sum + amountOf(event, 'amount'), 0n);
  expect(items).toMatchObject([1, 2, 3].map((validatorId) => ({ validatorId, active: true, earned: credited(validatorId), revealed: named('validators', 'Revealed').filter(({ args }) => args['validatorId'] === validatorId).length })));
  // The round about the disputed order came to nothing: all of its members were silent.
  expect(items.map(({ missed }) => missed)).toEqual([1, 1, 1]);
  expect(await ask('getTrainingLoad', `stats/training?from=${first}&to=${last}`)).toMatchObject({ open: 1, running: 0, checked: 0, workers: 2, cores: 8, memoryMiB: 8_192, opened: 3, settled: 1, slashed: 1, refunded: 0, units: 6, waitSeconds: expect.any(Number), runSeconds: expect.any(Number) });
});

test('flows follow each other without gaps or doubles, and the sheets say the same', async () => {
  const all: unknown[] = [];
  for (let cursor: string | undefined, more = true; more;) {
    const { items, next } = await ask<{ items: unknown[]; next?: string }>('listFlows', `stats/flows?from=${first}&to=${last}&limit=7${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    all.push(...items);
    [cursor, more] = [next, next !== undefined];
  }
  const { rows } = await db.pool.query('SELECT count(*)::int AS count FROM money_flows WHERE amount > 0');
  expect(all).toHaveLength(rows[0].count);
  const response = await fetch(`${served.api.url}/api/v1/stats/flows.csv?from=${first}&to=${last}`);
  expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
  const text = await response.text();
  expect(text.endsWith('\r\n')).toBe(true);
  const lines = text.trimEnd().split('\r\n');
  expect(lines[0]).toBe('time,block,logIndex,transaction,kind,account,other,assetId,token,amount,subject');
  expect(lines.slice(1).map((line) => line.split(',')).map(([, block, index, , kind, , , , , amount]) => `${block}.${index}.${kind} ${amount}`)).toEqual(
    (all as { block: number; logIndex: number; kind: string; amount: bigint }[]).map(({ block, logIndex, kind, amount }) => `${block}.${logIndex}.${kind} ${amount}`));
  const sheet = await (await fetch(`${served.api.url}/api/v1/stats/series.csv?metric=earnings&from=${first}&to=${last}`)).text();
  const { points } = await series('earnings');
  expect(sheet.trimEnd().split('\r\n')).toHaveLength(1 + points.length * 2);
  expect((await fetch(`${served.api.url}/api/v1/publisher.csv`)).status).toBe(401);
  expect(await (await fetch(`${served.api.url}/api/v1/publisher.csv?from=${first}&to=${last}`, { headers: { authorization: `Bearer ${seller}` } })).text()).toMatch(/Palmer penguins,2,2,6,3,1,1,NCR,\d+,\d+,\d+\r\n/);
});

test.each([
  'stats/series?metric=orders&from=0', 'stats/series?metric=orders&from=9&to=8', 'stats/series?metric=nonsense', 'stats/flows?from=0', 'stats/flows?cursor=1.2', 'stats/validators?from=-1', 'stats/training?to=99999999999999', 'stats/series.csv?metric=orders&from=0',
])('%s is refused', async (path) => {
  expect((await send('GET', `/api/v1/${path}`)).status).toBe(400);
});

test('the figures of a day come by an index, not by reading all events', async () => {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>("EXPLAIN SELECT sum(amount) FROM money_flows WHERE kind = 'earned' AND at >= 1 AND at < 2");
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('events_in_time');
    expect(plan).not.toContain('Seq Scan on events');
    await client.query('ROLLBACK');
  } finally {
    client.release();
  }
});

// Last: who was signed in is not any more.
test('a page that is shown is counted, once a visitor', async () => {
  for (let times = 0; times < 3; times += 1) expect((await send('GET', `/api/v1/assets/${asset}`)).status).toBe(200);
  expect((await send('GET', '/api/v1/assets/999')).status).toBe(404);
  const { rows: before } = await db.pool.query('SELECT coalesce(sum(visitors), 0)::int AS seen FROM asset_views');
  await served.api.stop();
  const { rows: after } = await db.pool.query('SELECT coalesce(sum(visitors), 0)::int AS seen, max(asset_id) AS newest FROM asset_views');
  expect([after[0].seen - before[0].seen, after[0].newest]).toEqual([1, asset]);
  served = await serveApi({ chain: world, db });
});
