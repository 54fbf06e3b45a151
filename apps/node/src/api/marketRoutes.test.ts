import { aliases, encodeTerms, marketAbi, parseJobSpec, routes } from '@neurodata/protocol';
import type { MarketRouteName, PreparedCalls, Route } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorage, memoryBlocks } from '@neurodata/storage';
import { getAddress, parseEventLogs, parseUnits } from 'viem';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { userWallets } from '../db/schema.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import type { Indexer } from '../indexer/createIndexer.ts';
import { tellEconomy } from '../indexer/testing/economy.ts';
import { createWorld } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient } from './userClient.ts';

/** Escrows, aliases, and prepared calls that accounts of the chain send as they are. */

const coin = (amount: string): bigint => parseUnits(amount, 18);
let keys = 0x31;
/** Each order names a key of its own. */
const freshKey = (): Hex => `0x${(keys += 1).toString(16).repeat(32)}`;
const key = freshKey();

const blocks = memoryBlocks();
let world: World;
let db: Database;
let served: ServedApi;
let indexer: Indexer;
let assetId: number;
let sampleId: number;
let listingId: number;
let compute: number;
let proposalId: bigint;

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const { publish, decide, list, buy, grant, send, accounts } = world;
  const [whole, sample] = [await publish('Palmer penguins'), await publish('Ten penguins')];
  for (const { roundId } of [whole, sample]) await decide(roundId);
  [assetId, sampleId] = [Number(whole.assetId), Number(sample.assetId)];
  await send(accounts.publisher, 'assetRegistry', 'linkSample', [whole.assetId, sample.assetId]);
  await list(whole.assetId, { kind: 'download', price: coin('40') });
  listingId = await list(whole.assetId, { kind: 'download', price: coin('25') });
  compute = await list(whole.assetId, { kind: 'compute', price: coin('3') });
  await list(sample.assetId, { kind: 'download', price: 0n });
  // Lets weeks pass, so it comes before what still has to be within its windows.
  const first = await buy(listingId, 'first');
  await grant(first);
  await send(accounts.buyer, 'market', 'confirm', [first]);
  await send(accounts.other, 'market', 'claim', [accounts.publisher, [first]]);
  ({ proposalId } = await tellEconomy(world, first));
  indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  served = await serveApi({ chain: world, db, extra: { blocks } });
});
afterAll(async () => {
  await served.close();
  await indexer.stop();
  await db.close();
  await world.stop();
});

const { send, signUp } = createUserClient(() => served);
const post = (path: string, body: object) => send('POST', `/api/v1/${path}`, { body });
const get = (path: string, access?: string) => send('GET', `/api/v1/${path}`, { access });

async function prepared(path: string, body: object): Promise<PreparedCalls> {
  const { status, value } = await post(path, body);
  expect([path, status, value]).toEqual([path, 200, expect.objectContaining({ calls: expect.any(Array) })]);
  return z.decode(routes.preparePurchase.response, value as never);
}

/** As a wallet would: each call as it is, in order. */
async function sign({ calls }: PreparedCalls): Promise<void> {
  for (const { to, data, value, senders } of calls) {
    const hash = (await world.rpc('eth_sendTransaction', [{ from: senders[0], to, data, value: `0x${value.toString(16)}` }])) as Hex;
    await world.mine(1);
    const receipt = await world.publicClient.waitForTransactionReceipt({ hash });
    expect(receipt.status).toBe('success');
  }
  const head = Number(await world.publicClient.getBlockNumber({ cacheTime: 0 }));
  await until(async () => ((indexer.head()?.indexed ?? 0) >= head ? true : undefined));
}

async function buy(path: string, account: Address, body: object = {}): Promise<Hex> {
  await sign(await prepared(path, { account, recipientKey: freshKey(), ...body }));
  const { value } = await get(`orders?buyer=${account}&limit=1`);
  return (value as { items: { orderId: Hex }[] }).items[0]!.orderId;
}

const escrow = async (orderId: Hex) => (await get(`escrows/${orderId}`)).value as { state: string; actions: string[]; amount: string };

test('a purchase: approval where one is missing, then the call; money is held, confirmed, released', async () => {
  const { buyer, publisher } = world.accounts;
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.market, 0n]);
  const both = await prepared(`listings/${listingId}/purchase`, { account: buyer, recipientKey: key });
  expect(both).toMatchObject({
    deadline: null,
    calls: [
      { chainId: 31_337, to: world.deployment.addresses.neuroCoin, value: 0n, gas: expect.any(BigInt), sentence: 'Let the market take 25 NCR for what you buy', senders: [getAddress(buyer)] },
      { to: world.deployment.addresses.market, gas: null, sentence: `Buy listing ${listingId} for 25 NCR` },
    ],
  });
  await sign(both);
  // The asset's cheapest, by the alias of the first specification.
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.market, coin('1000')]);
  const orderId = await buy(`datasets/datasets/${assetId}/purchase`, buyer);
  expect(await escrow(orderId)).toMatchObject({ state: 'held', amount: String(coin('25')), actions: [] });
  await world.grant(orderId);
  await until(async () => ((await escrow(orderId)).actions.includes('confirm') ? true : undefined));
  const confirm = await prepared(`marketplace/escrows/${orderId}/confirm-receipt`, { account: buyer });
  expect(confirm).toMatchObject({ deadline: expect.any(Number), calls: [{ gas: expect.any(BigInt), sentence: `Confirm order ${orderId}` }] });
  await sign(confirm);
  expect(await escrow(orderId)).toMatchObject({ state: 'released', actions: ['release'] });
  await sign(await prepared(`marketplace/escrows/${orderId}/auto-release`, { account: publisher }));
  expect(await escrow(orderId)).toMatchObject({ state: 'paid', actions: [], turn: 'nobody' });
  expect((await get(`escrows?party=${publisher}&state=paid&limit=1`)).value).toMatchObject({ items: [{ orderId }], next: expect.any(Number) });
});

test('1,000 purchases at once under one idempotency key are one, and whoever signs its transaction twice has one order', async () => {
  const { buyer } = world.accounts;
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.market, coin('1000')]);
  const recipientKey = freshKey();
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => send('POST', `/api/v1/listings/${listingId}/purchase`, { body: { account: buyer, recipientKey }, headers: { 'idempotency-key': 'a-purchase' } })));
  expect(new Set(answers.map(({ status, value }) => JSON.stringify([status, value]))).size).toBe(1);
  expect([answers[0]!.status, answers.filter(({ headers }) => headers.get('idempotency-replayed') === null).length]).toEqual([200, 1]);
  const { calls: [call] } = z.decode(routes.preparePurchase.response, answers[0]!.value as never);
  const hashes: Hex[] = [];
  // One after the other: at once, two may be given one nonce.
  for (let turn = 0; turn < 3; turn += 1) hashes.push((await world.rpc('eth_sendTransaction', [{ from: buyer, to: call!.to, data: call!.data, gas: '0x200000' }])) as Hex);
  await world.mine(1);
  const receipts = await Promise.all(hashes.map((hash) => world.publicClient.waitForTransactionReceipt({ hash })));
  expect(receipts.map(({ status }) => status).toSorted()).toEqual(['reverted', 'reverted', 'success']);
  const head = Number(await world.publicClient.getBlockNumber({ cacheTime: 0 }));
  await until(async () => ((indexer.head()?.indexed ?? 0) >= head ? true : undefined));
  expect((await db.pool.query('SELECT 1 FROM orders WHERE recipient_key = $1', [recipientKey])).rowCount).toBe(1);
});

test('the free sample; a dispute with its bond; a vote after the time of voting', async () => {
  const { buyer } = world.accounts;
  const sampleOrder = await buy(`assets/${assetId}/test-purchase`, buyer);
  expect((await get(`orders/${sampleOrder}`)).value).toMatchObject({ assetId: sampleId, price: '0' });
  const orderId = await buy(`listings/${listingId}/purchase`, buyer);
  await world.grant(orderId);
  await until(async () => ((await escrow(orderId)).actions.includes('dispute') ? true : undefined));
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.orderDisputes, 0n]);
  const dispute = await prepared(`marketplace/escrows/${orderId}/dispute`, { account: buyer, evidence: `0x${'ee'.repeat(32)}` });
  expect(dispute.calls.map(({ gas }) => typeof gas)).toEqual(['bigint', 'object']);
  await sign(dispute);
  expect(await escrow(orderId)).toMatchObject({ state: 'held', orderState: 'disputed', actions: [] });
  expect(codeOf(await post(`governance/proposals/${proposalId}/vote`, { account: buyer, support: 'for', reason: 'Late' }))).toEqual([409, 'REVERTED']);
});

test('a run: its spec to store, an approval where one is missing, then the job', async () => {
  const { buyer, publisher } = world.accounts;
  const storage = createStorage(blocks);
  for (const bytes of world.manifests.values()) await storage.addRaw(bytes);
  const { bytes: terms, digest: termsDigest } = encodeTerms({ version: 1, kind: 'compute', license: 'cc-by-4.0', validatorsMayRead: true, algorithms: ['logistic-regression'], modelShareBps: 0 });
  await storage.addRaw(terms);
  const input = { assetId: BigInt(assetId), firstVersion: 1, lastVersion: 0, kind: 1, price: coin('3'), modelShareBps: 0, termsDigest };
  const { logs } = await world.send(publisher, 'market', 'createListing', [input]);
  const runs = parseEventLogs({ abi: marketAbi, eventName: 'ListingCreated', logs })[0]!.args.listingId;
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.training, 0n]);
  const train = {
    algorithm: 'logistic-regression', task: 'classification', target: 'species', features: [{ name: 'bill', kind: 'numeric' }], weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
    split: { rule: 'hash-rank', seed: 1, testFraction: 0.25 }, parameters: { c: 1 }, limits: { maxSteps: 100, maxBytes: 1_000_000 },
  };
  const recipientKey = freshKey();
  const body = { account: buyer, recipientKey, train, waits: true, maxTotal: String(coin('50')) };
  const { status, value } = await post(`listings/${runs}/run`, body);
  expect([status, value]).toEqual([200, expect.objectContaining({ total: String(coin('50')), specCid: expect.stringMatching(/^bafkrei/) })]);
  const made = z.decode(routes.prepareRun.response, value as never);
  expect(made.calls).toMatchObject([{ to: world.deployment.addresses.neuroCoin, gas: expect.any(BigInt) }, { to: world.deployment.addresses.training, gas: null, sentence: `Train on asset ${assetId} for 50 NCR` }]);
  const spec = new TextEncoder().encode(made.spec);
  expect(parseJobSpec(spec)).toMatchObject({ input: { assetId, version: 1 }, train });
  const stored = await fetch(`${served.api.url}/api/v1/blocks/${made.specCid}`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: spec });
  expect(stored.status).toBe(201);
  await sign(made);
  expect((await get(`jobs?buyer=${buyer}&limit=1`)).value).toMatchObject({ items: [{ specDigest: made.specDigest, state: 'open', assetId }] });
  const cases: [object, unknown][] = [
    [{ ...body, train: { ...train, algorithm: 'k-means' } }, [400, 'BAD_INPUT']], [{ ...body, train: { ...train, features: [] } }, [400, 'BAD_INPUT']], [{ ...body, maxTotal: '1' }, [409, 'CONFLICT']], [{ ...body, account: `0x${'99'.repeat(20)}` }, [402, 'NO_FUNDS']],
  ];
  for (const [wrong, expected] of cases) expect(codeOf(await post(`listings/${runs}/run`, wrong))).toEqual(expected);
  expect(codeOf(await post(`listings/${listingId}/run`, body))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await post('listings/4000/run', body))).toEqual([404, 'NOT_FOUND']);
});

test('a review by the buyer of a completed order, and its one change', async () => {
  const { buyer, other } = world.accounts;
  await world.send(buyer, 'neuroCoin', 'approve', [world.deployment.addresses.market, coin('1000')]);
  const orderId = await buy(`listings/${listingId}/purchase`, buyer);
  expect(codeOf(await post(`orders/${orderId}/review`, { account: buyer, rating: 4 }))).toEqual([409, 'REVERTED']);
  await world.grant(orderId);
  await world.send(buyer, 'market', 'confirm', [orderId]);
  const reviews = async () => (await get(`reviews?reviewer=${buyer}&limit=1`)).value as { items: object[] };
  const digest = `0x${'5e'.repeat(32)}`;
  for (const body of [{ rating: 4 }, { rating: 2, digest }]) {
    const calls = await prepared(`orders/${orderId}/review`, { account: buyer, ...body });
    expect(calls).toMatchObject({ deadline: null, calls: [{ to: world.deployment.addresses.reviews, gas: expect.any(BigInt), sentence: `Review order ${orderId}` }] });
    await sign(calls);
    expect((await reviews()).items).toMatchObject([{ orderId, rating: body.rating, edited: 'digest' in body }]);
  }
  const cases: [object, unknown][] = [[{ account: buyer, rating: 3 }, [409, 'REVERTED']], [{ account: other, rating: 3 }, [409, 'REVERTED']], [{ account: buyer, rating: 6 }, [400, 'BAD_INPUT']], [{ account: buyer, rating: 0 }, [400, 'BAD_INPUT']]];
  for (const [body, expected] of cases) expect(codeOf(await post(`orders/${orderId}/review`, body))).toEqual(expected);
  expect(codeOf(await post(`orders/0x${'77'.repeat(32)}/review`, { account: buyer, rating: 3 }))).toEqual([404, 'NOT_FOUND']);
});

test('what a contract would refuse is refused before anybody signs, in words', async () => {
  const { buyer, other } = world.accounts;
  const orderId = await buy(`listings/${listingId}/purchase`, buyer);
  const cases: [string, object, unknown][] = [
    [`orders/${orderId}/confirm`, { account: buyer }, [409, 'REVERTED']],
    [`orders/${orderId}/release`, { account: buyer }, [409, 'REVERTED']],
    [`orders/${orderId}/refund`, { account: other }, [409, 'REVERTED']],
    [`orders/0x${'77'.repeat(32)}/confirm`, { account: buyer }, [404, 'NOT_FOUND']],
    [`listings/${listingId}/purchase`, { account: buyer, recipientKey: key, maxPrice: '1' }, [409, 'CONFLICT']],
    [`listings/${listingId}/purchase`, { account: `0x${'99'.repeat(20)}`, recipientKey: key }, [402, 'NO_FUNDS']],
    [`listings/${compute}/purchase`, { account: buyer, recipientKey: key }, [400, 'BAD_INPUT']],
    ['listings/4000/purchase', { account: buyer, recipientKey: key }, [404, 'NOT_FOUND']],
    [`assets/${sampleId}/test-purchase`, { account: buyer, recipientKey: key }, [404, 'NOT_FOUND']],
    ['assets/4000/purchase', { account: buyer, recipientKey: key }, [404, 'NOT_FOUND']],
    [`listings/${listingId}/purchase`, { account: buyer, recipientKey: '0x12' }, [400, 'BAD_INPUT']],
  ];
  for (const [path, body, expected] of cases) expect([path, codeOf(await post(path, body))]).toEqual([path, expected]);
  // Never granted: after the window anybody may have the money returned.
  await world.later(world.config.windows.grant + 1);
  await world.mine(1);
  await until(async () => ((await escrow(orderId)).actions.includes('refund') ? true : undefined));
  await sign(await prepared(`orders/${orderId}/refund`, { account: other }));
  expect(await escrow(orderId)).toMatchObject({ state: 'returned' });
});

test('every alias answers what its route answers', async () => {
  const me = await signUp();
  await db.orm.insert(userWallets).values({ address: getAddress(world.accounts.publisher), userId: me.user.userId, linkedAt: 1 });
  const orderId = ((await get('orders?limit=1')).value as { items: { orderId: Hex }[] }).items[0]!.orderId;
  const fill = (path: string): string => path.replace('{assetId}', String(assetId)).replace('{orderId}', orderId).replace('{proposalId}', String(proposalId)).replace('{jobId}', `0x${'77'.repeat(32)}`);
  for (const alias of aliases) {
    const route: Route = routes[alias.of];
    const query = alias.query ? `?${new URLSearchParams(alias.query).toString()}` : '';
    const body = route.method === 'POST' ? { account: world.accounts.buyer, recipientKey: key, evidence: key, support: 'for', assetId } : undefined;
    const ask = async (path: string) => {
      const { status, value } = await send(route.method, path, { access: me.access, ...(body ? { body } : {}) });
      return { status, value: { ...(value as object), requestId: '' } };
    };
    const [own, other] = [await ask(`${fill(route.path)}${query}`), await ask(fill(alias.path))];
    if (alias.expect?.['kind'] === 'model') expect([alias.path, other.status]).toEqual([alias.path, 404]);
    else expect([alias.path, other]).toEqual([alias.path, own]);
  }
  expect((await get('auth/stats', me.access)).value).toEqual({ wallets: 1, assets: 2, orders: 0, sales: expect.toSatisfy((sales: number) => sales >= 4), runs: 0, reviews: 0 });
});

test('where the bytes of an asset are', async () => {
  expect((await get(`assets/${assetId}/download`)).value).toEqual({ assetId, version: 1, manifestDigest: expect.stringMatching(/^0x/), manifestCid: expect.stringMatching(/^bafkrei/), manifestUrl: expect.stringMatching(/^\/ipfs\/bafkrei/), sealedSize: expect.any(Number) });
  for (const path of [`assets/${assetId}/download?version=9`, 'assets/4000/download']) expect(codeOf(await get(path))).toEqual([404, 'NOT_FOUND']);
});

/** A route of this file without a test above does not compile. */
const covered: Record<MarketRouteName, true> = {
  listEscrows: true, getEscrow: true, getDownload: true, getUserStats: true, preparePurchase: true, prepareAssetPurchase: true, prepareTestPurchase: true, prepareConfirm: true, prepareDispute: true, prepareRelease: true, prepareRefund: true, prepareReview: true, prepareRun: true, prepareVote: true,
};
test('each is in the table', () => expect(Object.keys(routes)).toEqual(expect.arrayContaining(Object.keys(covered))));
