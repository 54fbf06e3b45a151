import { readFile } from 'node:fs/promises';
import { sampleTable } from '@neurodata/engine';
import { parseNcr } from '@neurodata/protocol';
import { disputeOrder, drawJury, joinJury, stakeCoins, submitOrderEvidence } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { penguinsCsv } from './csv.ts';

/** What owners and curators do about an asset in the browser. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  for (const name of ['bob', 'carol']) {
    const client = await browsing.stack.client(name);
    await stakeCoins({ client, amount: parseNcr('3000') });
    await joinJury({ client, tickets: 3 });
  }
}, 4 * minute);

afterAll(() => browsing?.stop());

test('a curator suspends an asset with a reason, lists leave it out, and its owner appeals to a jury', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const { url } = stack.node;
  await page.goto(`${url}/datasets/2`);
  await connect('curator');
  await button('Suspend').click();
  await page.getByLabel('Reason').fill('The source does not allow its sale.');
  await shots('curation-suspend');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
  await page.locator('[data-testid=curation-status][data-state=suspended]').waitFor();
  await page.getByText(/^Suspended by curator.*“The source does not allow its sale.”/).waitFor();

  await page.goto(`${url}/?q=weather`);
  await page.getByText('Nothing matches').waitFor();
  await page.goto(url);
  await page.getByRole('link', { name: /Palmer Penguins/ }).first().waitFor();
  expect(await page.getByRole('link', { name: /Seattle Weather/ }).count()).toBe(0);
  expect((await (await stack.client('alice')).api.listAssets({ curation: 'suspended' })).items.map(({ assetId }) => assetId)).toEqual([2]);

  await page.goto(`${url}/datasets/2`);
  await connect('publisher');
  await shots('curation-suspended');
  await button('Appeal to a jury').click();
  await page.getByLabel('Why it should be reinstated').fill('The source is in the public domain: see its page.');
  await page.getByText('You pay the jurors').waitFor();
  await shots('curation-appeal');
  await button('Sign and appeal').click();
  await page.waitForURL(/\/disputes\/\d+$/);
  await page.getByText('The source is in the public domain: see its page.').waitFor();
  await page.getByRole('link', { name: /Seattle Weather/ }).waitFor();
  await shots('curation-dispute');
  await page.getByRole('link', { name: /Seattle Weather/ }).click();
  await page.getByText('has an appeal').waitFor();
  await page.getByRole('link', { name: 'The jury' }).click();
  await page.waitForURL(/\/disputes\/\d+$/);

  await page.goto(`${url}/datasets/2`);
  await connect('curator');
  await button('Resume').click();
  await page.getByLabel('Reason').fill('The owner has shown the licence.');
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await page.locator('[data-testid=curation-status][data-state=live]').waitFor();
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a free sample of an example dataset goes the whole way of a purchase', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('alice');
  await button('Try a sample for free').waitFor();
  await shots('sample-asset');
  await button('Try a sample for free').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('sample-palmer-penguins.csv');
  const rows = await readFile(await file.path(), 'utf8');
  expect(rows.trimEnd().split('\n')).toHaveLength(21);
  expect(rows).toBe(new TextDecoder().decode((await sampleTable(penguinsCsv(), { rows: 20, seed: 1 })).bytes));
  await page.getByRole('link', { name: /sample/ }).first().click();
  await page.getByText('A free sample of').waitFor();
  await page.getByRole('link', { name: 'Palmer Penguins', exact: true }).click();
  await page.waitForURL(/\/datasets\/1$/);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a dataset is published with a sample of random rows', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/publish`);
  await connect('publisher');
  const csv = `city,people\n${Array.from({ length: 30 }, (_, index) => `town ${index},${index * 1000}`).join('\n')}\n`;
  await page.getByLabel('CSV with a header').setInputFiles({ name: 'towns.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByText('30 rows, 2 columns').waitFor();
  await page.getByRole('textbox', { name: 'Description' }).fill('Thirty towns and how many live there.');
  await page.getByLabel('Free sample').selectOption('random');
  await page.getByLabel('Rows', { exact: true }).fill('5');
  await page.getByLabel('Seed').fill('7');
  await page.getByLabel('Free sample').scrollIntoViewIfNeeded();
  await shots('publish-sample');
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: minute });
  await button('Try a sample for free').waitFor();
  const client = await stack.client('publisher');
  const { sampleAssetId } = await client.api.getAsset({ assetId: Number(page.url().split('/').at(-1)) });
  expect(await client.api.getAsset({ assetId: sampleAssetId! })).toMatchObject({ rows: 5, title: 'towns (sample)', description: expect.stringContaining('drawn with the seed 7'), downloadPrice: 0n });
  // A sample is found by its address, not in lists.
  expect((await client.api.listAssets({})).items.map(({ title }) => title)).not.toContain('towns (sample)');
  expect((await client.api.listAssets({ curation: 'all' })).items.map(({ title }) => title)).toContain('towns (sample)');
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('an order and its case before jurors lead to each other', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('alice');
  await button('Buy').click();
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  const orderId = page.url().split('/').at(-1) as `0x${string}`;
  const alice = await stack.client('alice');
  await disputeOrder({ client: alice, orderId, evidence: 'A column is missing.' });
  await submitOrderEvidence({ client: alice, orderId, text: 'The fourth column is missing.' });
  await button('Ask jurors').click({ timeout: minute });
  await page.getByRole('dialog').getByText('You pay them 15 NCR now.').waitFor();
  await button('Sign and ask').click();
  await page.getByRole('dialog').getByText('Done, in').waitFor();
  await button('Close').last().click();
  await page.getByRole('link', { name: 'See the case' }).click();
  await page.waitForURL(/\/disputes\/\d+$/);
  await drawJury({ client: alice, disputeId: BigInt(page.url().split('/').at(-1)!) });
  await page.getByText('The fourth column is missing.').waitFor();
  await shots('order-dispute');
  await page.getByRole('link', { name: /^Order 0x/ }).click();
  await page.waitForURL(new RegExp(orderId));
  await page.getByRole('link', { name: /^Dispute \d+$/ }).waitFor();
  expect(takeErrors()).toEqual([]);
}, 3 * minute);
