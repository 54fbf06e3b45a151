import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureWebBuilt } from '../apps/web/build.ts';
import { ensureChrome } from '../scripts/chrome.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';

const folder = path.resolve(process.env['NEURODATA_SCREENSHOTS'] ?? path.join(import.meta.dirname, '../screenshots'));
const minute = 60_000;

let stack: Stack;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  stack = await startStack({ settings: { seed: true }, start: { webFolder: ensureWebBuilt() } });
  browser = await chromium.launch({
    executablePath: await ensureChrome(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${page.url()}: ${message.text()}`); });
  page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`));
}, 3 * minute);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
const state = (noun: 'order' | 'run', value: string): Locator => page.locator(`[data-testid=${noun}-state][data-state=${value}]`).first();
const shot = (name: string): Promise<Buffer> => page.screenshot({ path: path.join(folder, `${name}.png`) });

async function connect(name: string): Promise<void> {
  await button(/^(Choose a wallet|Wallet: )/).first().click();
  await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await button(new RegExp(`^Wallet: ${name}`)).waitFor();
}

async function expectNoErrors(): Promise<void> {
  expect(errors.splice(0)).toEqual([]);
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
  const pages = ['', 'datasets/1', 'train', 'train/2', 'runs', 'orders', 'validators', 'account', 'publish/none', 'no-such-page'];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [360, 768, 1440]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const name of pages) {
        await page.goto(`${stack.node.url}/${name}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${name} at ${width}`).toBeLessThanOrEqual(0);
        await shot(`${name.replaceAll('/', '-') || 'home'}-${width}-${colorScheme}`);
      }
    }
  }
  await expectNoErrors();
}, 3 * minute);
