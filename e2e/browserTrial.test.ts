import { buyLicense, confirmOrder, waitForGrant, waitForVersion } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';

/** A publisher allows trials on the page of a dataset; a buyer tries it there, buys it, and has the fee back. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
}, 4 * minute);

afterAll(() => browsing?.stop());

test('a dataset is tried and bought, and the run’s page says where the fee is', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  const client = await stack.client('bob');
  await waitForVersion({ client, assetId: 1, version: 1, status: 'live', timeoutMs: 2 * minute });
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('publisher');
  await page.getByText('Allow trial runs').click();
  await page.getByLabel('Fee in NCR').fill('2.5');
  await page.getByLabel('Trials for each wallet').fill('1');
  await shots('trials-offer');
  await button('Allow').click();
  await page.getByText('Trial runs: 2.5 NCR each').waitFor();

  await connect('bob');
  await page.getByTestId('try-run').getByText('2.5').waitFor();
  await shots('trials-asset');
  await page.getByRole('link', { name: 'Try on this data' }).click();
  await page.getByText('1 of 1 trials are left to this wallet').waitFor();
  expect(await page.getByLabel('Count on the leaderboard').count()).toBe(0);
  await shots('trials-train');
  await button('Start the trial').click();
  await page.waitForURL(/\/runs\/0x/);
  const fee = (where: string) => page.locator(`[data-testid=trial-fee][data-state=${where}]`);
  await state('run', 'settled').waitFor({ timeout: 2 * minute });
  await fee('held').waitFor();
  await page.getByText('Accuracy').first().waitFor();
  expect(await page.getByRole('heading', { name: 'Your model' }).count()).toBe(0);
  await page.locator('[data-testid=leaderboard-standing][data-counts=no]').waitFor();
  await shots('trials-run');
  expect(takeErrors()).toEqual([]);

  const { listings } = await client.api.getAsset({ assetId: 1 });
  const { orderId } = await buyLicense({ client, listingId: listings.find(({ kind }) => kind === 'download')!.listingId });
  await waitForGrant({ client, orderId });
  await confirmOrder({ client, orderId });
  await fee('returned').getByText('back with the buyer').waitFor({ timeout: minute });
}, 8 * minute);
