import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { marketAbi, milestoneEscrowAbi, notificationRoutes } from '@neurodata/protocol';
import type { Change, Notification, NotificationSetting, Route, SignedIn, Webhook, WebhookDelivery } from '@neurodata/protocol';
import { getAddress, parseEventLogs, parseUnits } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createIndexer } from '../indexer/createIndexer.ts';
import type { Indexer } from '../indexer/createIndexer.ts';
import { bytes32, createWorld, noPermit } from '../indexer/testing/world.ts';
import type { World } from '../indexer/testing/world.ts';
import { log, serveApi, until } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { codeOf, createUserClient, password } from './userClient.ts';

/** What users are told, over a real chain, indexer, database and API, and a real server that takes webhooks. */

let world: World;
let db: Database;
let indexer: Indexer;
let served: ServedApi;
/** Added to the clock of accounts and deliveries; events keep the chain's. */
let skipped = 0;
const now = (): number => Math.floor(Date.now() / 1_000) + skipped;
const changes: Change[] = [];

type Posted = { headers: http.IncomingHttpHeaders; body: string };
const posted: Posted[] = [];
let answer: (response: http.ServerResponse) => void = (response) => void response.writeHead(204).end();
const receiver = http.createServer((request, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => { body += piece.toString(); });
  request.on('end', () => {
    posted.push({ headers: request.headers, body });
    answer(response);
  });
});
const hookUrl = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;

/** What owners gave as reasons, by digest. */
const reasons = new Map<string, Uint8Array>();

beforeAll(async () => {
  world = await createWorld();
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: { url: world.url, publicClient: world.publicClient, config: world.config }, db, users: { now }, notices: { readBlock: async (digest) => reasons.get(digest) } });
  served.changes.subscribe((change) => changes.push(change));
  indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, lagMs: 0, onChange: () => undefined, readDocument: async (digest) => world.manifests.get(digest) ?? Promise.reject(new Error('nobody has it')) });
  await indexer.start();
  await new Promise<void>((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => {
  await indexer.stop();
  await served.close();
  await db.close();
  await world.stop();
  receiver.closeAllConnections();
  receiver.close();
});
beforeEach(() => {
  skipped += 3_600;
  posted.length = 0;
  answer = (response) => void response.writeHead(204).end();
});

const { send, post, signUp, makeKey, mails } = createUserClient(() => served);

/** Links a wallet of the chain's cast, as if it had signed now; clocks may differ by a minute. */
async function link(userId: string, address: string): Promise<void> {
  await db.pool.query('INSERT INTO user_wallets (address, user_id, linked_at) VALUES ($1, $2, (SELECT timestamp + 60 FROM cursor)) ON CONFLICT (address) DO UPDATE SET user_id = $2', [getAddress(address), userId]);
}

async function caughtUp(): Promise<void> {
  await until(async () => {
    const latest = await world.publicClient.getBlock({ blockTag: 'latest' });
    const { rows } = await db.pool.query<{ hash: string }>('SELECT hash FROM cursor');
    return rows[0]?.hash === latest.hash || undefined;
  });
  await served.notifications.step();
}

/** Windows pass, and with them credentials: a fresh one for somebody. */
async function again<T extends { email: string }>(me: T): Promise<T & { access: string }> {
  return { ...me, access: ((await post('login', { email: me.email, password })).value as SignedIn).access };
}

type Listed = { items: Notification[]; next?: number; unread: number; topic: string };
const list = async (access: string, query = ''): Promise<Listed> => (await send('GET', `/api/v1/auth/notifications${query}`, { access })).value as Listed;
const kinds = async (access: string): Promise<string[]> => (await list(access)).items.map(({ kind }) => kind);

let sale: { buyer: SignedIn & { email: string }; seller: SignedIn & { email: string }; orderId: `0x${string}` };
async function sell(): Promise<typeof sale> {
  const [buyer, seller] = [await signUp(), await signUp()];
  const { assetId, roundId } = await world.publish('Palmer penguins');
  await world.decide(roundId);
  const listingId = await world.list(assetId, { kind: 'download', price: parseUnits('25', 18) });
  await world.later(5);
  await caughtUp();
  await link(buyer.user.userId, world.accounts.buyer);
  await link(seller.user.userId, world.accounts.publisher);
  const orderId = await world.buy(listingId, 'first');
  await world.grant(orderId);
  await caughtUp();
  return { buyer, seller, orderId };
}

test('both sides of a sale are told what concerns them: in the list, live, and by mail', async () => {
  sale = await sell();
  const { buyer, seller, orderId } = sale;
  const { items, unread, topic } = await list(buyer.access);
  expect([items, unread]).toEqual([[expect.objectContaining({ kind: 'order.granted', title: '“Palmer penguins” can be opened', link: `/orders/${orderId}`, readAt: null })], 1]);
  expect(changes.flatMap(({ topics }) => topics)).toContain(topic);
  expect(await kinds(seller.access)).toEqual(['order.opened']);
  const mail = (await mails(buyer.email)).find(({ subject }) => subject.includes('can be opened'));
  expect(mail?.text).toContain(`/orders/${orderId}`);
  await world.send(world.accounts.buyer, 'market', 'confirm', [orderId]);
  await caughtUp();
  expect(await kinds(seller.access)).toEqual(['order.released', 'order.opened']);
  await world.send(world.accounts.other, 'market', 'claim', [world.accounts.publisher, [orderId]]);
  await caughtUp();
});

test('a reorganisation tells nobody twice, and tells of what is new; neither does a restart, nor rows that were made anew', async () => {
  const [buyer, seller] = [await again(sale.buyer), await again(sale.seller)];
  const before = [await list(buyer.access), await list(seller.access)];
  const { rows: [start] } = await db.pool.query<{ block: bigint }>('SELECT block FROM notification_cursors');
  // The same sale again, taken back and mined otherwise: a grant that was told stays told.
  const { roundId, assetId } = await world.publish('Palmer penguins');
  await world.decide(roundId);
  const listingId = await world.list(assetId, { kind: 'download', price: parseUnits('25', 18) });
  const orderId = await world.buy(listingId, 'second');
  await caughtUp();
  const snapshot = (await world.rpc('evm_snapshot', [])) as `0x${string}`;
  await world.grant(orderId);
  await caughtUp();
  await world.rpc('evm_revert', [snapshot]);
  await world.mine(1);
  await world.grant(orderId);
  await caughtUp();
  expect((await list(buyer.access)).items.filter(({ link }) => link === `/orders/${orderId}`)).toHaveLength(1);
  await db.pool.query("UPDATE notification_cursors SET block = $1, hash = ''", [start!.block]);
  await caughtUp();
  const after = [await list(buyer.access), await list(seller.access)];
  expect(after.map(({ items }) => items.length)).toEqual([before[0]!.items.length + 1, before[1]!.items.length + 2]);
  const order = await world.publicClient.readContract({ address: world.deployment.addresses.market, abi: marketAbi, functionName: 'order', args: [orderId] });
  expect(order.state).toBe(2);
  // The buyer of it says nothing: in the end the seller may claim.
  expect(await kinds(seller.access)).not.toContain('payout.claimable');
  await world.later(world.config.windows.confirm + 1);
  await caughtUp();
  await caughtUp();
  expect((await kinds(seller.access)).filter((kind) => kind === 'payout.claimable')).toHaveLength(1);
});

const titles = async (access: string): Promise<string[]> => (await list(access)).items.map(({ title }) => title);

test('deals: each side hears of milestones that are delivered, contested, paid and given back, and of the end', async () => {
  const [buyer, seller] = [await again(sale.buyer), await again(sale.seller)];
  const before = [(await titles(buyer.access)).length, (await titles(seller.access)).length];
  const { accounts, deployment: { addresses } } = world;
  const day = 86_400;
  const { timestamp } = await world.publicClient.getBlock();
  await world.send(accounts.buyer, 'neuroCoin', 'approve', [addresses.milestoneEscrow, parseUnits('1000', 18)]);
  const input = {
    seller: accounts.publisher, arbiter: addresses.disputes, token: addresses.neuroCoin, reviewWindow: 2 * day, arbitrationWindow: 3 * day, terms: 'ipfs://terms', salt: bytes32('a deal'),
    amounts: [10n, 20n, 30n], deadlines: [1, 2, 3].map((days) => Number(timestamp) + 30 * days * day),
  };
  const { logs } = await world.send(accounts.buyer, 'milestoneEscrow', 'open', [input, noPermit]);
  const [opened] = parseEventLogs({ abi: milestoneEscrowAbi, eventName: 'DealOpened', logs });
  const { dealId } = opened!.args;
  const act = (from: `0x${string}`, name: string, ...args: unknown[]) => world.send(from, 'milestoneEscrow', name, [dealId, ...args]);
  await act(accounts.publisher, 'deliver', 0, bytes32('report'));
  await act(accounts.buyer, 'release', 0, 4n);
  await act(accounts.buyer, 'release', 0, 6n);
  await act(accounts.publisher, 'deliver', 1, bytes32('another'));
  await act(accounts.buyer, 'contest', 1);
  await act(accounts.publisher, 'refund', 1, 20n);
  await act(accounts.publisher, 'cancel', 10n);
  await caughtUp();
  const fresh = async (): Promise<string[][]> => [(await titles(buyer.access)).slice(0, -before[0]!), (await titles(seller.access)).slice(0, -before[1]!)];
  expect(await fresh()).toEqual([
    ['The other side offers to end a deal', 'Milestone 2 of a deal is given back', 'Milestone 2 of a deal is delivered', 'Milestone 1 of a deal is delivered'],
    ['Milestone 2 of a deal is contested', 'Milestone 1 of a deal is released', 'Milestone 1 of a deal is released', 'Somebody opens a deal with you'],
  ]);
  expect((await list(seller.access)).items[0]!.link).toBe(`/deals/${dealId}`);
  await act(accounts.buyer, 'cancel', 10n);
  await caughtUp();
  expect((await fresh()).map(([newest]) => newest)).toEqual(['A deal has ended', 'A deal has ended']);
});

test('subscriptions: the seller hears of a new one and of renewals, whoever has it that it ends soon, both that it is over', async () => {
  const [buyer, seller] = [await again(sale.buyer), await again(sale.seller)];
  const { assetId, roundId } = await world.publish('Weekly weather');
  await world.decide(roundId);
  const listingId = await world.list(assetId, { kind: 'subscription', price: parseUnits('2', 18) });
  await caughtUp();
  const subscriptionId = await world.subscribe(listingId, 1);
  await caughtUp();
  const about = async (access: string): Promise<string[]> => (await list(access, '?limit=50')).items.filter(({ kind, title }) => kind.startsWith('subscription.') && title.includes('Weekly weather')).map(({ title }) => title);
  const name = '“Weekly weather”';
  expect([await about(buyer.access), await about(seller.access)]).toEqual([[], [`Somebody subscribes to ${name}`]]);
  const { rows: [{ period } = { period: 0n }] } = await db.pool.query<{ period: bigint }>('SELECT period FROM subscriptions WHERE subscription_id = $1', [subscriptionId]);
  // Half of the time is over.
  await world.later(Number(period) / 2 + 60);
  await caughtUp();
  await caughtUp();
  expect(await about(buyer.access)).toEqual([`Your subscription to ${name} ends soon`]);
  await world.send(world.accounts.buyer, 'subscriptions', 'renew', [subscriptionId, 1, noPermit]);
  await caughtUp();
  expect([await about(buyer.access), await about(seller.access)]).toEqual([[`Your subscription to ${name} goes on`, `Your subscription to ${name} ends soon`], [`A subscription to ${name} is renewed`, `Somebody subscribes to ${name}`]]);
  await world.later(2 * Number(period));
  await caughtUp();
  await caughtUp();
  expect([(await about(buyer.access))[0], (await about(seller.access))[0]]).toEqual([`Your subscription to ${name} has ended`, `A subscription to ${name} has ended`]);
});

test('a new version reaches whoever subscribes, as a notice and by webhook, while that is paid; a revocation reaches who has it, who subscribes and who made something of it, with its reason', async () => {
  const [buyer, seller, other] = [await again(sale.buyer), await again(sale.seller), await signUp()];
  await link(other.user.userId, world.accounts.other);
  const { assetId, roundId } = await world.publish('Tide tables');
  await world.decide(roundId);
  const [subscription, download] = [await world.list(assetId, { kind: 'subscription', price: parseUnits('2', 18) }), await world.list(assetId, { kind: 'download', price: parseUnits('2', 18) })];
  const subscriptionId = await world.subscribe(subscription, 1, world.accounts.other);
  await world.grant(await world.buy(download, 'tides'));
  await caughtUp();
  const { item } = (await send('POST', '/api/v1/auth/webhooks', { access: other.access, body: { url: hookUrl(), kinds: ['asset.version'] } })).value as { item: Webhook };
  const about = async (access: string): Promise<string[][]> => (await list(access, '?limit=50')).items.filter(({ kind, title }) => kind === 'asset.version' && title.includes('Tide tables')).map(({ title, text }) => [title, text]);
  posted.length = 0;
  await world.decide((await world.addVersion(assetId, 'Tide tables')).roundId);
  await caughtUp();
  await caughtUp();
  const fresh = 'There is version 2 of “Tide tables”';
  expect([await about(buyer.access), await about(other.access)]).toEqual([[[fresh, 'You have bought an earlier one.']], [[fresh, 'Your subscription covers it: ask for its key.']]]);
  expect(posted.map(({ body }) => JSON.parse(body) as object)).toMatchObject([{ type: 'asset.version', data: { title: fresh, url: `${served.api.url}/orders` } }]);

  // Its time is over: nobody tells of what it does not cover any more.
  await world.later(3 * 86_400);
  await world.decide((await world.addVersion(assetId, 'Tide tables')).roundId);
  await caughtUp();
  expect([(await about(buyer.access)).length, (await about(other.access)).length]).toEqual([2, 1]);

  await world.publish('Harbour depths', { from: world.accounts.other, parents: [{ assetId, version: 1, shareBps: 0 }, { assetId, version: 2, shareBps: 0 }] });
  reasons.set(bytes32('tides'), new TextEncoder().encode(JSON.stringify({ version: 1, reason: 'The gauge was\nbroken.' })));
  await world.send(world.accounts.publisher, 'assetRegistry', 'revokeVersion', [assetId, 1, bytes32('tides')]);
  await caughtUp();
  const revoked = 'Version 1 of “Tide tables” is revoked';
  expect((await about(buyer.access))[0]).toEqual([`${revoked}, which you have`, 'Its owner says: The gauge was broken. What you have stays yours.']);
  expect((await about(seller.access))[0]).toEqual([revoked, 'Its owner says: The gauge was broken.']);
  expect((await about(other.access))[0]).toEqual([`${revoked}, which your “Harbour depths” was made from`, 'Its owner says: The gauge was broken. The page of yours says so from now on.']);
  const { rows: [{ asset_id: childId } = { asset_id: 0n }] } = await db.pool.query<{ asset_id: bigint }>('SELECT max(asset_id) AS asset_id FROM assets');
  const { lineage } = (await send('GET', `/api/v1/assets/${childId}`)).value as { lineage: object[] };
  expect(lineage).toEqual([expect.objectContaining({ version: 1, withdrawn: 'revoked' }), expect.not.objectContaining({ withdrawn: expect.anything() })]);
  // The text of a reason that this node has not, or that is none, is left out.
  await world.send(world.accounts.other, 'subscriptions', 'renew', [subscriptionId, 1, noPermit]);
  reasons.set(bytes32('no reason'), new TextEncoder().encode('{"version":1}'));
  await world.send(world.accounts.publisher, 'assetRegistry', 'revokeVersion', [assetId, 2, bytes32('no reason')]);
  await caughtUp();
  expect((await about(seller.access))[0]).toEqual(['Version 2 of “Tide tables” is revoked', 'It is not sold any more; its page says why.']);
  expect(await about(other.access)).toContainEqual(['Version 2 of “Tide tables” is revoked, which your subscription covers', 'It is not sold any more; its page says why. Subscriptions open it no more; the other versions are yours as before.']);
  await send('DELETE', `/api/v1/auth/webhooks/${item.webhookId}`, { access: other.access });
});

test('whoever links a wallet later is not told what was before', async () => {
  const late = await signUp();
  await db.pool.query('UPDATE user_wallets SET user_id = $1, linked_at = $2 WHERE address = $3', [late.user.userId, now() + 10 * 86_400, getAddress(world.accounts.buyer)]);
  await db.pool.query("UPDATE notification_cursors SET block = 0, log_index = 0, hash = ''");
  await caughtUp();
  expect(await kinds(late.access)).toEqual([]);
  await link(sale.buyer.user.userId, world.accounts.buyer);
});

test('they are read, some or all, and others cannot', async () => {
  const [buyer, seller] = [await again(sale.buyer), await again(sale.seller)];
  const { items, unread } = await list(seller.access);
  const [first] = items;
  await send('POST', '/api/v1/auth/notifications/read', { access: buyer.access, body: { notificationIds: [first!.notificationId] } });
  expect((await list(seller.access)).unread).toBe(unread);
  expect((await send('POST', '/api/v1/auth/notifications/read', { access: seller.access, body: { notificationIds: [first!.notificationId] } })).value).toEqual({ unread: unread - 1 });
  expect((await list(seller.access, '?unread=true')).items).toHaveLength(unread - 1);
  const page = await list(seller.access, '?limit=1');
  expect((await list(seller.access, `?limit=1&cursor=${page.next}`)).items[0]!.notificationId).toBeLessThan(page.items[0]!.notificationId);
  expect((await send('POST', '/api/v1/auth/notifications/read', { access: seller.access, body: {} })).value).toEqual({ unread: 0 });
});

test('security: a key, and a sign-in from a new place; a known place is no news', async () => {
  const me = await signUp();
  await makeKey(me);
  await post('login', { email: me.email, password });
  await served.accounts.settled();
  expect(await kinds(me.access)).toEqual(['security.key']);
  // The address is the same for every test, so both must be strange.
  await db.pool.query("UPDATE user_activity SET address = '203.0.113.9' WHERE user_id = $1", [me.user.userId]);
  await send('POST', '/api/v1/auth/login', { body: { email: me.email, password }, headers: { 'user-agent': 'another' } });
  await served.accounts.settled();
  expect(await kinds(me.access)).toEqual(['security.sign_in', 'security.key']);
  expect((await mails(me.email)).map(({ subject }) => subject)).toEqual(expect.arrayContaining(['A sign-in from a new place', 'An API key was made']));
});

test('people choose what goes where; what is about security stays in the list', async () => {
  const me = await signUp();
  const settings = async (items: NotificationSetting[]) => send('PUT', '/api/v1/auth/notifications/settings', { access: me.access, body: { items } });
  expect(codeOf(await settings([{ kind: 'security.key', list: false, mail: false, webhook: false }]))).toEqual([400, 'BAD_INPUT']);
  await settings([{ kind: 'security.key', list: true, mail: false, webhook: false }, { kind: 'admin.notice', list: false, mail: false, webhook: false }]);
  const { value } = await send('GET', '/api/v1/auth/notifications/settings', { access: me.access });
  expect((value as { items: NotificationSetting[] }).items).toEqual(expect.arrayContaining([{ kind: 'admin.notice', list: false, mail: false, webhook: false }, { kind: 'order.granted', list: true, mail: true, webhook: true }]));
  await makeKey(me);
  await served.accounts.settled();
  const notice = { kind: 'admin.notice', eventId: 'hello', title: 'Hello', text: 'A text', link: '/', at: now(), userIds: [me.user.userId] } as const;
  await served.notifications.tell(notice);
  await served.notifications.tell({ ...notice, kind: 'order.granted' });
  expect(await kinds(me.access)).toEqual(['security.key']);
  expect((await mails(me.email)).map(({ subject }) => subject)).toEqual(['Confirm your address']);
});

const hookOf = async (access: string, body: object = {}): Promise<{ item: Webhook; secret: string }> => (await send('POST', '/api/v1/auth/webhooks', { access, body: { url: hookUrl(), ...body } })).value as { item: Webhook; secret: string };
const log2 = async (access: string, webhookId: string): Promise<WebhookDelivery[]> => ((await send('GET', `/api/v1/auth/webhooks/${webhookId}/deliveries`, { access })).value as { items: WebhookDelivery[] }).items;
const tell = (userId: string, eventId: string, kind: 'admin.notice' | 'review.written' = 'admin.notice') => served.notifications.tell({ kind, eventId, title: 'Hello', text: 'A text', link: '/user', at: now(), userIds: [userId] });

test('a webhook is signed as Standard Webhooks says, gets what it asked for, and is played again under its id', async () => {
  const me = await signUp();
  const { item, secret } = await hookOf(me.access, { kinds: ['admin.notice'] });
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  await tell(me.user.userId, 'one');
  await tell(me.user.userId, 'two', 'review.written');
  await served.notifications.step();
  expect(posted).toHaveLength(1);
  const { headers, body } = posted[0]!;
  expect(JSON.parse(body)).toEqual({ type: 'admin.notice', timestamp: expect.stringMatching(/Z$/), data: { notificationId: expect.any(Number), eventId: 'one', title: 'Hello', text: 'A text', url: `${served.api.url}/user` } });
  const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64');
  expect([headers['webhook-signature'], headers['content-type']]).toEqual([`v1,${signature}`, 'application/json']);
  const [delivery] = await log2(me.access, item.webhookId);
  expect(delivery).toMatchObject({ kind: 'admin.notice', state: 'delivered', attempts: 1, status: 204, error: null, nextAt: null });
  await send('POST', `/api/v1/auth/webhooks/${item.webhookId}/deliveries/${delivery!.deliveryId}/replay`, { access: me.access, body: {} });
  await served.notifications.step();
  expect(posted.map((one) => one.headers['webhook-id'])).toEqual([headers['webhook-id'], headers['webhook-id']]);
  // A new secret signs from now on; at rest there is neither.
  const { value } = await send('POST', `/api/v1/auth/webhooks/${item.webhookId}/secret`, { access: me.access, body: {} });
  expect((value as { secret: string }).secret).not.toBe(secret);
  const { rows } = await db.pool.query<{ sealed_secret: string }>('SELECT sealed_secret FROM webhooks');
  expect(JSON.stringify(rows)).not.toContain((value as { secret: string }).secret.slice(6));
  await send('POST', `/api/v1/auth/webhooks/${item.webhookId}/test`, { access: me.access, body: {} });
  await served.notifications.step();
  expect(JSON.parse(posted.at(-1)!.body)).toMatchObject({ type: 'test' });
});

test('a webhook that fails is tried again with growing waits, and turned off after three days, with a notice', async () => {
  let me = await signUp();
  const { item } = await hookOf(me.access);
  answer = (response) => void response.writeHead(500).end();
  await tell(me.user.userId, 'fails');
  for (const seconds of [0, 10, 80, 400]) {
    skipped += seconds;
    await served.notifications.step();
  }
  expect((await log2(me.access, item.webhookId))[0]).toMatchObject({ state: 'waiting', attempts: 4, status: 500, error: 'The answer was 500.' });
  // It comes back: the same message, the same id, once.
  answer = (response) => void response.writeHead(200).end('thanks');
  skipped += 2_400;
  await served.notifications.step();
  me = await again(me);
  expect([(await log2(me.access, item.webhookId))[0]!.state, new Set(posted.map(({ headers }) => headers['webhook-id'])).size, posted.length]).toEqual(['delivered', 1, 5]);
  // Redirects are not followed, and say so.
  answer = (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  await tell(me.user.userId, 'moved');
  await served.notifications.step();
  expect((await log2(me.access, item.webhookId))[0]).toMatchObject({ state: 'waiting', status: 302 });
  skipped += 3 * 86_400;
  await served.notifications.step();
  me = await again(me);
  const { value } = await send('GET', '/api/v1/auth/webhooks', { access: me.access });
  expect(value).toMatchObject({ items: [{ disabledAt: expect.any(Number), disabledReason: 'It failed for three days.' }] });
  expect(await kinds(me.access)).toContain('webhook.disabled');
  const count = posted.length;
  await tell(me.user.userId, 'nobody hears');
  await served.notifications.step();
  expect(posted.length).toBe(count);
  expect((await send('POST', `/api/v1/auth/webhooks/${item.webhookId}/enable`, { access: me.access, body: {} })).value).toMatchObject({ disabledAt: null });
});

test('a server that answers without end or not at all holds nothing up', async () => {
  const me = await signUp();
  const { item } = await hookOf(me.access);
  // Messages of the tests before may come along: each has an answer of its own.
  let stopped = false;
  answer = (response) => {
    let closed = false;
    response.writeHead(200);
    const pour = (): void => {
      if (closed) return;
      if (response.write('x'.repeat(1_000))) setImmediate(pour);
      else response.once('drain', pour);
    };
    response.on('close', () => { closed = stopped = true; });
    pour();
  };
  await tell(me.user.userId, 'endless');
  await served.notifications.step();
  expect([(await log2(me.access, item.webhookId))[0]!.state, await until(async () => stopped || undefined)]).toEqual(['delivered', true]);
  answer = () => undefined;
  await tell(me.user.userId, 'silent');
  const started = performance.now();
  await served.notifications.step();
  expect(performance.now() - started).toBeLessThan(15_000);
  expect((await log2(me.access, item.webhookId)).find(({ state }) => state === 'waiting')).toMatchObject({ error: 'It did not answer within 5 seconds.', status: null });
});

test('each route is for whoever is signed in, takes no key but for the list, and finds nothing of others', async () => {
  const [me, stranger] = [await signUp(), await signUp()];
  const { item } = await hookOf(me.access);
  const bodies: Record<string, unknown> = { setNotificationSettings: { items: [{ kind: 'admin.notice', list: true, mail: true, webhook: true }] }, createWebhook: { url: hookUrl() } };
  for (const [name, route] of Object.entries<Route>(notificationRoutes)) {
    const path = route.path.replace('{webhookId}', item.webhookId).replace('{deliveryId}', item.webhookId);
    const body = route.body ? { body: bodies[name] ?? {} } : {};
    expect([name, ...codeOf(await send(route.method, path, body))]).toEqual([name, 401, 'UNAUTHENTICATED']);
    expect([name, (await send(route.method, path, { ...body, access: (await makeKey(me, { scopes: ['notifications:read'] })).key })).status]).toEqual([name, name === 'listNotifications' ? 200 : 403]);
    if (path.includes(item.webhookId)) expect([name, ...codeOf(await send(route.method, path, { ...body, access: stranger.access }))]).toEqual([name, 404, 'NOT_FOUND']);
  }
  expect((await send('DELETE', `/api/v1/auth/webhooks/${item.webhookId}`, { access: me.access })).status).toBe(200);
  await sleep(1);
  expect((await send('GET', '/api/v1/auth/webhooks', { access: me.access })).value).toEqual({ items: [] });
});
