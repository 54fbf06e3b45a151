import { parseNcr } from '@neurodata/protocol';
import { buyLicense, readCoin, revokeVersion, transferAsset, waitForGrant, waitForVersion } from '@neurodata/sdk';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { type Browsing, startBrowsing } from './browse.ts';
import { type TestWallet, injectWallet } from './injectWallet.ts';
import { expectUsable } from './usable.ts';

/** What an asset's owner does with it: its offers, whose it is, and the end of a version; and who is told. */

const minute = 60_000;
const assetId = 2;
const reason = 'A station was read wrongly in 2014.';
let browsing: Browsing;
let wallet: TestWallet;
/** Alice's, of version 1. */
let orderId: string;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  const { stack, page } = browsing;
  const alice = await stack.client('alice');
  await waitForVersion({ client: alice, assetId, version: 1, status: 'live', timeoutMs: 2 * minute });
  const { listings } = await alice.api.getAsset({ assetId });
  const { listingId, price } = listings.find(({ kind }) => kind === 'download')!;
  const bought = await buyLicense({ client: alice, listingId, version: 1, maxPrice: price });
  orderId = bought.orderId;
  await waitForGrant({ client: alice, orderId: bought.orderId });
  const { account } = stack.node.cast.people.find(({ name }) => name === 'publisher')!;
  wallet = await injectWallet({ page, account: privateKeyToAccount(account.privateKey), chainId: 31_337, name: 'Test wallet' });
  wallet.known.set(31_337, `${stack.node.url}/rpc`);
}, 6 * minute);

afterAll(() => browsing?.stop());

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<void> {
  await browsing.button(name).click();
  const dialog = browsing.page.getByRole('dialog');
  await dialog.getByRole('status').getByRole('link').waitFor();
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}
const openOffers = async () => (await (await browsing.stack.client('alice')).api.getAsset({ assetId })).listings.filter(({ retired }) => !retired);

test('its owner changes a price, withdraws an offer and makes another; a refused signature loses nothing', async () => {
  const { stack, page, button, takeErrors } = browsing;
  const dialog = page.getByRole('dialog');
  await page.goto(`${stack.node.url}/datasets/${assetId}`);
  await page.getByRole('tab', { name: 'Activity' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Yours' }).count()).toBe(0);
  await button('Choose a wallet').click();
  await dialog.getByRole('button', { name: /^Test wallet/ }).click();
  await page.getByRole('link', { name: 'Manage your asset' }).click();
  const before = (await openOffers()).find(({ kind }) => kind === 'download')!;
  await button(`Change price of offer ${before.listingId}`).click();
  await dialog.getByLabel('New price').fill(String(before.price / 10n ** 18n));
  await dialog.getByText('It costs that already.').waitFor();
  await dialog.getByLabel('New price').fill('31');
  wallet.asked.splice(0);
  wallet.refuses = true;
  await button('Sign both').click();
  await dialog.getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  wallet.refuses = false;
  expect(await axeViolations(page)).toEqual([]);
  await page.reload();
  await button(`Change price of offer ${before.listingId}`).click();
  expect(await dialog.getByLabel('New price').inputValue()).toBe('31');
  wallet.asked.splice(0);
  await sign('Sign both');
  expect(wallet.asked.splice(0).map(({ method }) => method)).toEqual(['eth_sendTransaction', 'eth_sendTransaction']);
  const offer = page.locator('[data-testid=own-offer]').filter({ hasText: '31 NCR' });
  await offer.waitFor();
  await page.locator(`[data-listing="${before.listingId}"]`).waitFor({ state: 'detached' });
  expect((await openOffers()).find(({ kind }) => kind === 'download')).toMatchObject({ price: parseNcr('31'), termsDigest: before.termsDigest, firstVersion: before.firstVersion });

  await offer.getByRole('button', { name: /^Withdraw offer/ }).click();
  await dialog.getByText('Orders that were made go on.').waitFor();
  await sign('Sign and withdraw');
  await offer.waitFor({ state: 'detached' });
  await button('Make a new offer').click();
  await page.getByLabel('What is offered').selectOption('subscription');
  await page.getByLabel('Days that it lasts').fill('0');
  await page.getByText('Write a whole number of days from 1 to').waitFor();
  await page.getByLabel('Days that it lasts').fill('7');
  await page.getByLabel('Price', { exact: true }).fill('3');
  await expectUsable(page, 'asset-owner');
  expect(await axeViolations(page)).toEqual([]);
  await button('Offer').click();
  await dialog.getByText('another price is another offer').waitFor();
  await sign('Sign and offer');
  await page.locator('[data-testid=own-offer]').filter({ hasText: 'for 7 days' }).waitFor();
  expect((await openOffers()).find(({ kind }) => kind === 'subscription')).toMatchObject({ price: parseNcr('3'), periodMinutes: 10_080, firstVersion: 1, lastVersion: 0 });
  expect(takeErrors()).toEqual([]);
}, 4 * minute);

test('it is transferred after it was said twice; the new owner manages it, the old one cannot', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const dialog = page.getByRole('dialog');
  const publisher = await stack.client('publisher');
  await button('Transfer the asset').click();
  const transfer = dialog.getByRole('button', { name: 'Sign and transfer' });
  await dialog.getByText('Offers that stand go on paying you').waitFor();
  await dialog.getByLabel('New owner').fill('0x1234');
  await dialog.getByText('This is neither an address').waitFor();
  await dialog.getByLabel('New owner').fill(publisher.account!.address);
  await dialog.getByText('It is yours already.').waitFor();
  await dialog.getByLabel('New owner').fill('bob');
  await dialog.getByLabel(`Type ${assetId}, the asset’s number`).fill('1');
  await dialog.getByText('This is another number.').waitFor();
  expect(await transfer.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${assetId}, the asset’s number`).fill(String(assetId));
  await expectUsable(page, 'asset-transfer');
  wallet.refuses = true;
  await transfer.click();
  await dialog.getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  wallet.refuses = false;
  expect(await dialog.getByLabel('New owner').inputValue()).toBe('bob');
  await transfer.click();
  await dialog.getByRole('status').getByRole('link').waitFor();
  // What it says stays until it was read.
  await page.getByTestId('not-yours').waitFor({ state: 'attached' });
  await dialog.getByText('Close', { exact: true }).click();
  const bob = (await stack.client('bob')).account!.address;
  expect((await publisher.api.getAsset({ assetId })).owner).toBe(bob);
  await expect(revokeVersion({ client: publisher, assetId, version: 1, reason: 'Mine no more.' })).rejects.toMatchObject({ code: 'REVERTED' });
  await expect(transferAsset({ client: publisher, assetId, to: publisher.account!.address })).rejects.toMatchObject({ code: 'REVERTED' });
  await page.goto(`${stack.node.url}/datasets/${assetId}?tab=owner`);
  await page.getByRole('tab', { name: 'Activity' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Yours' }).count()).toBe(0);
  await connect('bob');
  await page.getByRole('tab', { name: 'Yours' }).click();
  const offers = page.locator('[data-testid=own-offer]');
  await offers.getByText('who owned the asset before').first().waitFor();
  const many = await offers.count();
  await offers.first().getByRole('button', { name: /^Withdraw offer/ }).click();
  await sign('Sign and withdraw');
  await expect.poll(() => offers.count(), { timeout: 20_000 }).toBe(many - 1);
  expect(takeErrors()).toEqual([]);
}, 4 * minute);

test('the new owner revokes a version with a reason; whoever has an order of it is told', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const dialog = page.getByRole('dialog');
  await connect('alice');
  await page.goto(`${stack.node.url}/sign-in`);
  await button('Sign in as alice').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();

  await page.goto(`${stack.node.url}/datasets/${assetId}?tab=versions`);
  await page.getByText('Key held by').first().waitFor();
  expect(await button('Revoke version 1').count()).toBe(0);
  await connect('bob');
  await button('Revoke version 1').click();
  const revoke = dialog.getByRole('button', { name: 'Sign and revoke' });
  await dialog.getByText('no version, until another is live').waitFor();
  expect(await revoke.isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill(reason);
  await page.reload();
  await button('Revoke version 1').click();
  expect(await dialog.getByLabel('Reason').inputValue()).toBe(reason);
  await expectUsable(page, 'asset-revoke');
  expect(await axeViolations(page)).toEqual([]);
  const money = async () => { const client = await stack.client('alice'); return (await readCoin({ client, account: client.account!.address })).balance; };
  const before = await money();
  await sign('Sign and revoke');
  await page.getByText(`Why it was revoked, says its owner: “${reason}”`).waitFor();
  await page.getByText('Not on sale', { exact: true }).waitFor();
  expect([await money(), await button('Revoke version 1').count()]).toEqual([before, 0]);

  await page.goto(`${stack.node.url}/orders/${orderId}`);
  await page.getByTestId('revoked').getByText(reason).waitFor();
  await page.goto(`${stack.node.url}/user`);
  await page.getByText(/Version 1 of .* is revoked, which you have/).waitFor({ timeout: minute });
  await page.getByText(`Its owner says: ${reason} What you have stays yours.`).waitFor();
  expect(takeErrors()).toEqual([]);
}, 4 * minute);
