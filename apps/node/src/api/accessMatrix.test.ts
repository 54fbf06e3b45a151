import { randomUUID } from 'node:crypto';
import { aliases, routes, scopes, userRoles } from '@neurodata/protocol';
import type { Config, Route, Scope, UserRole } from '@neurodata/protocol';
import { eq } from 'drizzle-orm';
import { zeroAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { assetSearch, assets, hiddenSubjects, passkeys, userWallets, users, versions } from '../db/schema.ts';
import { noChain, serveApi } from './testing.ts';
import type { ServedApi } from './testing.ts';
import { createUserClient, freshWallet } from './userClient.ts';
import type { Answer } from './userClient.ts';

/** Who may call what: every route of the table, and every other name of one, by each kind of caller. */

const config: Config = { ...noChain.config, deployment: { ...noChain.config.deployment, addresses: new Proxy({}, { get: () => zeroAddress }) as Config['deployment']['addresses'] } };

const hash = `0x${'11'.repeat(32)}` as const;

let db: Database;
let served: ServedApi;

beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  served = await serveApi({ chain: { ...noChain, config }, db, extra: { demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } } });
  for (const role of ['user', 'curator', 'support', 'admin'] as const) await callerOf(role);
});
afterAll(async () => {
  await served.close();
  await db.close();
});

const { send, signUp, makeKey } = createUserClient(() => served);

type Caller = 'nobody' | UserRole | 'key without scope' | 'key with scopes';
const callers: Caller[] = ['nobody', ...userRoles, 'key without scope', 'key with scopes'];
const credentials = new Map<Caller, string>();

/** The credential of each kind of caller; roles are given as an admin would. */
async function callerOf(role: UserRole): Promise<void> {
  const me = await signUp();
  credentials.set(role, me.access);
  if (role !== 'user') await db.orm.update(users).set({ roles: ['user', role] }).where(eq(users.userId, me.user.userId));
  if (role !== 'user') return;
  credentials.set('key with scopes', (await makeKey(me, { scopes: [...scopes] })).key);
}

/** Why a request was not let in at all; `in` for whatever a route itself said. */
function verdictOf({ status, value }: Answer): 'in' | 'not signed in' | 'wrong role' | 'key may not' {
  const { title = '' } = value as { title?: string };
  if (status === 401 && title === 'You are not signed in.') return 'not signed in';
  if (status === 403 && title.startsWith('This is for the role')) return 'wrong role';
  return status === 403 && title === 'This API key may not do that.' ? 'key may not' : 'in';
}

function expectedOf(route: Route, caller: Caller): ReturnType<typeof verdictOf> {
  if (route.access === undefined) return 'in';
  if (caller === 'nobody') return 'not signed in';
  if (caller === 'key without scope') return 'key may not';
  if (caller === 'key with scopes') {
    if (route.access === 'session') return 'key may not';
    return route.role === undefined ? 'in' : 'wrong role';
  }
  return route.role === undefined || [route.role].flat().includes(caller) ? 'in' : 'wrong role';
}

/** A path that names nothing, so that being let in does nothing. */
const nowhere = (path: string): string => path.replaceAll(/\{\w+\}/g, '~');

/** A key with every scope but the one that the route asks for. */
async function lesserKey(route: Route): Promise<string> {
  const others = scopes.filter((scope) => scope !== route.access);
  const name = `without ${route.access}`;
  const known = lesser.get(name);
  if (known) return known;
  const { key } = await makeKey({ access: credentials.get('user')! } as never, { scopes: others });
  lesser.set(name, key);
  return key;
}
const lesser = new Map<string, string>();

const places = [...Object.entries<Route>(routes).map(([name, route]) => ({ name, route, path: route.path })), ...aliases.map(({ of, path }) => ({ name: of, route: routes[of] as Route, path }))];

test.each(places)('$route.method $path ($name)', async ({ route, path }) => {
  for (const caller of callers) {
    const expected = expectedOf(route, caller);
    const access = caller === 'key without scope' ? await lesserKey(route) : credentials.get(caller);
    // Whoever is let in is asked of the accounts alone: some routes would do something.
    const verdict = expected === 'in' && route.access !== undefined ? await letIn(route, access!) : verdictOf(await send(route.method, nowhere(path), { access, ...(route.body ? { body: '"~"' } : {}) }));
    expect([caller, verdict]).toEqual([caller, expected]);
  }
});

async function letIn(route: Route, access: string): Promise<string> {
  const { access: wanted, role } = route;
  const principal = await served.accounts.authenticate(`Bearer ${access}`, { ...(wanted ? { access: wanted } : {}), role });
  return principal.userId ? 'in' : 'nobody';
}

test('what is for a role is under /admin or /support, and what is there is for a role', () => {
  for (const { path, route } of places) expect([path, /^\/api\/v1\/(admin|support)\//.test(path)]).toEqual([path, route.role !== undefined]);
});

/** Somebody's own things: the path to one of `owner`'s, and what another user would send there. */
type Own = {
  path: (owner: Owner) => string | Promise<string>;
  body?: object;
  /** Of things that everybody has under the same path, such as a favourite: the path of the owner's list, in which it stays. */
  list?: string;
};
type Owner = { access: string; userId: string; wallet: string };

const webhook = async ({ access }: Owner): Promise<string> => {
  const { value, status } = await send('POST', '/api/v1/auth/webhooks', { access, body: { url: 'http://127.0.0.1:9/hook' } });
  expect(status).toBe(200);
  return `/api/v1/auth/webhooks/${(value as { item: { webhookId: string } }).item.webhookId}`;
};
const passkey = async ({ userId }: Owner): Promise<string> => {
  const passkeyId = randomUUID();
  await db.orm.insert(passkeys).values({ passkeyId, userId, credentialId: passkeyId, host: 'localhost', publicKey: 'AA', counter: 0, transports: [], synced: false, name: 'mine', createdAt: 1 });
  return `/api/v1/auth/passkeys/${passkeyId}`;
};

const made = async ({ access }: Owner, path: string, body: object): Promise<Record<string, string>> => {
  const { value, status } = await send('POST', `/api/v1/users/${path}`, { access, body });
  expect([path, status]).toEqual([path, 200]);
  return value as Record<string, string>;
};
const collection = async (owner: Owner): Promise<string> => `/api/v1/users/collections/${(await made(owner, 'collections', { title: 'Mine' }))['collectionId']}`;
const listed = (list: string): Own => ({
  path: async (owner) => {
    await made(owner, list, { assetId: 1 });
    return `/api/v1/users/${list}/1`;
  },
  list: `/api/v1/users/${list}`,
});

const own: Record<string, Own> = {
  removeFavourite: listed('favourites'),
  removeWatch: listed('watched'),
  deleteSavedSearch: { path: async (owner) => `/api/v1/users/searches/${(await made(owner, 'searches', { name: 'mine', query: 'q=penguins' }))['searchId']}` },
  getOwnCollection: { path: collection },
  changeCollection: { path: collection, body: { title: 'Theirs' } },
  deleteCollection: { path: collection },
  addToCollection: { path: async (owner) => `${await collection(owner)}/items`, body: { assetId: 1 } },
  removeFromCollection: {
    path: async (owner) => {
      const path = await collection(owner);
      await send('POST', `${path}/items`, { access: owner.access, body: { assetId: 1 } });
      return `${path}/items/1`;
    },
  },
  endSession: { path: async ({ access }) => `/api/v1/auth/sessions/${((await send('GET', '/api/v1/auth/sessions', { access })).value as { items: { sessionId: string }[] }).items[0]!.sessionId}` },
  unlinkWallet: { path: ({ wallet }) => `/api/v1/auth/wallets/${wallet}` },
  deleteKey: { path: async ({ access }) => `/api/v1/auth/keys/${(await makeKey({ access } as never)).item.keyId}` },
  renamePasskey: { path: passkey, body: { name: 'theirs' } },
  deletePasskey: { path: passkey },
  deleteWebhook: { path: webhook },
  enableWebhook: { path: async (owner) => `${await webhook(owner)}/enable`, body: {} },
  renewWebhookSecret: { path: async (owner) => `${await webhook(owner)}/secret`, body: {} },
  testWebhook: { path: async (owner) => `${await webhook(owner)}/test`, body: {} },
  listWebhookDeliveries: { path: async (owner) => `${await webhook(owner)}/deliveries` },
  replayWebhookDelivery: { path: async (owner) => `${await webhook(owner)}/deliveries/${randomUUID()}/replay`, body: {} },
  appealHidden: {
    path: async () => {
      await db.orm.insert(hiddenSubjects).values({ subject: 'asset:1', reason: 'A copy.', hiddenAt: 1, appeal: 'none' }).onConflictDoNothing();
      return '/api/v1/hidden/asset:1/appeal';
    },
    body: { text: 'It is mine, they say.' },
  },
  getPublisherAsset: { path: () => '/api/v1/publisher/assets/1' },
};

const owned = Object.entries<Route>(routes).filter(([, { access, role, params }]) => access !== undefined && role === undefined && params !== undefined);

test('every route about something of a user says here whose', () => {
  expect(owned.map(([name]) => name).toSorted()).toEqual(Object.keys(own).toSorted());
});

test.each(owned)("%s is not done to another's", async (name, route) => {
  const wallet = freshWallet().address;
  const [owner, other] = [await signUp(), await signUp()];
  await db.orm.insert(userWallets).values({ address: wallet, userId: owner.user.userId, linkedAt: 1 });
  await db.orm.insert(assets).values({ assetId: 1, kind: 'dataset', owner: wallet, publishedAt: 1 }).onConflictDoUpdate({ target: assets.assetId, set: { owner: wallet } });
  await db.orm.insert(versions).values({ assetId: 1, version: 1, status: 'live', manifestDigest: hash, contentRoot: hash, contentCommitment: hash, keyCommitment: hash, committee: [1, 2, 3], threshold: 2, validatorsMayRead: true, subject: '0x01', transaction: hash, block: 1, at: 5 }).onConflictDoNothing();
  await db.orm.insert(assetSearch).values({
    assetId: 1, listed: true, kind: 'dataset', owner: wallet, version: 1, category: 'other', task: 'other', columns: [], price: 1, rowCount: 1, quality: 1, rating: 0, ratings: 0, orders: 0, runs: 0, favourites: 0, views: 0, popularity: 0, trend: 0,
    publishedAt: 1, facets: [], document: '',
  }).onConflictDoNothing();
  const mine = own[name]!;
  const path = await mine.path({ access: owner.access, userId: owner.user.userId, wallet });
  for (const access of [other.access, credentials.get('curator'), credentials.get('support'), credentials.get('admin')]) {
    expect(mine.list ? [200, 404] : [404, 403]).toContain((await send(route.method, path, { access, ...(mine.body ? { body: mine.body } : {}) })).status);
  }
  // It is still there for its owner.
  if (mine.list) expect((await send('GET', mine.list, { access: owner.access })).value).toMatchObject({ items: [expect.anything()] });
  const again = await send(route.method, path, { access: owner.access, ...(mine.body ? { body: mine.body } : {}) });
  if (name !== 'replayWebhookDelivery') expect([name, again.status, again.value]).toEqual([name, expect.toSatisfy((status: number) => status === 200 || status === 409), expect.anything()]);
});

/** Addresses stand in logs, histories and other servers. */
test('no address of a request holds what is secret or personal', () => {
  const fields = Object.entries<Route>(routes).flatMap(([name, { query, params }]) => [query, params].flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape).map((field) => `${name} ${field}`) : [])));
  expect(fields.length).toBeGreaterThan(50);
  expect(fields.filter((field) => /mail|password|code|secret|credential|signature|factor/i.test(field.split(' ')[1] ?? ''))).toEqual([]);
});

test('a scope is asked for by some route', () => {
  const asked = new Set<Scope>(Object.values<Route>(routes).map(({ access }) => access).filter((access): access is Scope => access !== undefined && access !== 'session'));
  // `/pins` stands beside the table.
  expect([...asked, 'pins:write'].toSorted()).toEqual([...scopes].toSorted());
});
