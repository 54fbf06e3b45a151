import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getAddress, isAddressEqual, parseUnits, toHex } from 'viem';
import type { Address, Hex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { log, serveApi, until } from '../apps/node/src/api/testing.ts';
import type { ServedApi } from '../apps/node/src/api/testing.ts';
import { createIndexer } from '../apps/node/src/indexer/createIndexer.ts';
import { createWorld } from '../apps/node/src/indexer/testing/world.ts';
import type { World } from '../apps/node/src/indexer/testing/world.ts';
import { openDatabase } from '../apps/node/src/db/openDatabase.ts';
import type { Database } from '../apps/node/src/db/openDatabase.ts';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { launchChrome } from './browse.ts';
import { expectUsable } from './usable.ts';

/** Reputation, dashboard, reports and administration in a real browser, over rows of the real contracts' events. */

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
  const { accounts, publish, decide, list, buy, grant } = world;
  const { assetId, roundId } = await publish('Palmer penguins');
  await decide(roundId);
  const listing = await list(assetId, { kind: 'download', price: parseUnits('25', 18) });
  for (const salt of ['a', 'b', 'c']) {
    const orderId = await buy(listing, salt);
    await grant(orderId);
    await world.send(accounts.buyer, 'market', 'confirm', [orderId]);
    await world.send(accounts.other, 'market', 'claim', [accounts.publisher, [orderId]]);
    if (salt === 'a') await world.send(accounts.buyer, 'reviews', 'review', [orderId, 4, `0x${'00'.repeat(32)}`]);
  }
  db = await openDatabase({ log });
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => ((await db.pool.query("SELECT 1 FROM manifests WHERE state = 'read'")).rowCount === 1 && indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  const person = (name: string, address: Address) => ({ name, role: `${name} of the market`, address: getAddress(address), privateKey: keyOf(address) });
  served = await serveApi({ chain: world, db, extra: { webFolder: await built, demo: { accounts: [person('alice', accounts.publisher), person('bob', accounts.buyer)], fund: () => Promise.reject(new Error('not here')) } } });
  browser = await launchChrome();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => errors.push(error.message));
}, 240_000);
afterAll(async () => {
  await browser.close();
  await served.close();
  await db.close();
  await world.stop();
});

const open = (path: string) => page.goto(`${served.api.url}${path}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();

async function signIn(name: string): Promise<void> {
  await open('/');
  await button(/^(Choose a wallet|Wallet: )/).click();
  await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await button(new RegExp(`^Wallet: ${name}`)).waitFor();
  await open('/sign-in');
  await button(`Sign in as ${name}`).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
}

test('a reputation with its formula, a dashboard, a report, and what a curator does about it', { timeout: 120_000 }, async () => {
  await open(`/sellers/${world.accounts.publisher}`);
  await page.getByText('(completed + 4) / (completed + refunded + 5)').waitFor();
  await page.getByText('3: 3 completed, 0 refunded').waitFor();
  await expectUsable(page, 'seller');

  await signIn('alice');
  await open('/dashboard');
  await page.getByRole('img', { name: /^Earned by day: 74\.\d+ NCR/ }).waitFor();
  await page.getByRole('region', { name: 'Publications, table' }).getByText('Palmer penguins').waitFor();
  await expectUsable(page, 'dashboard');

  await open('/datasets/1?tab=reviews');
  await page.getByText('4.0 of 5, weighted').waitFor();
  await button('Report Palmer penguins').click();
  await page.getByLabel('What shows it').fill('The same rows stand in a yearbook.');
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await page.getByText('A curator will look at it.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await open('/admin');
  await page.getByText('You have no role here').waitFor();
  await db.pool.query(`UPDATE users SET roles = '["user", "curator", "admin"]'`);
  await page.reload();
  await page.getByText('The same rows stand in a yearbook.').waitFor();
  await expectUsable(page, 'admin');
  await button('Hide Palmer penguins').click();
  await page.getByLabel('Reason').fill('A copy of a yearbook.');
  await page.getByRole('dialog').getByRole('button', { name: 'Hide', exact: true }).click();
  await page.getByRole('region', { name: 'Hidden on this node' }).getByText('A copy of a yearbook.').waitFor();
  await page.getByRole('region', { name: 'Audit log', exact: true }).first().getByText('asset:1').first().waitFor();

  await open('/datasets/1');
  await page.getByText('This node shows it in no list').waitFor();
  await open('/dashboard');
  await page.getByRole('region', { name: 'Hidden by this node' }).getByRole('button', { name: 'Appeal' }).click();
  await page.getByLabel('Why it should be shown').fill('I measured it myself, in the field.');
  await button('Send to the admins').click();
  await page.getByText('An admin will look at your appeal.').waitFor();
  await open('/admin');
  await button('Grant').click();
  await page.getByLabel('Reason').fill('It is its own.');
  await page.getByRole('dialog').getByRole('button', { name: 'Grant', exact: true }).click();
  await page.getByText('Nothing is hidden.').waitFor();
  expect(errors).toEqual([]);
});
