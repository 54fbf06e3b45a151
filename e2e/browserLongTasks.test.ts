import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { JobSpec } from '@neurodata/protocol';
import { startRun, waitForVersion, watchJob } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTable } from '../bench/data/makeTable.ts';
import { type Browsing, startBrowsing } from './browse.ts';
import { type MainTask, watchMainThread } from './mainThread.ts';

/** What is heavy runs in workers: while a table of 20 MB is published, bought, opened and verified, no task of the page computes for longer than 50 ms. Opening a page is not looked at. */

const minute = 60_000;
const TABLE_BYTES = 20_000_000;
/** From here on a task is a long one. Source: W3C, "Long Tasks API". */
const LONGEST_MS = 50;
/** For the page to come to rest once it is open. */
const REST_MS = 2_000;

let browsing: Browsing;
let folder: string;
let table: string;
let assetId: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-long-tasks-'));
  table = path.join(folder, 'sensors.csv');
  await makeTable(table, TABLE_BYTES);
  browsing = await startBrowsing();
}, 6 * minute);

afterAll(async () => {
  await browsing?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page as somebody, lets it come to rest, and judges what the page itself computes during `act`. */
async function expectNoLongTask({ address, name, act }: { address: string; name: string; act: () => Promise<void> }): Promise<void> {
  const { page, stack, connect } = browsing;
  await page.goto(`${stack.node.url}${address}`);
  await connect(name);
  await page.waitForTimeout(REST_MS);
  const stop = await watchMainThread(page);
  let tasks: MainTask[] = [];
  try {
    await act();
  } finally {
    tasks = await stop();
  }
  const [longest] = tasks;
  console.log(`${address.split('/')[1]}: ${tasks.length} tasks, the longest computed for ${longest?.cpuMs.toFixed(1)} ms (${longest?.what.slice(0, 2).join(', ')})`);
  expect(tasks.filter(({ cpuMs }) => cpuMs > LONGEST_MS)).toEqual([]);
}

test('describing, sealing and publishing a table does not hold up the page', async () => {
  const { page, button } = browsing;
  await expectNoLongTask({ address: '/publish', name: 'publisher', act: async () => {
    await page.getByLabel('CSV with a header').setInputFiles(table);
    await page.getByText(/ rows, 8 columns/).waitFor({ timeout: minute });
    await page.getByRole('textbox', { name: 'Description' }).fill('Made to be sold.');
    await page.getByLabel('Validators may').check();
    await button('Seal and publish').click();
    await page.waitForURL(/\/datasets\/\d+$/, { timeout: 2 * minute });
  } });
  assetId = Number(page.url().split('/').at(-1));
}, 5 * minute);

test('buying and unsealing it, and asking it in SQL, does not', async () => {
  const { page, stack, button, state } = browsing;
  await waitForVersion({ client: await stack.client('alice'), assetId, version: 1, timeoutMs: 3 * minute });
  await expectNoLongTask({ address: `/datasets/${assetId}`, name: 'alice', act: async () => {
    await button('Buy').click();
    await button('Sign and buy').click();
    await page.waitForURL(/\/orders\/0x/, { timeout: minute });
    await state('order', 'granted').waitFor({ timeout: minute });
    const saved = page.waitForEvent('download');
    await button('Unseal and download').click();
    await saved;
    await page.getByText('Content commitment').first().waitFor({ timeout: minute });
    await page.getByRole('tab', { name: 'SQL' }).click();
    await page.getByLabel('Query', { exact: true }).waitFor({ timeout: minute });
    await button('Run').click();
    await page.getByText(/^\d+ rows? in /).waitFor({ timeout: minute });
  } });
}, 6 * minute);

test('running a training again, to verify its receipt, does not', async () => {
  const { page, stack, button } = browsing;
  const bob = await stack.client('bob');
  const listing = (await bob.api.getAsset({ assetId })).listings.find(({ kind }) => kind === 'compute');
  const { jobId } = await startRun({ client: bob, listingId: listing?.listingId ?? 0, version: 1, train: training });
  await watchJob({ client: bob, jobId, timeoutMs: 3 * minute });
  await expectNoLongTask({ address: `/runs/${jobId}`, name: 'alice', act: async () => {
    await button('Verify in your browser').click();
    await page.getByTestId('verify-result').filter({ hasText: 'bit for bit' }).waitFor({ timeout: 2 * minute });
  } });
  expect(browsing.takeErrors()).toEqual([]);
}, 8 * minute);

const training: JobSpec['train'] = {
  algorithm: 'logistic-regression', task: 'classification', target: 'ok', weight: null,
  features: [{ name: 'value', kind: 'numeric' }, { name: 'reading', kind: 'numeric' }, { name: 'count', kind: 'numeric' }],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' }, split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 30, tol: 1e-6 }, limits: { maxSteps: 1_000, maxBytes: 1_000_000_000 },
};
