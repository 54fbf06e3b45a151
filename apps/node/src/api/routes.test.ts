import { algorithms, describeAlgorithm, engineId } from '@neurodata/engine';
import { routes } from '@neurodata/protocol';
import type { AccountRouteName, AdminRouteName, AnalyticsRouteName, DiscoveryRouteName, JobsRouteName, MarketRouteName, ModelCheck, Progress, RelayRouteName, Route, RouteName, TableCheck, TrustRouteName, UserRouteName } from '@neurodata/protocol';
import { reportProgress, signModelCheck, signTableCheck } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getAddress, isAddressEqual, parseUnits } from 'viem';
import type { Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { z } from 'zod';
import type { Database } from '../db/openDatabase.ts';
import { saveModelCheck } from '../db/modelChecks.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { writeProgress } from '../db/progress.ts';
import { versions } from '../db/schema.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { tellEconomy } from '../indexer/testing/economy.ts';
import type { Economy } from '../indexer/testing/economy.ts';
import { createWorld, noPermit } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';

/** Every route over rows that the indexer made from the real contracts' events. */

const coin = (amount: string): bigint => parseUnits(amount, 18);

type Story = { assetId: number; modelId: number; copyId: number; listingId: number; claimed: Hex; granted: Hex; released: Hex; jobId: Hex; roundId: Hex; economy: Economy; subscriptionId: Hex };

let world: World;
let db: Database;
let served: ServedApi;
let story: Story;
let measured: ModelCheck = {
  validatorId: 2, account: getAddress(`0x${'ab'.repeat(20)}`), signature: '0x1234',
  body: {
    version: 1, manifestDigest: `0x${'00'.repeat(32)}`, measuredAt: 1_700_000_000, tableSha256: `0x${'cd'.repeat(32)}`,
    evaluation: { table: { kind: 'asset', assetId: 7, version: 1 }, target: 'y', claims: { accuracy: 0.93, logLoss: 1e-7 }, tolerance: 0.01 },
    report: { ran: true, task: 'classification', rows: 3, scores: { accuracy: 2 / 3, rocAuc: null }, claims: [{ name: 'accuracy', claimed: 0.93, measured: 2 / 3, holds: false }] },
  },
};

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  story = await tell(world);
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => ((await db.pool.query("SELECT 1 FROM manifests WHERE state = 'read'")).rowCount === 4 && indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  await writeProgress(db, story.jobId, { stage: 'done', step: 20, maxSteps: 20, lossCurve: [0.6, 0.2], updatedAt: 1 });
  const [model] = await db.orm.select().from(versions).where(eq(versions.assetId, story.modelId));
  measured = { ...measured, body: { ...measured.body, manifestDigest: model!.manifestDigest } };
  await saveModelCheck(db, measured);
  const { publisher } = world.accounts;
  served = await serveApi({
    chain: world, db,
    extra: {
      indexer: { head: () => ({ chain: 4711 }) },
      demo: {
        accounts: [{ name: 'publisher', role: 'Sells', address: getAddress(publisher), privateKey: `0x${'11'.repeat(32)}` }],
        fund: async () => ({ transaction: `0x${'22'.repeat(32)}`, amount: coin('1000') }),
      },
    },
  });
});
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
});

async function tell(world: World): Promise<Story> {
  const { publish, decide, list, buy, grant, send, accounts, openJob, runJob, publishModel, subscribe, grantKey } = world;
  const { assetId, roundId } = await publish('Palmer penguins', { tags: ['birds', 'antarctica'], description: 'Measurements of three penguin species.', columns: 7 });
  await decide(roundId);
  const listingId = await list(assetId, { kind: 'download', price: coin('25') });
  const compute = await list(assetId, { kind: 'compute', price: coin('3'), modelShareBps: 1000 });
  const claimed = await buy(listingId, 'a');
  await grant(claimed);
  await send(accounts.buyer, 'market', 'confirm', [claimed]);
  await send(accounts.other, 'market', 'claim', [accounts.publisher, [claimed]]);
  // Lets weeks pass, so it comes before what still has to be within its windows.
  const economy = await tellEconomy(world, claimed);
  const [granted, released] = [await buy(listingId, 'b'), await buy(listingId, 'c')];
  for (const orderId of [granted, released]) await grant(orderId);
  await send(accounts.buyer, 'market', 'confirm', [released]);
  const jobId = await openJob(compute, 'job');
  await decide(await runJob(jobId));
  const subscriptionId = await subscribe(await list(assetId, { kind: 'subscription', price: coin('5') }), 2);
  await grantKey(subscriptionId);
  const model = await publishModel(jobId, 'Penguin classifier');
  const weather = await publish('Seattle weather', { tags: ['climate'] });
  const copy = await publish('Weather in Seattle, again', {
    from: accounts.other, parents: [{ assetId: model.assetId, version: 1, shareBps: 500 }, { assetId: weather.assetId, version: 1, shareBps: 0 }],
  });
  await send(accounts.owner, 'curation', 'approve', [assetId, 'Looked at by two of us.']);
  await send(accounts.owner, 'curation', 'suspend', [copy.assetId, 'A copy of another asset.']);
  await send(accounts.other, 'curation', 'appeal', [copy.assetId, 'ipfs://mine', noPermit]);
  return { assetId: Number(assetId), modelId: Number(model.assetId), copyId: Number(copy.assetId), listingId, claimed, granted, released, jobId, roundId, economy, subscriptionId };
}

type Case = { path: () => string; body?: () => unknown | Promise<unknown>; expected: () => unknown };

const page = (...items: unknown[]) => expect.objectContaining({ items });
const has = (fields: object) => expect.objectContaining(fields);

/** One case per route of the table, but for users' (userRoutes.test.ts and those beside it): a route without one does not compile. */
const cases: { [K in Exclude<RouteName, UserRouteName | AccountRouteName | DiscoveryRouteName | JobsRouteName | RelayRouteName | TrustRouteName | AdminRouteName | AnalyticsRouteName | MarketRouteName>]: Case } = {
  getReadiness: { path: () => '/readyz', expected: () => ({ ready: true, parts: { database: { ready: true } } }) },
  getConfig: { path: () => '/api/v1/config', expected: () => world.config },
  getStats: {
    path: () => '/api/v1/stats',
    expected: () => ({ head: 4711, indexed: expect.any(Number), assets: 3, orders: 3, jobs: 1, validators: 3, inEscrow: coin('50'), volume: coin('28'), otherTokens: [] }),
  },
  listDemoAccounts: { path: () => '/api/v1/demo/accounts', expected: () => page(has({ name: 'publisher' })) },
  requestFunds: { path: () => '/api/v1/demo/faucet', body: () => ({ address: world.accounts.other }), expected: () => has({ amount: coin('1000') }) },
  listAlgorithms: { path: () => '/api/v1/algorithms', expected: () => ({ engineId, items: algorithms.map(describeAlgorithm) }) },
  listAssets: {
    path: () => '/api/v1/assets',
    expected: () => page(
      has({ title: 'Seattle weather', status: 'pending' }), has({ assetId: story.modelId, kind: 'model' }),
      has({ assetId: story.assetId, title: 'Palmer penguins', status: 'live', columns: 7, rows: 344, orders: 3, runs: 1, downloadPrice: coin('25'), computePrice: coin('3'), tags: ['birds', 'antarctica'] }),
    ),
  },
  getAsset: {
    path: () => `/api/v1/assets/${story.assetId}`,
    expected: () => has({
      description: 'Measurements of three penguin species.', listings: [has({ kind: 'subscription', periodMinutes: 1440 }), has({ kind: 'compute' }), has({ kind: 'download', price: coin('25') })],
      versions: [has({ version: 1, status: 'live', committee: [1, 2, 3], threshold: 2, round: has({ verdict: 'accept', settled: true }) })],
      derived: [{ assetId: story.modelId, kind: 'model', title: 'Penguin classifier', jobId: story.jobId }], lineage: [],
      curation: { status: 'live', reason: 'Looked at by two of us.', author: getAddress(world.accounts.owner), bond: 0n, appeal: 'none' },
      activity: expect.arrayContaining([has({ event: 'AssetPublished', account: getAddress(world.accounts.publisher), gasUsed: expect.any(Number) }), has({ event: 'OrderOpened' })]),
    }),
  },
  getModelCheck: {
    path: () => `/api/v1/models/${story.modelId}/check`,
    expected: () => ({ assetId: story.modelId, version: 1, manifestDigest: measured.body.manifestDigest, pending: true, validatorsMayRead: true, checks: [measured] }),
  },
  getTableCheck: {
    path: () => `/api/v1/datasets/${story.assetId}/check`,
    expected: () => has({ assetId: story.assetId, version: 1, checks: [] }),
  },
  getLeaderboard: {
    path: () => `/api/v1/datasets/${story.assetId}/leaderboard`,
    // Nobody has the documents of the run here: see leaderboard.test.ts.
    expected: () => ({ assetId: story.assetId, version: 1, split: has({ fixed: true, split: { rule: 'hash-rank', seed: expect.any(Number), testFraction: 0.25 } }), sections: [], waiting: 0, items: [] }),
  },
  getListing: { path: () => `/api/v1/listings/${story.listingId}`, expected: () => has({ assetId: story.assetId, retired: false, price: coin('25') }) },
  listOrders: {
    path: () => `/api/v1/orders?buyer=${world.accounts.buyer}&seller=${world.accounts.publisher}&assetId=${story.assetId}`,
    expected: () => page(has({ orderId: story.released, turn: 'seller' }), has({ orderId: story.granted, turn: 'buyer' }), has({ orderId: story.claimed, turn: 'nobody' })),
  },
  getOrder: {
    path: () => `/api/v1/orders/${story.granted}`,
    expected: () => has({ state: 'granted', assetTitle: 'Palmer penguins', threshold: 2, deadline: expect.any(Number), grants: [has({ validatorId: 1 }), has({ validatorId: 2 })], activity: [has({ event: 'OrderOpened' }), has({ event: 'ShareGranted' }), has({ event: 'ShareGranted' }), has({ event: 'OrderGranted' })] }),
  },
  listSubscriptions: {
    path: () => `/api/v1/subscriptions?account=${world.accounts.buyer}&seller=${world.accounts.publisher}&assetId=${story.assetId}`,
    expected: () => page(has({ subscriptionId: story.subscriptionId, running: true })),
  },
  getSubscription: {
    path: () => `/api/v1/subscriptions/${story.subscriptionId}`,
    expected: () => has({
      account: getAddress(world.accounts.buyer), assetTitle: 'Palmer penguins', price: coin('5'), period: 86_400, token: null, held: coin('10'), refundable: coin('5'), closed: false, keptUntil: expect.any(Number),
      requests: [has({ version: 1, threshold: 2, grants: [has({ validatorId: 1 }), has({ validatorId: 2 })] })],
      activity: [has({ event: 'Subscribed' }), has({ event: 'KeyRequested' }), has({ event: 'SubscriptionShareGranted' }), has({ event: 'SubscriptionShareGranted' }), has({ event: 'SubscriptionKeyGranted' })],
    }),
  },
  listJobs: { path: () => `/api/v1/jobs?buyer=${world.accounts.buyer}`, expected: () => page(has({ jobId: story.jobId })) },
  getJob: {
    path: () => `/api/v1/jobs/${story.jobId}`,
    expected: () => has({ state: 'settled', modelAssetId: story.modelId, receipt: has({ receiptCid: expect.stringMatching(/^bafkrei/) }), progress: has({ stage: 'done', lossCurve: [0.6, 0.2] }), round: has({ kind: 'run' }) }),
  },
  getRound: { path: () => `/api/v1/rounds/${story.roundId}`, expected: () => has({ kind: 'version', committee: expect.arrayContaining([has({ committed: true, verdict: 'accept' })]) }) },
  getNetwork: {
    path: () => '/api/v1/network',
    expected: () => ({
      rounds: expect.arrayContaining([has({ roundId: story.roundId, kind: 'version', settled: true, committee: expect.arrayContaining([has({ validatorId: 1, verdict: 'accept' })]) })]),
      keysets: expect.arrayContaining([{ assetId: story.assetId, kind: 'dataset', title: 'Palmer penguins', version: 1, status: 'live', holders: [1, 2, 3], threshold: 2, epoch: 0 }]),
    }),
  },
  listValidators: { path: () => '/api/v1/validators', expected: () => ({ items: world.accounts.validators.map((account, index) => has({ validatorId: index + 1, account: getAddress(account), stake: coin('20000'), active: true, rounds: 2, revealed: 2, earned: coin('0.4') })) }) },
  listWorkers: { path: () => '/api/v1/workers', expected: () => ({ items: expect.arrayContaining(world.accounts.workers.map((account) => has({ account: getAddress(account), stake: coin('20000') }))) }) },
  listDeals: {
    path: () => `/api/v1/deals?party=${world.accounts.buyer}`,
    expected: () => page(has({ dealId: story.economy.quietDealId }), has({ dealId: story.economy.dealId, state: 'cancelled', left: 0n, milestones: [has({ state: 'closed', disputeId: 1, toSeller: coin('10') }), has({ state: 'closed' })] })),
  },
  getDeal: {
    path: () => `/api/v1/deals/${story.economy.quietDealId}`,
    expected: () => has({
      state: 'open', left: coin('22'), jurors: true, terms: 'ipfs://second', offer: has({ party: getAddress(world.accounts.publisher), toSeller: coin('2') }),
      milestones: [has({ index: 0, state: 'delivered', until: expect.any(Number) }), has({ index: 1, state: 'waiting', left: coin('12'), toSeller: coin('5'), toBuyer: coin('3') })],
      activity: ['MetaEvidence', 'DealOpened', 'MilestoneDelivered', 'MilestoneReleased', 'MilestoneRefunded', 'CancelOffered'].map((event) => has({ event })),
    }),
  },
  listDisputes: { path: () => `/api/v1/disputes?juror=${story.economy.silent.toLowerCase()}`, expected: () => page(has({ disputeId: 1, phase: 'final', ruling: 2 })) },
  getDispute: {
    path: () => '/api/v1/disputes/1',
    expected: () => has({
      arbitrable: world.deployment.addresses.milestoneEscrow, deal: { dealId: story.economy.dealId, index: 0 }, phase: 'final', ruling: 2, executed: true, byGovernance: false,
      rounds: [has({ number: 0, size: 3, ruling: 1, votes: [{ ruling: 1, seats: 3 }] }), has({ number: 1, size: 7, ruling: 2, seats: expect.arrayContaining([has({ juror: getAddress(story.economy.silent), state: 'closed' })]) })],
      evidence: [has({ address: 'ipfs://missing', party: getAddress(world.accounts.buyer) }), has({ address: 'ipfs://complete' })],
    }),
  },
  listJurors: { path: () => '/api/v1/jurors', expected: () => ({ items: expect.arrayContaining(story.economy.jurors.map((account) => has({ account: getAddress(account), tickets: 3, active: account !== story.economy.silent, silent: account === story.economy.silent ? 1 : 0 }))) }) },
  listReviews: { path: () => `/api/v1/reviews?assetId=${story.assetId}`, expected: () => page(has({ orderId: story.claimed, rating: 5, edited: true, reviewer: getAddress(world.accounts.buyer) })) },
  listProposals: { path: () => '/api/v1/proposals', expected: () => page(has({ proposalId: String(story.economy.cancelledId), state: 'canceled' }), has({ proposalId: String(story.economy.proposalId) })) },
  getGovernance: {
    path: () => '/api/v1/governance',
    expected: () => ({
      governor: world.deployment.addresses.governor, votes: world.deployment.addresses.neuroVotes, timelock: world.deployment.addresses.timelock, votingDelay: 86_400, votingPeriod: 432_000, executionDelay: 172_800,
      proposalThreshold: expect.any(BigInt), quorum: expect.toSatisfy((quorum: bigint) => quorum > 0n), supply: coin('2000100'), proposals: { all: 2, executed: 1, canceled: 1 }, open: [],
    }),
  },
  getProposal: {
    path: () => `/api/v1/proposals/${story.economy.proposalId}`,
    expected: () => has({
      state: 'executed', description: 'Let the owner have a base unit', votes: { against: coin('60'), for: coin('2000000'), abstain: 0n }, quorum: expect.any(BigInt), eta: expect.any(Number),
      calls: [has({ text: `neuroCoin.approve("${getAddress(world.accounts.owner)}", "1")` })], ballots: expect.arrayContaining([has({ voter: getAddress(world.accounts.other), support: 'against', reason: 'Too  much' })]),
    }),
  },
  listStakes: { path: () => `/api/v1/stakes?account=${world.accounts.other}`, expected: () => page({ account: getAddress(world.accounts.other), stake: coin('20'), lent: coin('20') }) },
  listDelegations: {
    path: () => `/api/v1/delegations?validator=${world.accounts.validators[0]}`,
    expected: () => page(has({ delegator: getAddress(world.accounts.other), amount: coin('20'), leaving: coin('10'), lent: coin('30'), takenBack: coin('10'), availableAt: expect.any(Number) })),
  },
  listPools: {
    path: () => `/api/v1/liquidity?account=${world.accounts.other.toLowerCase()}`,
    expected: () => ({ items: [has({ token: story.economy.pool, staked: coin('40'), accounts: 1, scheduled: coin('1000'), position: has({ amount: coin('40') }) })] }),
  },
  getAccount: { path: () => `/api/v1/accounts/${world.accounts.publisher.toLowerCase()}`, expected: () => has({ stake: 0n, claimable: [story.released], gasBalance: expect.any(BigInt) }) },
  // Last: they change what others read.
  reportTableCheck: { path: () => '/api/v1/datasets/checks', body: () => signedTableCheck(1, 1), expected: () => ({ kept: true }) },
  reportModelCheck: { path: () => '/api/v1/models/checks', body: () => signedCheck(1, 1), expected: () => ({ kept: true }) },
  reportProgress: { path: () => `/api/v1/jobs/${story.jobId}/progress`, body: async () => signedProgress(await jobWorker(), 2), expected: () => ({ kept: true }) },
};

/** Signs as one of the chain's accounts, as `connectChain` would. */
function clientOf(address: string): NeuroClient {
  const account = Array.from({ length: 10 }, (_, addressIndex) => mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex })).find((one) => isAddressEqual(one.address, getAddress(address)))!;
  return { config: world.config, account } as unknown as NeuroClient;
}

/** A measurement in the name of `validatorId`, signed by validator `signer`. */
async function signedCheck(validatorId: number, signer: number): Promise<ModelCheck> {
  const client = clientOf(world.accounts.validators[signer - 1]!);
  return { ...(await signModelCheck({ client, validatorId, body: { ...measured.body, measuredAt: 1_700_000_001 } })), account: getAddress(world.accounts.validators[validatorId - 1]!) };
}

/** What was found of a table, in the name of `validatorId`, signed by validator `signer`. */
async function signedTableCheck(validatorId: number, signer: number): Promise<TableCheck> {
  const client = clientOf(world.accounts.validators[signer - 1]!);
  const body = { version: 1 as const, manifestDigest: measured.body.manifestDigest, checkedAt: 1_700_000_001, compared: 3, alike: [{ assetId: 1, version: 1, manifestDigest: `0x${'ab'.repeat(32)}` as Hex, part: 0.95 }] };
  return { ...(await signTableCheck({ client, validatorId, body })), account: getAddress(world.accounts.validators[validatorId - 1]!) };
}

async function jobWorker(): Promise<string> {
  return z.parse(z.object({ worker: z.string() }), await ask('getJob', `/api/v1/jobs/${story.jobId}`)).worker;
}

async function signedProgress(worker: string, updatedAt: number): Promise<{ progress: Progress; signature: Hex }> {
  const reports: { progress: Progress; signature: Hex }[] = [];
  const gateway = { reportProgress: async (report: { progress: Progress; signature: Hex }) => { reports.push({ progress: report.progress, signature: report.signature }); return { kept: true }; } };
  await reportProgress({ client: clientOf(worker), gateways: [gateway], jobId: story.jobId, progress: { stage: 'training', step: 3, maxSteps: 20, lossCurve: [0.5], updatedAt } });
  return reports[0]!;
}

async function post(path: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${served.api.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

async function ask(name: RouteName, path: string, body?: unknown): Promise<unknown> {
  const route: Route = routes[name];
  const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${served.api.url}${path}`, { method: route.method, ...init });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return z.decode(route.response, (await response.json()) as never);
}

test.each(Object.entries(cases))('%s answers by its schema', async (name, { path, body, expected }) => {
  expect(await ask(name as RouteName, path(), await body?.())).toEqual(expected());
});

test('a registry goes on where its first page ended', async () => {
  const first = await ask('listValidators', '/api/v1/validators?limit=2');
  expect(first).toMatchObject({ items: [{ validatorId: 1 }, { validatorId: 2 }], next: 2 });
  expect(await ask('listValidators', '/api/v1/validators?limit=2&cursor=2')).toEqual({ items: [has({ validatorId: 3 })] });
  const accounts = [...world.accounts.workers].map((account) => getAddress(account)).toSorted();
  expect(await ask('listWorkers', '/api/v1/workers?limit=1')).toEqual({ items: [has({ account: accounts[0] })], ...(accounts.length > 1 ? { next: 1 } : {}) });
});

test('an asset says what it was made from, and what curators say of it', async () => {
  expect(await ask('getAsset', `/api/v1/assets/${story.copyId}`)).toMatchObject({
    lineage: [
      { kind: 'declared', assetId: story.modelId, title: 'Penguin classifier', version: 1, shareBps: 500 },
      { kind: 'declared', title: 'Seattle weather', version: 1, shareBps: 0 },
    ],
    // The suspension stands, and the bond with it, until the jurors have judged.
    curation: { status: 'suspended', reason: 'A copy of another asset.', author: getAddress(world.accounts.owner), bond: coin('5'), appeal: 'open', until: expect.any(Number) },
    activity: expect.arrayContaining([has({ event: 'CurationChanged' }), has({ event: 'AppealOpened' })]),
  });
  const { items } = z.parse(z.object({ items: z.array(z.unknown()) }), await ask('listDisputes', '/api/v1/disputes'));
  expect(items[0]).toMatchObject({ asset: { assetId: story.copyId, kind: 'dataset', title: 'Weather in Seattle, again' }, evidence: [{ address: 'ipfs://mine' }] });
  expect(await ask('getAsset', `/api/v1/assets/${story.modelId}`)).toMatchObject({
    lineage: [{ kind: 'run', assetId: story.assetId, title: 'Palmer penguins', version: 1, shareBps: 1000, jobId: story.jobId }],
    derived: [{ assetId: story.copyId, kind: 'dataset', title: 'Weather in Seattle, again' }],
    curation: { status: 'pending', bond: coin('5'), until: expect.any(Number) },
  });
});

test('pages follow each other without gaps', async () => {
  const seen: string[] = [];
  for (let cursor: number | undefined, more = true; more;) {
    const answer = z.parse(z.object({ items: z.array(z.object({ orderId: z.string() })), next: z.number().optional() }), await ask('listOrders', `/api/v1/orders?limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`));
    seen.push(...answer.items.map((item) => item.orderId));
    cursor = answer.next;
    more = cursor !== undefined;
  }
  expect(seen).toEqual([story.released, story.granted, story.claimed]);
});

test.each([
  ['penguin', ['Palmer penguins', 'Penguin classifier']],
  ['measuring species', ['Palmer penguins']],
  ['weath', ['Seattle weather']],
  ['antarc', ['Palmer penguins']],
  ['pengiuns', ['Palmer penguins', 'Penguin classifier']],
  ["'); DROP TABLE assets; --", []],
  ['& | ! ( ) : *', []],
  ['nothing-like-this', []],
])('searching for %s', async (query, titles) => {
  const { items } = z.parse(z.object({ items: z.array(z.object({ title: z.string() })) }), await ask('listAssets', `/api/v1/assets?q=${encodeURIComponent(query)}`));
  expect(items.map((item) => item.title).toSorted()).toEqual(titles);
});

test.each([
  ['/api/v1/assets?sort=popular&limit=1', ['Palmer penguins']],
  ['/api/v1/assets?sort=price&limit=1', ['Palmer penguins']],
  ['/api/v1/assets?kind=model', ['Penguin classifier']],
  ['/api/v1/assets?sort=popular&limit=1&cursor=1', ['Seattle weather']],
  // What curators have suspended is left out but where it is asked for.
  ['/api/v1/assets?curation=suspended', ['Weather in Seattle, again']],
  ['/api/v1/assets?q=weath&curation=all', ['Weather in Seattle, again', 'Seattle weather']],
  ['/api/v1/assets?sort=popular&limit=1&cursor=1&curation=all', ['Weather in Seattle, again']],
])('%s', async (path, titles) => {
  const { items } = z.parse(z.object({ items: z.array(z.object({ title: z.string() })) }), await ask('listAssets', path));
  expect(items.map((item) => item.title)).toEqual(titles);
});

test('assets of one owner, whatever the case of the address', async () => {
  const { items } = z.parse(z.object({ items: z.array(z.unknown()) }), await ask('listAssets', `/api/v1/assets?curation=all&owner=${world.accounts.other.toLowerCase()}`));
  expect(items).toHaveLength(1);
});

test('a manifest copied from another asset gives it no title', async () => {
  await db.pool.query('UPDATE versions SET content_root = $1 WHERE asset_id = $2', [`0x${'99'.repeat(32)}`, story.modelId]);
  expect(await ask('getAsset', `/api/v1/assets/${story.modelId}`)).toMatchObject({ title: `Asset ${story.modelId}`, columnList: [] });
});

test('progress is taken from the worker of the job only, and never goes back', async () => {
  const worker = await jobWorker();
  const path = `/api/v1/jobs/${story.jobId}/progress`;
  expect(await post(path, await signedProgress(worker, 10))).toMatchObject({ status: 200, answer: { kept: true } });
  expect(await post(path, await signedProgress(worker, 9))).toMatchObject({ status: 200, answer: { kept: false } });
  expect(await ask('getJob', `/api/v1/jobs/${story.jobId}`)).toMatchObject({ progress: { stage: 'training', step: 3, updatedAt: 10 } });
  expect(await post(path, await signedProgress(world.accounts.publisher, 11))).toMatchObject({ status: 403, answer: { code: 'FORBIDDEN' } });
  const { progress, signature } = await signedProgress(worker, 12);
  expect(await post(path, { progress: { ...progress, step: 19 }, signature })).toMatchObject({ status: 403 });
  expect(await post(`/api/v1/jobs/0x${'77'.repeat(32)}/progress`, { progress, signature })).toMatchObject({ status: 404 });
  expect(await post(path, await signedProgress(worker, Math.floor(Date.now() / 1000) + 3_600))).toMatchObject({ status: 400 });
});

test("a measurement is taken from its validator only, and the first one stays", async () => {
  expect(await post('/api/v1/models/checks', await signedCheck(3, 1))).toMatchObject({ status: 403, answer: { code: 'FORBIDDEN' } });
  expect(await post('/api/v1/models/checks', await signedCheck(3, 3))).toMatchObject({ status: 200, answer: { kept: true } });
  expect(await post('/api/v1/models/checks', await signedCheck(3, 3))).toMatchObject({ status: 200, answer: { kept: false } });
});
