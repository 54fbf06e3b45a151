import { parseNcr } from '@neurodata/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createListing } from '@neurodata/sdk';
import { painted, startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { contestDeal, propose } from './contest.ts';
import type { Stack } from './stack.ts';

const minute = 60_000;

let browsing: Browsing;
let stack: Stack;
let page: Page;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  ({ stack, page } = browsing);
}, 3 * minute);

afterAll(() => browsing?.stop());

const button = (name: string | RegExp): Locator => browsing.button(name);
const state = (noun: 'order' | 'run', value: string): Locator => browsing.state(noun, value);
const shot = (name: string): Promise<void> => browsing.shot(name);
const connect = (name: string): Promise<void> => browsing.connect(name);

async function expectNoErrors(): Promise<void> {
  expect(browsing.takeErrors()).toEqual([]);
}

test('discover and search', async () => {
  await page.goto(stack.node.url);
  await page.getByRole('link', { name: /Palmer Penguins/ }).first().waitFor();
  await shot('discover');
  await page.keyboard.press('/');
  await page.keyboard.type('weather');
  await page.getByRole('link', { name: /Palmer Penguins/ }).first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /Seattle Weather/ }).first().waitFor();
  await expectNoErrors();
});

test('buy, watch the escrow, unseal in the browser, confirm', async () => {
  await page.goto(`${stack.node.url}/datasets/1`);
  await page.getByText('Live', { exact: true }).first().waitFor();
  await shot('asset');
  await connect('alice');
  await button('Buy').click();
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  expect((await download).suggestedFilename()).toBe('palmer-penguins.csv');
  await page.getByText('Content commitment').first().waitFor();
  await shot('order');
  await button('Confirm').click();
  await state('order', 'released').waitFor();
  await expectNoErrors();
}, minute);

test('review what was bought, and read it on the asset\'s page', async () => {
  await page.getByLabel('4 of 5', { exact: true }).check({ force: true });
  await page.getByLabel('What others should know').fill('Clean rows, and the islands are right.');
  await button('Write review').click();
  await button('Change review').waitFor();
  await shot('order-review');
  await page.goto(`${stack.node.url}/datasets/1?tab=reviews`);
  await page.getByText('Clean rows, and the islands are right.').waitFor();
  await page.getByText('4.0 of 5').first().waitFor();
  await shot('asset-reviews');
  await expectNoErrors();
}, minute);

test('a deal before jurors, and a proposal under vote', async () => {
  const { dealId, disputeId } = await contestDeal(stack);
  await propose(stack);
  await page.goto(`${stack.node.url}/deals`);
  await page.getByText('0 of 2 closed').first().waitFor();
  await shot('deals');
  await page.goto(`${stack.node.url}/deals/${dealId}`);
  await page.getByText('Before jurors').waitFor();
  await shot('deal');
  await page.goto(`${stack.node.url}/disputes`);
  await page.locator('[data-testid=dispute-phase][data-state=commit]').waitFor();
  await shot('disputes');
  await page.goto(`${stack.node.url}/disputes/${disputeId}`);
  await page.getByText('The report lacks a chapter.').waitFor();
  await shot('dispute');
  await page.goto(`${stack.node.url}/governance`);
  await page.getByRole('heading', { name: 'A fee of 0.3 %' }).waitFor();
  await page.getByText('Change the fee and the deadlines of sales').waitFor();
  await page.getByText('0.3 %', { exact: true }).waitFor();
  await shot('governance');
});

test('subscribe, unseal, renew and cancel in the browser', async () => {
  const seller = await stack.client('publisher');
  const terms = { version: 1 as const, kind: 'subscription' as const, license: 'CC0-1.0', validatorsMayRead: true, algorithms: [], modelShareBps: 0 };
  await createListing({ client: seller, assetId: 2, firstVersion: 1, kind: 'subscription', price: parseNcr('6'), periodMinutes: 30 * 1440, terms });
  await page.goto(`${stack.node.url}/datasets/2`);
  await connect('carol');
  await button('Subscribe').first().click();
  await button('90 days').click();
  await shot('subscribe');
  await button('Sign and subscribe').click();
  await page.waitForURL(/\/orders$/);
  await page.getByText('You hold the key of version 1.').waitFor();
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  expect((await download).suggestedFilename()).toMatch(/weather.*\.csv$/);
  await page.getByText('in 3 months').waitFor();
  await button('Renew for 30 days').click();
  await page.getByText('in 4 months').waitFor();
  await shot('subscriptions');
  await button('Cancel subscription').click();
  await page.getByRole('dialog').getByText('18 NCR', { exact: true }).waitFor();
  await shot('subscription-cancel');
  await button('Cancel subscription now').click();
  await button('Cancel subscription now').waitFor({ state: 'detached' });
  await page.goto(`${stack.node.url}/account`);
  await button('Withdraw: From subscriptions').click();
  await page.getByText('18 NCR', { exact: true }).first().waitFor({ state: 'detached' });
  await expectNoErrors();
}, 2 * minute);

test('train on data that one never sees, then the holder verifies the run in the browser', async () => {
  await connect('bob');
  await page.goto(`${stack.node.url}/train/1`);
  await shot('train');
  await button('Start training').click();
  await page.waitForURL(/\/runs\/0x/);
  await state('run', 'settled').waitFor({ timeout: minute });
  const digest = await page.getByTestId('model-digest').first().textContent();
  await button('Verify in your browser').click();
  await page.getByTestId('verify-result').filter({ hasText: /not/ }).waitFor();
  await shot('run-outsider');
  await connect('alice');
  await button('Verify in your browser').click();
  const verdict = page.getByTestId('verify-result').filter({ hasText: 'bit for bit' });
  await verdict.waitFor();
  expect(digest).toMatch(/0x/);
  await page.evaluate(() => window.scrollTo(0, 0));
  await shot('run');
  await verdict.evaluate((element) => element.closest('section')?.scrollIntoView({ block: 'start' }));
  await shot('verify');
  await expectNoErrors();
}, 3 * minute);

test('every other page opens without an error, in both themes and three widths', async () => {
  const pages = ['', 'datasets/1', 'train', 'train/2', 'runs', 'orders', 'validators', 'validators/1', 'governance', 'disputes', 'disputes/1', 'deals', 'account', 'publish/none', 'no-such-page'];
  // Opened on a phone in the one theme and on a wide screen in the other, then seen in the other widths.
  for (const [colorScheme, widths] of [['light', [360, 768, 1440]], ['dark', [1440, 768, 360]]] as const) {
    await page.emulateMedia({ colorScheme });
    for (const name of pages) {
      await page.setViewportSize({ width: widths[0], height: 900 });
      await page.goto(`${stack.node.url}/${name}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await painted(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${name} at ${width}`).toBeLessThanOrEqual(0);
        await shot(`${name.replaceAll('/', '-') || 'home'}-${width}-${colorScheme}`);
      }
    }
  }
  await expectNoErrors();
}, 3 * minute);
