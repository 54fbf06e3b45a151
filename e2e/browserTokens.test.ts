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
