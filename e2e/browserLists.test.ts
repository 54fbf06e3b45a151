import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getAddress, isAddressEqual, parseUnits, toHex } from 'viem';
import type { Address, Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { log, serveApi, until } from '../apps/node/src/api/testing.ts';
import type { ServedApi } from '../apps/node/src/api/testing.ts';
import { createUserClient } from '../apps/node/src/api/userClient.ts';
import { createIndexer } from '../apps/node/src/indexer/createIndexer.ts';
import { createWorld } from '../apps/node/src/indexer/testing/world.ts';
import type { World } from '../apps/node/src/indexer/testing/world.ts';
import { openDatabase } from '../apps/node/src/db/openDatabase.ts';
import type { Database } from '../apps/node/src/db/openDatabase.ts';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { launchChrome } from './browse.ts';
import { expectUsable } from './usable.ts';

/** Filters, favourites, saved searches, recommendations, a fresh proof, users and support in a real browser, over rows of the real contracts' events. */

let world: World;
let db: Database;
let served: ServedApi;
let browser: Browser;
let page: Page;
const errors: string[] = [];

const keyOf = (address: Address): Hex => {
  const keys = Array.from({ length: 10 }, (_, addressIndex) => mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }));
  return toHex(keys.find((key) => isAddressEqual(key.address, address))!.getHdKey().privateKey!);
};

beforeAll(async () => {
  const built = ensureWebBuilt();
  world = await createWorld();
  const { publish, decide, list } = world;
  for (const [title, tags] of [['Palmer penguins', ['birds', 'antarctica']], ['Gentoo penguins', ['birds', 'antarctica']], ['River levels', ['water']]] as const) {
    const { assetId, roundId } = await publish(title, { tags: [...tags] });
    await decide(roundId);
    await list(assetId, { kind: 'download', price: parseUnits('25', 18) });
  }
  db = await openDatabase({ log });
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => ((await db.pool.query("SELECT 1 FROM manifests WHERE state = 'read'")).rowCount === 3 && indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  const person = (name: string, address: Address) => ({ name, role: `${name} of the market`, address: getAddress(address), privateKey: keyOf(address) });
  served = await serveApi({ chain: world, db, extra: { webFolder: await built, demo: { accounts: [person('alice', world.accounts.other)], fund: () => Promise.reject(new Error('not here')) } } });
  browser = await launchChrome();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${message.location().url}: ${message.text()}`); });
}, 240_000);
afterAll(async () => {
  await browser.close();
  await served.close();
  await db.close();
  await world.stop();
});

const open = (path: string) => page.goto(`${served.api.url}${path}`);
/** Refusals are told on the console by the browser itself: a proof that was asked for, and manifests of the test's world, whose blocks nobody keeps. */
const unexpected = (): string[] => errors.filter((text) => !/totp\/begin: .* 401|\/ipfs\/.* 404|admin\/featured: .* 404/.test(text));
const button = (name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();
const region = (name: string) => page.getByRole('region', { name, exact: true }).first();
const cards = () => page.getByRole('list', { name: 'Assets' }).getByRole('heading');

test('filters, a favourite, a saved search, what they lead to, and a fresh proof before a change', { timeout: 120_000 }, async () => {
  await open('/');
  await page.getByText('Filters', { exact: true }).click();
  await page.getByRole('checkbox', { name: /^water/ }).click();
  await page.waitForURL(/tag=water/);
  await expect.poll(() => cards().allTextContents()).toEqual(['River levels']);
  await expectUsable(page, 'discover');
  await page.getByRole('checkbox', { name: /^water/ }).click();
  await expect.poll(() => cards().count()).toBe(3);

  // Whoever is not signed in is led there.
  await button('Favourite: Palmer penguins').click();
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  await button(/^(Choose a wallet|Wallet: )/).click();
  await page.getByRole('dialog').getByRole('button', { name: /^alice/ }).click();
  await button('Sign in as alice').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();

  await open('/datasets/1');
  await button('Favourite: Palmer penguins').click();
  await page.getByRole('button', { name: 'Favourite: Palmer penguins', pressed: true }).waitFor();
  await button('Watch Palmer penguins').click();
  await page.getByRole('button', { name: 'Watch Palmer penguins', pressed: true }).waitFor();
  await expectUsable(page, 'asset');

  await open('/?q=penguins&tag=birds');
  await button('Save this search').click();
  await expect.poll(() => page.getByLabel('Name').inputValue()).toBe('penguins, birds');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('It is kept on').waitFor();
  await open('/');
  await region('For you').getByText('because you like Palmer penguins').first().waitFor();
  await region('For you').getByRole('link', { name: 'Gentoo penguins' }).waitFor();
  await expectUsable(page, 'for-you');

  await open('/user');
  await region('Favourites').getByRole('link', { name: 'Palmer penguins' }).waitFor();
  await region('Watched').getByRole('link', { name: 'Palmer penguins' }).waitFor();
  await region('Saved searches').getByText('tells of new ones').waitFor();
  await expectUsable(page, 'user');
  await region('Saved searches').getByRole('link', { name: 'penguins, birds' }).click();
  await expect.poll(async () => (await cards().allTextContents()).toSorted()).toEqual(['Gentoo penguins', 'Palmer penguins']);

  // Somebody comes back to an open session: what changes how one signs in asks for the wallet once more.
  await db.pool.query('UPDATE sessions SET proved_at = proved_at - 600');
  await open('/user');
  await button('Set up').click();
  await page.getByRole('dialog', { name: 'Is it you?' }).waitFor();
  await expectUsable(page, 'proof');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByText('Nothing was changed.').waitFor();
  await button('Set up').click();
  await button('Sign as alice').click();
  await page.getByRole('img', { name: 'The secret for your authenticator app' }).waitFor();
  await button('Remove: Palmer penguins').click();
  await page.getByText('What you mark on Discover').waitFor();
  expect(unexpected()).toEqual([]);
});

test('a collection is made by the way, shown by its link, changed and deleted; curators choose what is featured', { timeout: 120_000 }, async () => {
  await open('/datasets/1');
  await button('Collect Palmer penguins').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title of the collection').fill('Birds of the south');
  await dialog.getByLabel('A note on it (optional)').fill('Measured by hand.');
  await expectUsable(page, 'collect');
  await button('Add to the collection').click();
  await dialog.getByRole('link', { name: 'the collection' }).click();
  await page.getByRole('heading', { name: 'Birds of the south', level: 1 }).waitFor();
  await page.getByText('Measured by hand.').waitFor();
  await expectUsable(page, 'collection');
  const address = page.url();
  await open('/datasets/3');
  await button('Collect River levels').click();
  await button('Add to the collection').click();
  await dialog.getByRole('link', { name: 'the collection' }).click();
  await expect.poll(() => page.getByRole('list', { name: 'Assets of the collection' }).getByRole('heading').count()).toBe(2);
  await button('Remove River levels').click();
  await expect.poll(() => page.getByRole('list', { name: 'Assets of the collection' }).getByRole('heading').allTextContents()).toEqual(['Palmer penguins']);

  // A stranger sees it by its link, as long as it is public.
  const stranger = await browser.newPage();
  await stranger.goto(address);
  await stranger.getByRole('heading', { name: 'Birds of the south', level: 1 }).waitFor();
  expect(await stranger.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
  await stranger.goto(`${served.api.url}/collections`);
  await stranger.getByRole('link', { name: 'Birds of the south' }).waitFor();
  await button('Change').click();
  await dialog.getByRole('checkbox').uncheck();
  await button('Keep the changes').click();
  await page.getByText('Private', { exact: true }).waitFor();
  await stranger.goto(address);
  await stranger.getByText('There is no such page').first().waitFor();
  await stranger.close();

  await db.pool.query(`UPDATE users SET roles = '["user", "curator"]' WHERE email IS NULL`);
  await open('/admin');
  for (const [assetId, why] of [['1', 'Well described.'], ['3', '']] as const) {
    await page.getByLabel('Number of the asset').fill(assetId);
    await page.getByLabel('Why (optional)').fill(why);
    await button('Feature it').click();
    await expect.poll(() => page.getByLabel('Number of the asset').inputValue()).toBe('');
  }
  await button('Move River levels up').click();
  await expect.poll(() => region('Featured').getByRole('listitem').getByRole('link').allTextContents()).toEqual(['River levels', 'Palmer penguins']);
  await page.getByLabel('Number of the asset').fill('99');
  await button('Feature it').click();
  await region('Featured').getByRole('alert').waitFor();
  await open('/');
  await region('Featured').getByText('Well described.').waitFor();
  expect(await region('Featured').getByRole('listitem').getByRole('link').allTextContents()).toEqual(['River levels', 'Palmer penguins']);
  await expectUsable(page, 'front-featured');
  await open('/collections');
  await region('Featured').getByText('Well described.').waitFor();
  await region('Your collections').getByRole('link', { name: 'Birds of the south' }).waitFor();
  await expectUsable(page, 'collections');
  await region('Your collections').getByRole('link', { name: 'Birds of the south' }).click();
  await button('Delete').click();
  await button('Delete it').click();
  await region('Your collections').getByText('You have none yet.').waitFor();
  expect(unexpected()).toEqual([]);
});

test('admins find, lock and appoint users; support looks one up and unlocks it, and sees what is disputed', { timeout: 120_000 }, async () => {
  const { user: bob } = await createUserClient(() => served).signUp('bob@example.org');
  await db.pool.query(`UPDATE users SET roles = '["user", "support", "admin"]' WHERE email IS NULL`);
  await open('/admin');
  await region('Disputes').getByText('Nothing is disputed now.').waitFor();
  await page.getByLabel('Part of an e-mail address').fill('bob@');
  await button('Search users').click();
  await expect.poll(() => region('Users').getByRole('row').count()).toBe(2);
  await expectUsable(page, 'admin-users');
  await button('Roles of bob@example.org').click();
  await page.getByRole('checkbox', { name: /^Curator/i }).check();
  await page.getByLabel('Reason').fill('Knows penguins.');
  await expectUsable(page, 'admin-roles');
  await button('Set the roles').click();
  await region('Users').getByText('curator').waitFor();
  await button('Lock bob@example.org').click();
  await page.getByLabel('Reason').fill('Sells what is not his.');
  await page.getByRole('dialog').getByRole('button', { name: 'Lock', exact: true }).click();
  await region('Users').getByText('Locked').waitFor();

  await page.getByLabel('Whole e-mail address or user id').fill('bob@example.org');
  await button('Look it up').click();
  await region('Help with an account').getByText('Sells what is not his.').waitFor();
  await expectUsable(page, 'admin-support');
  await button('Unlock').click();
  await page.getByLabel('Reason').fill('It was his after all.');
  await page.getByRole('dialog').getByRole('button', { name: 'Unlock', exact: true }).click();
  await expect.poll(async () => (await db.pool.query<{ locked_at: bigint | null; roles: string[] }>('SELECT locked_at, roles FROM users WHERE user_id = $1', [bob.userId])).rows).toEqual([{ locked_at: null, roles: ['user', 'curator'] }]);
  await region('Audit log').getByText('user unlocked').waitFor();
  await open('/admin');
  await region('Users').waitFor();
  for (const path of ['/dashboard', `/sellers/${world.accounts.publisher}`]) {
    await open(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  expect(unexpected()).toEqual([]);
});
