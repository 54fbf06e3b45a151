import { curationAbi, governorAbi, marketAbi, resetPhrase, routes, sellerReplyData } from '@neurodata/protocol';
import type { Route } from '@neurodata/protocol';
import { isSignedBySeller, replyToReview } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeFunctionData, getAddress, isAddressEqual, parseUnits } from 'viem';
import type { Address, Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import type { PrivateKeyAccount } from 'viem/accounts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import { createWorld, noPermit } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { upholdSuspended } from '../trust/index.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, password } from './userClient.ts';
import type { Answer } from './userClient.ts';

/** Reviews, reports, what is hidden, and what curators and admins do, over rows of the real contracts' events. */

let world: World;
let db: Database;
let served: ServedApi;
let asset: number;
let plain: number;
let orders: { trained: Hex; plain: Hex };
/** Access credentials. */
let admin: string;
let curator: string;
let seller: string;
let support: string;

const { send, signUp, signedBy, post } = createUserClient(() => served);
const keyOf = (address: Address): PrivateKeyAccount => {
  for (let addressIndex = 0; addressIndex < 12; addressIndex += 1) {
    const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex });
    // It signs messages as any other key.
    if (isAddressEqual(account.address, address)) return account as unknown as PrivateKeyAccount;
  }
  throw new Error(`no key of ${address}`);
};
const get = async (path: string, access?: string): Promise<unknown> => (await send('GET', `/api/v1/${path}`, { access })).value;
const put = (path: string, body: unknown, access?: string): Promise<Answer> => send('POST', `/api/v1/${path}`, { body, access });
const items = (value: unknown): Record<string, unknown>[] => (value as { items: Record<string, unknown>[] }).items;
const clientOf = (address: Address): NeuroClient => ({
  config: world.config, account: keyOf(address),
  api: { replyToReview: async ({ orderId, ...body }: { orderId: Hex }) => {
    const { status, value } = await put(`reviews/${orderId}/reply`, body);
    if (status !== 200) throw new Error(String(status));
    return value;
  } },
}) as unknown as NeuroClient;

/** A fresh user with a linked wallet; the access credential after the roles are set. */
async function userWith(wallet: Address | undefined, roles: string[] = []): Promise<string> {
  const me = await signUp();
  if (wallet) await post('wallet/link', await signedBy(keyOf(wallet), me.access), me.access);
  if (roles.length > 0) expect((await put(`admin/users/${me.user.userId}/roles`, { roles }, admin)).status).toBe(200);
  return ((await post('login', { email: me.email, password })).value as { access: string }).access;
}

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  const { accounts, publish, decide, list, buy, grant, openJob, runJob } = world;
  const [first, second] = [await publish('Palmer penguins'), await publish('Seattle weather')];
  for (const { roundId } of [first, second]) await decide(roundId);
  [asset, plain] = [Number(first.assetId), Number(second.assetId)];
  const download = await list(first.assetId, { kind: 'download', price: parseUnits('25', 18) });
  const compute = await list(first.assetId, { kind: 'compute', price: parseUnits('3', 18) });
  orders = { trained: await buy(download, 'a'), plain: await buy(download, 'b', accounts.other) };
  for (const orderId of Object.values(orders)) await grant(orderId);
  await world.send(accounts.buyer, 'market', 'confirm', [orders.trained]);
  await world.send(accounts.other, 'market', 'confirm', [orders.plain]);
  await decide(await runJob(await openJob(compute, 'job')));
  await world.send(accounts.buyer, 'reviews', 'review', [orders.trained, 5, `0x${'11'.repeat(32)}`]);
  await world.send(accounts.other, 'reviews', 'review', [orders.plain, 2, `0x${'22'.repeat(32)}`]);
  const disputed = await buy(download, 'disputed');
  await grant(disputed);
  await world.send(accounts.buyer, 'orderDisputes', 'dispute', [disputed, `0x${'33'.repeat(32)}`, noPermit]);
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => ((await db.pool.query("SELECT 1 FROM manifests WHERE state = 'read'")).rowCount === 2 && indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  served = await serveApi({ chain: world, db, users: { firstAdmin: 'root@example.org' }, extra: { demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
  served.jobs.define('for-a-test', { retries: 0, backoff: 1, timeoutSeconds: 20, work: async () => ({}) });
  admin = (await signUp('root@example.org')).access;
  curator = await userWith(accounts.owner, ['curator']);
  support = await userWith(undefined, ['support']);
  seller = await userWith(accounts.publisher);
});
/** Does it, and waits until the rows show it. */
async function inRows(work: () => Promise<unknown>): Promise<void> {
  await work();
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  await indexer.stop();
}
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
});

test('only who bought reviews, and who trained on it counts more', async () => {
  await expect(world.send(world.accounts.publisher, 'reviews', 'review', [orders.trained, 5, `0x${'00'.repeat(32)}`])).rejects.toThrow(/NotBuyer/);
  expect(await get(`assets/${asset}/ratings`)).toEqual({ assetId: asset, count: 2, weight: 3, mean: 350, weightedMean: 400, parts: [{ rating: 5, weight: 2, reviews: 1 }, { rating: 2, weight: 1, reviews: 1 }] });
  expect(await get(`assets/${plain}/ratings`)).toMatchObject({ count: 0, weightedMean: null, parts: [] });
  expect(items(await get(`reviews?assetId=${asset}`))).toMatchObject([{ orderId: orders.plain, verifiedRuns: 0, weight: 1 }, { orderId: orders.trained, verifiedRuns: 1, weight: 2, textCid: expect.any(String) }]);
  expect(codeOf(await send('GET', '/api/v1/assets/999/ratings'))).toEqual([404, 'NOT_FOUND']);
});

test("a seller's answer stands under the review, signed, and nobody else's does", async () => {
  const { publisher, buyer } = world.accounts;
  const reply = await replyToReview({ client: clientOf(publisher), orderId: orders.plain, text: 'Version 2 has it.' });
  expect(reply).toMatchObject({ seller: getAddress(publisher), text: 'Version 2 has it.' });
  expect(items(await get(`reviews?assetId=${asset}`))[0]).toMatchObject({ reply });
  expect(await isSignedBySeller({ client: clientOf(buyer), orderId: orders.plain, reply })).toBe(true);
  expect(await isSignedBySeller({ client: clientOf(buyer), orderId: orders.trained, reply })).toBe(false);
  await expect(replyToReview({ client: clientOf(buyer), orderId: orders.plain, text: 'I am not the seller.' })).rejects.toThrow('403');
  const { text, signedAt, signature } = reply;
  expect(codeOf(await put(`reviews/${orders.plain}/reply`, { text: `${text}!`, signedAt, signature }))).toEqual([403, 'FORBIDDEN']);
  expect(codeOf(await put(`reviews/${orders.plain}/reply`, { text, signedAt: signedAt + 9_999, signature }))).toEqual([400, 'BAD_INPUT']);
  // An older one, well signed, does not come back over a newer one.
  const old = await keyOf(publisher).signTypedData(sellerReplyData({ chainId: world.config.deployment.chainId, market: world.config.deployment.addresses.market, reply: { orderId: orders.plain, text: 'Old.', signedAt: signedAt - 60 } }));
  expect(codeOf(await put(`reviews/${orders.plain}/reply`, { text: 'Old.', signedAt: signedAt - 60, signature: old }))).toEqual([409, 'CONFLICT']);
});

test('a report waits for a curator; hiding tells the owner, who may appeal to an admin, once', async () => {
  const reporter = await signUp();
  const subject = `asset:${plain}`;
  const report = { subject, reason: 'copyright', evidence: 'The same rows stand in the yearbook of 1998.' };
  expect(codeOf(await put('reports', report))).toEqual([401, 'UNAUTHENTICATED']);
  expect(await put('reports', report, reporter.access)).toMatchObject({ status: 200, value: { subject, state: 'open', assetId: plain, title: 'Seattle weather' } });
  expect(codeOf(await put('reports', report, reporter.access))).toEqual([409, 'CONFLICT']);
  expect(codeOf(await put('reports', { ...report, subject: 'asset:999' }, reporter.access))).toEqual([404, 'NOT_FOUND']);
  expect(items(await get('reports/own', reporter.access))).toMatchObject([{ subject, state: 'open' }]);
  expect(items(await get('admin/curation', curator))).toMatchObject([{ asset: { assetId: plain }, reports: [{ evidence: report.evidence }] }, { asset: { assetId: asset }, reports: [] }]);

  expect(await put('admin/hidden', { subject, reason: 'A copy.' }, curator)).toMatchObject({ status: 200, value: { subject, appeal: 'none' } });
  expect(codeOf(await put('admin/hidden', { subject, reason: 'A copy.' }, curator))).toEqual([409, 'CONFLICT']);
  expect(items(await get('assets')).map((item) => item['assetId'])).toEqual([asset]);
  expect(items(await get('search?q=weather'))).toEqual([]);
  expect(await get(`assets/${plain}`)).toMatchObject({ assetId: plain, hidden: 'A copy.' });
  expect(items(await get('reports/own', reporter.access))).toMatchObject([{ state: 'upheld', decision: 'A copy.' }]);
  expect(items(await get('hidden/own', seller))).toMatchObject([{ subject, reason: 'A copy.' }]);
  expect(items(await get('hidden/own', reporter.access))).toEqual([]);
  expect(items(await get('auth/notifications', seller))[0]).toMatchObject({ kind: 'asset.curation', title: 'This node hides something of yours', text: expect.stringContaining('A copy.'), link: `/datasets/${plain}` });

  const appeal = { text: 'I measured it myself, see the notebooks.' };
  expect(codeOf(await put(`hidden/${subject}/appeal`, appeal, reporter.access))).toEqual([403, 'FORBIDDEN']);
  expect(await put(`hidden/${subject}/appeal`, appeal, seller)).toMatchObject({ value: { appeal: 'open', appealText: appeal.text } });
  expect(codeOf(await put(`hidden/${subject}/appeal`, appeal, seller))).toEqual([409, 'CONFLICT']);
  expect(items(await get('admin/hidden?appeal=open', curator))).toMatchObject([{ subject }]);
  expect(codeOf(await put(`admin/hidden/${subject}/decide`, { granted: true, reason: 'It is its own.' }, curator))).toEqual([403, 'FORBIDDEN']);
  expect(await put(`admin/hidden/${subject}/decide`, { granted: false, reason: 'It is not.' }, admin)).toMatchObject({ status: 200 });
  expect(codeOf(await put(`hidden/${subject}/appeal`, appeal, seller))).toEqual([409, 'CONFLICT']);
  expect(await put(`admin/hidden/${subject}/show`, { reason: 'Seen again.' }, curator)).toMatchObject({ status: 200 });
  expect(items(await get('assets')).map((item) => item['assetId'])).toEqual([plain, asset]);
  expect(items(await get('search?q=weather'))).toHaveLength(1);
});

test('the text of a hidden review is gone, its rating counts as the chain says', async () => {
  const subject = `review:${orders.trained}`;
  await put('admin/hidden', { subject, reason: 'It names a private person.' }, curator);
  const [, review] = items(await get(`reviews?assetId=${asset}`));
  expect(review).toMatchObject({ orderId: orders.trained, rating: 5, hidden: 'It names a private person.' });
  expect(review).not.toHaveProperty('textCid');
  expect(review).not.toHaveProperty('digest');
  expect(await get(`assets/${asset}/ratings`)).toMatchObject({ count: 2, weightedMean: 400 });
});

test('ten reports a day, also when they come at once', async () => {
  const { access } = await signUp();
  const reports = Array.from({ length: 12 }, (_, index) => ({ subject: `asset:${index % 2 === 0 ? asset : plain}`, reason: 'spam', evidence: `Number ${index} of many.` }));
  for (const report of reports) {
    const { status, value } = await put('reports', report, access);
    if (status === 200) await put(`admin/reports/${(value as { reportId: string }).reportId}/dismiss`, { reason: 'No, it is not.' }, curator);
  }
  expect(items(await get('reports/own', access))).toHaveLength(10);
  const part = await get('reports/own?limit=4', access);
  expect([items(part).length, (part as { next: number }).next, items(await get('reports/own?cursor=4', access)).length]).toEqual([4, 4, 6]);
  const some = await get('admin/users?limit=2', admin);
  expect([items(some).length, (some as { next: number }).next]).toEqual([2, 2]);
  expect(items(await get('admin/users?cursor=2', admin)).map(({ userId }) => userId)).not.toContain(items(some)[0]!['userId']);
  const other = await signUp();
  const answers = await Promise.all([1, 2, 3].map(() => put('reports', reports[0], other.access)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
});

test('a suspension is a transaction of a wallet that is curator on chain, prepared and never sent; a report stays open until the chain shows it', async () => {
  const reporter = await signUp();
  await put('reports', { subject: `asset:${plain}`, reason: 'copyright', evidence: 'The same rows stand there again.' }, reporter.access);
  const prepared = await put(`admin/curation/${plain}/prepare`, { action: 'suspend', reason: 'A copy.' }, curator);
  expect(prepared).toMatchObject({ status: 200, value: { chainId: 31_337, to: world.deployment.addresses.curation, value: '0', senders: [getAddress(world.accounts.owner)], sentence: `Suspend asset ${plain} (Seattle weather): A copy.` } });
  const { data } = prepared.value as { data: Hex };
  expect(decodeFunctionData({ abi: curationAbi, data })).toEqual({ functionName: 'suspend', args: [BigInt(plain), 'A copy.'] });
  await world.publicClient.call({ account: world.accounts.owner, to: world.deployment.addresses.curation, data });
  const without = await userWith(world.accounts.buyer, ['curator']);
  expect(codeOf(await put(`admin/curation/${plain}/prepare`, { action: 'suspend', reason: 'A copy.' }, without))).toEqual([403, 'FORBIDDEN']);
  expect(await upholdSuspended(db)).toEqual({ upheld: 0 });
  expect(items(await get('reports/own', reporter.access))).toMatchObject([{ state: 'open' }]);
  await inRows(() => world.send(world.accounts.owner, 'curation', 'suspend', [BigInt(plain), 'A copy indeed.']));
  expect(await upholdSuspended(db)).toEqual({ upheld: 1 });
  expect(items(await get('reports/own', reporter.access))).toMatchObject([{ state: 'upheld', decision: 'A copy indeed.' }]);
  expect(items(await get('admin/audit?action=reports upheld', admin))).toMatchObject([{ actor: 'chain', subject: `asset:${plain}`, details: { reports: 1 } }]);
  await inRows(() => world.send(world.accounts.owner, 'curation', 'reinstate', [BigInt(plain), 'It was none.']));
  expect(await put('reports', { subject: `asset:${plain}`, reason: 'other', evidence: 'I still do not like it at all.' }, reporter.access)).toMatchObject({ status: 200 });
  expect(await upholdSuspended(db)).toEqual({ upheld: 0 });
});

test('the audit log says who did what in which request, can be filtered, and only grows', async () => {
  const all = items(await get('admin/audit?limit=100', admin));
  expect(all.map(({ action }) => action)).toEqual(expect.arrayContaining(['roles set', 'hidden', 'shown again', 'appeal refused', 'report dismissed', 'suspend prepared']));
  expect(items(await get(`admin/audit?action=hidden&subject=asset:${plain}`, admin))).toMatchObject([{ action: 'hidden', subject: `asset:${plain}`, reason: 'A copy.', details: { reports: 1 }, requestId: expect.stringMatching(/^[\da-f-]{36}$/) }]);
  const [first, second] = [await get('admin/audit?limit=2', admin), all.slice(2, 4)] as const;
  expect(items(await get(`admin/audit?limit=2&cursor=${(first as { next: number }).next}`, admin))).toEqual(second);
  for (const statement of ['UPDATE audit_log SET actor = $1', 'DELETE FROM audit_log WHERE actor <> $1']) await expect(db.pool.query(statement, ['somebody'])).rejects.toThrow('only grows');
  await expect(db.pool.query('TRUNCATE audit_log')).rejects.toThrow('only grows');
  expect(items(await get('admin/audit?limit=100', admin))).toEqual(all);
});

test('an admin proposes a fee by a transaction of a wallet with votes, and nonsense is refused before', async () => {
  const ask = (parameters: object): Promise<Answer> => put('admin/governance/prepare', { contract: 'market', parameters, description: 'Another fee' }, admin);
  const { status, value } = await ask({ feeBps: 30 });
  expect([status, value]).toMatchObject([200, { to: world.deployment.addresses.governor, sentence: 'Propose to set of market: feeBps = 30', senders: [] }]);
  const { args: [[target], , [call], description] } = decodeFunctionData({ abi: governorAbi, data: (value as { data: Hex }).data }) as unknown as { args: [Address[], bigint[], Hex[], string] };
  expect([target, description]).toEqual([world.deployment.addresses.market, 'Another fee']);
  const now = await world.publicClient.readContract({ address: world.deployment.addresses.market, abi: marketAbi, functionName: 'params' });
  expect(decodeFunctionData({ abi: marketAbi, data: call! })).toEqual({ functionName: 'setParams', args: [{ ...now, feeBps: 30 }] });
  expect(codeOf(await ask({ feeBps: 9_999 }))).toEqual([409, 'REVERTED']);
  expect(codeOf(await ask({ feeBpss: 30 }))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await ask({ feeBps: 'many' }))).toEqual([400, 'BAD_INPUT']);
  expect(codeOf(await ask({}))).toEqual([400, 'BAD_INPUT']);
});

test('support sees disputes, an admin how far the rows are', async () => {
  expect(await get('admin/disputes', support)).toMatchObject({ orders: [{ assetId: asset, title: 'Palmer penguins', state: 'round', until: expect.any(Number) }], juries: [], upheld: 0, dismissed: 0 });
  expect(codeOf(await send('GET', '/api/v1/admin/disputes', { access: curator }))).toEqual([403, 'FORBIDDEN']);
  const found = await get('admin/projection', admin) as { indexed: number; tables: { name: string }[] };
  expect(found).toMatchObject({ indexed: Number(await world.publicClient.getBlockNumber()), wanted: 0, unreadable: 0, events: expect.any(Number) });
  expect(found.tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['events', 'assets', 'audit_log']));
});

test('nobody with a role is shown anything sealed: no answer holds a sealed share, a key, a password or a code', async () => {
  await db.pool.query("UPDATE users SET password_hash = $1 WHERE email = 'root@example.org'", ['$argon2id$secret-of-somebody']);
  const reads = Object.values<Route>(routes).filter(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/admin/') && !path.includes('{'));
  expect(reads.length).toBeGreaterThan(6);
  const { rows: grants } = await db.pool.query<{ sealed_share: string }>('SELECT sealed_share FROM grants');
  expect(grants.length).toBeGreaterThan(0);
  const all = await userWith(undefined, ['curator', 'support', 'admin']);
  for (const { path } of reads) {
    const { status, value } = await send('GET', path, { access: all });
    expect([path, status]).toEqual([path, 200]);
    const text = JSON.stringify(value);
    for (const secret of ['secret-of-somebody', ...grants.map(({ sealed_share }) => sealed_share), ...grants.map(({ sealed_share }) => Buffer.from(sealed_share.slice(2), 'hex').toString())]) expect(text).not.toContain(secret);
    expect((await send('GET', path, { access: seller })).status).toBe(403);
    expect((await send('GET', path)).status).toBe(401);
  }
  await db.pool.query("UPDATE users SET password_hash = NULL WHERE email = 'root@example.org'");
});

test('the log as a sheet, for admins', async () => {
  const sheet = (access: string) => fetch(`${served.api.url}/api/v1/admin/audit.csv?action=hidden`, { headers: { authorization: `Bearer ${access}` } });
  expect((await sheet(curator)).status).toBe(403);
  const lines = (await (await sheet(admin)).text()).trimEnd().split('\r\n');
  expect(lines[0]).toBe('id,time,actor,action,subject,reason,details,requestId');
  expect(lines).toHaveLength(1 + items(await get('admin/audit?action=hidden', admin)).length);
});

/** How each route that changes something in the name of a role is called; a new one without a case fails here. */
const writes: Record<string, () => Promise<{ path: string; body: unknown; access: string }>> = {
  setRoles: async () => ({ path: `admin/users/${(await signUp()).user.userId}/roles`, body: { roles: ['support'] }, access: admin }),
  setFeatured: async () => ({ path: 'admin/featured', body: { items: [{ assetId: asset, note: 'Look' }] }, access: curator }),
  findUsers: async () => ({ path: 'admin/users/find', body: { q: 'root@' }, access: admin }),
  findUserState: async () => ({ path: 'support/users/find', body: { email: 'root@example.org' }, access: support }),
  endUserSessions: async () => ({ path: `support/users/${(await signUp()).user.userId}/end-sessions`, body: { reason: 'Asked for by telephone.' }, access: support }),
  lockUser: async () => ({ path: `admin/users/${(await signUp()).user.userId}/lock`, body: { reason: 'Sends spam.' }, access: admin }),
  unlockUser: async () => {
    const { user } = await signUp();
    await put(`admin/users/${user.userId}/lock`, { reason: 'Sends spam.' }, admin);
    return { path: `support/users/${user.userId}/unlock`, body: { reason: 'A mistake.' }, access: support };
  },
  prepareCuration: async () => ({ path: `admin/curation/${plain}/prepare`, body: { action: 'approve', reason: 'It is sound.' }, access: curator }),
  dismissReport: async () => {
    const { access } = await signUp();
    const { value } = await put('reports', { subject: `asset:${asset}`, reason: 'other', evidence: 'I do not like it.' }, access);
    return { path: `admin/reports/${(value as { reportId: string }).reportId}/dismiss`, body: { reason: 'A matter of taste.' }, access: curator };
  },
  hideSubject: async () => ({ path: 'admin/hidden', body: { subject: `asset:${asset}`, reason: 'For a test.' }, access: curator }),
  decideAppeal: async () => {
    await put(`hidden/asset:${asset}/appeal`, { text: 'I ask for another look.' }, seller);
    return { path: `admin/hidden/asset:${asset}/decide`, body: { granted: false, reason: 'Looked again.' }, access: admin };
  },
  showSubject: async () => ({ path: `admin/hidden/asset:${asset}/show`, body: { reason: 'Enough of it.' }, access: curator }),
  prepareParameters: async () => ({ path: 'admin/governance/prepare', body: { contract: 'market', parameters: { feeBps: 30 }, description: 'A lower fee' }, access: admin }),
  cancelBackgroundJob: async () => ({ path: `admin/jobs/${await waitingJob()}/cancel`, body: {}, access: admin }),
  retryBackgroundJob: async () => {
    const jobId = await waitingJob();
    await served.jobs.cancel(jobId);
    return { path: `admin/jobs/${jobId}/retry`, body: {}, access: admin };
  },
};
const last: typeof writes = { resetNode: async () => {
  await waitingJob();
  await put('users/favourites', { assetId: asset }, admin);
  await put('users/searches', { name: 'Penguins', query: 'q=penguins' }, admin);
  return { path: 'admin/reset', body: { phrase: resetPhrase }, access: admin };
} };
Object.assign(writes, last);
const waitingJob = async (): Promise<string> => (await served.jobs.enqueue('for-a-test', {}, { after: 3_600 }))!;
const isAdminWrite = ({ method, path, role }: Route): boolean => method !== 'GET' && (role !== undefined || path.startsWith('/api/v1/admin/'));

test.each(Object.keys(routes).filter((name) => isAdminWrite(routes[name as keyof typeof routes])).toSorted((one, other) => Object.keys(writes).indexOf(one) - Object.keys(writes).indexOf(other)))('%s leaves an entry in the audit log', async (name) => {
  const write = writes[name];
  if (!write) throw new Error(`${name} changes something in the name of a role: tell this test how to call it, and recordAudit what it did.`);
  const { path, body, access } = await write();
  const { status, headers } = await put(path, body, access);
  expect(status).toBe(200);
  const { rows } = await db.pool.query<{ count: bigint }>('SELECT count(*) FROM audit_log WHERE request_id = $1', [headers.get('x-request-id')]);
  expect(rows[0]?.count).toBe(1n);
});

test('a reset forgets users and what they said, but not the chain, the caller, or the log', async () => {
  const left = async (table: string): Promise<number> => Number((await db.pool.query(`SELECT count(*) AS count FROM ${table}`)).rows[0].count);
  const tables = ['users', 'reports', 'hidden_subjects', 'seller_replies', 'favourites', 'saved_searches', 'featured_assets', 'notifications', 'mailbox'];
  expect(await Promise.all(tables.map(left))).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect((await served.jobs.list({ name: 'for-a-test' })).filter(({ state }) => state !== 'running')).toEqual([]);
  expect(Number((await db.pool.query('SELECT sum(favourites) AS count FROM asset_search')).rows[0].count)).toBe(0);
  expect(await left('orders')).toBe(3);
  expect(await left('audit_log')).toBeGreaterThan(10);
  expect(codeOf(await put('admin/reset', { phrase: 'yes' }, admin))).toEqual([400, 'BAD_INPUT']);
  expect(items(await get('admin/audit?action=node reset', admin))).toHaveLength(1);
});
