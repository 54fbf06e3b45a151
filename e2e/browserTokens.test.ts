import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createListing } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { erc20Abi } from 'viem';
import type { Address } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { allowForeignToken } from './foreignToken.ts';

/** Prices in another token, from the card to the credit: the page says them in that token's units, and pays in it. */

const minute = 60_000;
let browsing: Browsing;
let token: Address;
let seller: NeuroClient;
let alice: NeuroClient;

const balance = (client: NeuroClient): Promise<bigint> => client.publicClient.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [client.account!.address] });

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  const { stack } = browsing;
  [seller, alice] = await Promise.all([stack.client('publisher'), stack.client('alice')]);
  token = await allowForeignToken(stack, [alice]);
  const common = { version: 1 as const, license: 'CC0-1.0', validatorsMayRead: true, algorithms: [], modelShareBps: 0 };
  await createListing({ client: seller, assetId: 1, firstVersion: 1, kind: 'download', price: 12_500_000n, token, terms: { ...common, kind: 'download' } });
  await createListing({ client: seller, assetId: 2, firstVersion: 1, kind: 'subscription', price: 2_250_000n, token, periodMinutes: 30 * 1440, terms: { ...common, kind: 'subscription' } });
}, 4 * minute);

afterAll(() => browsing?.stop());

test('a download is bought in another token, and every page says its price in it', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  await page.goto(stack.node.url);
  await page.getByText('or in another token').waitFor();
  await shots('tokens-cards');
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('alice');
  await page.getByText('12.5 PLN').first().waitFor();
  await shots('tokens-asset');
  await button('Buy').first().click();
  await page.getByLabel('12.5 PLN').check();
  await page.getByText('1,000 PLN').waitFor();
  await shots('tokens-buy');
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  await page.getByText('12.5 PLN').first().waitFor();
  await shots('tokens-order');
  expect(await balance(alice)).toBe(1_000_000_000n - 12_500_000n);
  await button('Confirm').click();
  await state('order', 'released').waitFor();
  await page.goto(`${stack.node.url}/orders`);
  await page.getByRole('cell', { name: '12.5 PLN' }).waitFor();
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a subscription in another token: taken, renewed, cancelled to the unit, and both sides collect', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const before = await balance(alice);
  await page.goto(`${stack.node.url}/datasets/2`);
  await connect('alice');
  await button('Subscribe').first().click();
  await button('90 days').click();
  await page.getByText('6.75 PLN').waitFor();
  await shots('tokens-subscribe');
  await button('Sign and subscribe').click();
  await page.waitForURL(/\/orders$/);
  await page.getByText('2.25 PLN each 30 days').waitFor();
  await page.getByText('You hold the key of version 1.').waitFor();
  await button('Renew for 30 days').click();
  await page.getByText('in 4 months').waitFor();
  expect(await balance(alice)).toBe(before - 9_000_000n);
  await button('Cancel subscription').click();
  await page.getByText('6.75 PLN').waitFor();
  await button('Cancel subscription now').click();
  await button('Cancel subscription now').waitFor({ state: 'detached' });
  await page.goto(`${stack.node.url}/account`);
  await button('Withdraw: From subscriptions, in another token').waitFor();
  await shots('tokens-account');
  await button('Withdraw: From subscriptions, in another token').click();
  await button('Withdraw: From subscriptions, in another token').waitFor({ state: 'detached' });
  expect(await balance(alice)).toBe(before - 2_250_000n);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

/** The command line against this stack's node, with `--json`. */
async function neurodata<T>(...words: string[]): Promise<T> {
  const { node, home } = browsing.stack;
  const child = spawn(process.execPath, [path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs'), ...words, '--json', '--yes'], { cwd: home, env: { ...process.env, NEURODATA_URL: node.url, NEURODATA_HOME: path.join(home, 'cli') }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, wrong] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => { said += piece.toString(); });
  child.stderr.on('data', (piece: Buffer) => { wrong += piece.toString(); });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${words.join(' ')}: ${wrong}`);
  return JSON.parse(said) as T;
}

test('the same from the command line, and what a seller claims is told apart by token', async () => {
  const before = await balance(alice);
  const { listingId } = await neurodata<{ listingId: number }>('subscriptions', 'offer', '1', '--price', '1.5', '--token', token, '--period', '12h', '--as', 'publisher');
  await expect(neurodata('subscriptions', 'start', '1', '--max-total', '1.4', '--as', 'alice')).rejects.toThrow('cost more than you agreed to');
  const taken = await neurodata<{ subscriptionId: string; total: string; granted: boolean }>('subscriptions', 'start', '1', '--periods', '2', '--max-total', '3', '--as', 'alice');
  expect(taken).toMatchObject({ total: '3000000', granted: true });
  await neurodata('subscriptions', 'renew', String(listingId), '--as', 'alice');
  expect(await balance(alice)).toBe(before - 4_500_000n);
  const { sums } = await neurodata<{ sums: { token: string | null; amount: string }[] }>('subscriptions', 'claim', taken.subscriptionId, '--as', 'publisher');
  const fee = (1_500_000n * 25n) / 10_000n;
  expect(sums).toEqual([{ token: null, amount: '0' }, { token, amount: String(1_500_000n - fee) }]);
  await neurodata('subscriptions', 'cancel', String(listingId), '--as', 'alice');
  expect(await neurodata('subscriptions', 'withdraw', '--token', token, '--as', 'alice')).toMatchObject({ paid: '3000000', token });
  expect(await balance(alice)).toBe(before - 1_500_000n);
  // The order that the first test paid in this token is released; the seller's credits in it are told apart.
  await neurodata('orders', 'claim', '--as', 'publisher');
  const { owedTokens } = await neurodata<{ owedTokens: { token: string; market: string; subscriptions: string }[] }>('account', 'show', '--as', 'publisher');
  expect(owedTokens).toEqual([{ token, market: String(12_500_000n - 31_250n), subscriptions: expect.any(String) }]);
  const { listings } = await neurodata<{ listings: { listingId: number; token: string | null }[] }>('datasets', 'info', '1');
  expect(listings.find((listing) => listing.listingId === listingId)?.token?.toLowerCase()).toBe(token.toLowerCase());
  // In NCR by default; in the token where it is asked for.
  expect(await neurodata('datasets', 'buy', '1', '--token', token, '--as', 'alice')).toMatchObject({ price: '12500000', state: 'granted' });
}, 3 * minute);

test('a dataset is published with prices in another token', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/publish`);
  await connect('publisher');
  await page.getByLabel('CSV with a header').setInputFiles({ name: 'tides.csv', mimeType: 'text/csv', buffer: Buffer.from('hour,height\n1,2\n2,3\n') });
  await page.getByRole('textbox', { name: 'Description' }).fill('High and low water.');
  await page.getByLabel('Paid in another token').fill(token);
  await page.getByLabel('Download, PLN').fill('3.25');
  await shots('tokens-publish');
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: minute });
  await page.getByText('3.25 PLN').first().waitFor();
  expect((await alice.api.getAsset({ assetId: Number(page.url().split('/').at(-1)) })).tokenPrices).toEqual([{ token, price: 3_250_000n }]);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);
