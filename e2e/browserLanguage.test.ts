import type { Browser, BrowserContext, Page } from 'playwright-core';
import { getAddress, isAddressEqual, parseUnits, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, serveApi, until } from '../apps/node/src/api/testing.ts';
import type { ServedApi } from '../apps/node/src/api/testing.ts';
import { openDatabase } from '../apps/node/src/db/openDatabase.ts';
import type { Database } from '../apps/node/src/db/openDatabase.ts';
import { createIndexer } from '../apps/node/src/indexer/createIndexer.ts';
import { createWorld } from '../apps/node/src/indexer/testing/world.ts';
import type { World } from '../apps/node/src/indexer/testing/world.ts';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { axeViolations } from './axeViolations.ts';
import { launchChrome } from './browse.ts';

/** The site in another language than English, in a real browser, over rows of the real contracts' events. */

let world: World;
let db: Database;
let served: ServedApi;
let browser: Browser;
const contexts: BrowserContext[] = [];
const errors: string[] = [];

beforeAll(async () => {
  const built = ensureWebBuilt();
  world = await createWorld();
  const { assetId, roundId } = await world.publish('Palmer penguins');
  await world.decide(roundId);
  for (const [kind, price] of [['download', '1234.5'], ['compute', '2']] as const) await world.list(assetId, { kind, price: parseUnits(price, 18) });
  db = await openDatabase({ log });
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => ((await db.pool.query("SELECT 1 FROM manifests WHERE state = 'read'")).rowCount === 1 && indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  const keys = Array.from({ length: 10 }, (_, addressIndex) => mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }));
  const key = keys.find(({ address }) => isAddressEqual(address, world.accounts.other))!.getHdKey().privateKey!;
  const alice = { name: 'alice', role: 'buys', address: getAddress(world.accounts.other), privateKey: toHex(key) };
  served = await serveApi({ chain: world, db, extra: { webFolder: await built, demo: { accounts: [alice], fund: () => Promise.reject(new Error('not here')) } } });
  browser = await launchChrome();
}, 240_000);
afterAll(async () => {
  for (const context of contexts) await context.close();
  await browser.close();
  await served.close();
  await db.close();
  await world.stop();
});

/** Somebody whose browser asks for these languages, on a phone. */
async function read(locale: string): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 360, height: 800 }, reducedMotion: 'reduce' });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${message.location().url}: ${message.text()}`); });
  return page;
}

const open = (page: Page, path: string) => page.goto(`${served.api.url}${path}`);
async function connect(page: Page): Promise<void> {
  await open(page, '/');
  await page.getByRole('button', { name: 'Wallet wählen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^alice/ }).click();
  await page.getByRole('button', { name: /^Wallet: alice/ }).waitFor();
}
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first();
const language = (page: Page) => page.evaluate(() => document.documentElement.lang);
/** Blocks of the test's manifests are kept by nobody, and one order is nobody's. */
const unexpected = (): string[] => errors.filter((text) => !/\/ipfs\/.* 404|\/orders\/0x.* 404/.test(text));

test('whose browser speaks German reads German: words, amounts, on a phone, for everybody', { timeout: 180_000 }, async () => {
  const page = await read('de-DE');
  await connect(page);
  for (const [path, title] of [['/', 'Datensätze und Modelle zum Nachprüfen'], ['/datasets/1', 'Palmer penguins'], ['/train', 'Datensätze, die Training anbieten'], ['/account', 'Guthaben']] as const) {
    await open(page, path);
    await heading(page, title).waitFor();
    await page.waitForLoadState('networkidle');
    expect([path, await language(page)]).toEqual([path, 'de']);
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)]).toEqual([path, true]);
    expect([path, await axeViolations(page)]).toEqual([path, []]);
  }
  await open(page, '/datasets/1');
  await page.getByText('1.234,5 NCR').first().waitFor();
  await page.getByRole('tab', { name: 'Überblick' }).waitFor();
  await page.getByText(/gerade eben|vor \d+ (Sekunden|Minuten?)/).first().waitFor();
  expect(unexpected()).toEqual([]);
});

test('what packages, workers and the API say is German, too', { timeout: 120_000 }, async () => {
  const page = await read('de-DE');
  await connect(page);
  await open(page, '/publish');
  await page.locator('#file').setInputFiles({ name: 'birds.csv', mimeType: 'text/csv', buffer: Buffer.from('name,weight\nheron,2,4\n') });
  await page.getByRole('alert').getByText(/^Zeile 2 hat 3 Felder, die Kopfzeile hat 2 /).waitFor();
  await page.getByRole('checkbox', { name: /^Validatoren dürfen die Zeilen lesen/ }).check();
  await page.locator('#computePrice').fill('2');
  await page.getByText(/^Was trainiert werden darf/).click();
  await page.getByRole('checkbox', { name: 'Logistische Regression' }).waitFor();
  const orderId = `0x01${'5a'.repeat(31)}`;
  await open(page, `/orders/${orderId}`);
  await page.getByRole('alert').getByText(`Die Bestellung ${orderId} gibt es nicht.`).waitFor();
  await page.getByText('Die Kennung prüfen; Neues erscheint, sobald sein Block verarbeitet ist.').waitFor();
  expect(unexpected()).toEqual([]);
});

test('a language is chosen by the address or the footer, is kept, and can be left again', { timeout: 120_000 }, async () => {
  const page = await read('en-US');
  await open(page, '/');
  await heading(page, 'Datasets and models that you can check yourself').waitFor();
  expect(await language(page)).toBe('en');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));

  await page.getByRole('button', { name: 'Deutsch' }).click();
  await heading(page, 'Datensätze und Modelle zum Nachprüfen').waitFor();
  expect(await language(page)).toBe('de');
  expect(asked.filter((path) => /\/assets\/de-/.test(path))).not.toEqual([]);
  await open(page, '/train');
  await heading(page, 'Trainieren').waitFor();

  asked.length = 0;
  await page.getByRole('button', { name: 'English' }).click();
  await heading(page, 'Train').waitFor();
  expect(await language(page)).toBe('en');
  expect(asked.filter((path) => /\/assets\/de-/.test(path))).toEqual([]);

  await open(page, '/datasets/1?lang=de');
  await page.getByRole('tab', { name: 'Überblick' }).waitFor();
  await open(page, '/datasets/1?lang=xx');
  await page.getByRole('tab', { name: 'Überblick' }).waitFor();
  await open(page, '/datasets/1?lang=en');
  await page.getByRole('tab', { name: 'Overview' }).waitFor();
  await page.getByText('1,234.5 NCR').first().waitFor();
  expect(unexpected()).toEqual([]);
});
