import { readFile } from 'node:fs/promises';
import { publishAsset, waitForVersion } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsing, startBrowsing } from './browse.ts';
import { describeCsv, streamOf } from './csv.ts';

/** What a buyer asks of an unsealed table in the browser, and what is open to everybody. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
}, 6 * minute);

afterAll(() => browsing?.stop());

test('an unsealed table is asked in SQL, in the browser, without anything from elsewhere', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const reader = await stack.client('alice');
  await expect.poll(async () => (await reader.api.getAsset({ assetId: 1 })).sampleAssetId, { timeout: 2 * minute }).toBeDefined();
  const { sampleAssetId = 0 } = await reader.api.getAsset({ assetId: 1 });
  await waitForVersion({ client: reader, assetId: sampleAssetId, version: 1, timeoutMs: 2 * minute });
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('alice');
  await button('Try a sample for free').click();
  await page.waitForURL(/\/orders\/0x/, { timeout: 2 * minute });
  await state('order', 'granted').waitFor({ timeout: 2 * minute });
  await button('Unseal and download').click();
  await page.getByText('Content commitment').first().waitFor({ timeout: 2 * minute });
  expect(asked.filter((url) => /duckdb/.test(url))).toEqual([]);
  await page.getByRole('tab', { name: 'SQL' }).click();
  const query = page.getByLabel('Query', { exact: true });
  await query.waitFor({ timeout: 2 * minute });
  await query.fill('select species, count(*) as birds from rows group by 1 order by 2 desc');
  await query.press('Control+Enter');
  await page.getByText(/^\d+ rows? in /).waitFor();
  const answer = page.getByRole('region', { name: 'Answer, table' });
  const counts = await answer.locator('tbody tr td:last-child').allTextContents();
  expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(20);
  await shots('order-sql');
  const download = page.waitForEvent('download');
  await button('Save as CSV').click();
  expect((await readFile(await (await download).path(), 'utf8')).split('\n')[0]).toBe('Species,birds');

  await query.fill('select nothing_like_it from data');
  await button('Run').click();
  await page.getByRole('alert').getByText(/Binder Error[^]*nothing_like_it/).waitFor();
  await query.fill("select * from read_csv('https://example.org/x.csv')");
  await button('Run').click();
  await page.getByRole('alert').getByText(/Permission Error/).waitFor();
  // One that would never end is ended, and the next is answered.
  await query.fill('select count(*) from range(100000000000) a, range(100000) b');
  await button('Run').click();
  await button('Cancel').click();
  await query.fill('select count(*) from data');
  await button('Run').click();
  await page.getByText(/^1 row in /).waitFor({ timeout: 2 * minute });
  expect(await answer.locator('tbody td').allTextContents()).toEqual(['20']);
  expect(asked.filter((url) => !url.startsWith(stack.node.url) && !/^(?:blob|data):/.test(url))).toEqual([]);
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

test('what its publisher opened is marked on cards and on its page', async () => {
  const { stack, page, takeErrors } = browsing;
  const seller = await stack.client('publisher');
  const rows = new TextEncoder().encode(`hour,height\n${Array.from({ length: 60 }, (_, hour) => `${hour},${(hour % 12) / 10}`).join('\n')}\n`);
  const { assetId } = await publishAsset({ client: seller, kind: 'dataset', content: () => streamOf(rows), fileName: 'tides.csv', mediaType: 'text/csv', open: true, validatorsMayRead: false, description: { title: 'Tides', description: 'Heights.', license: 'CC0-1.0', tags: [] }, ...describeCsv(rows) });
  await waitForVersion({ client: seller, assetId, version: 1, timeoutMs: 2 * minute });
  await expect.poll(async () => (await seller.api.getAsset({ assetId })).open, { timeout: minute }).toBe(true);
  expect((await seller.api.getAsset({ assetId: 1 })).open).toBe(undefined);
  await page.goto(`${stack.node.url}/datasets/${assetId}`);
  await page.getByTestId('open').waitFor({ timeout: minute });
  await page.goto(`${stack.node.url}/?q=tides`);
  await page.getByRole('article').getByTestId('open').waitFor({ timeout: minute });
  expect(takeErrors()).toEqual([]);
}, 6 * minute);
