import { parseNcr } from '@neurodata/protocol';
import { disputeOrder, drawJury, joinJury, stakeCoins, submitOrderEvidence } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';

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
  await page.getByText('“The source does not allow its sale.”').waitFor();

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
