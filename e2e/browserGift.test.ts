import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';

/** One person pays, another has the licence from the start. */

const minute = 60_000;
let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
}, 4 * minute);

afterAll(() => browsing?.stop());

test('a gift is paid by one wallet, and unsealed and confirmed by the other', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  const { url } = stack.node;
  await page.goto(`${url}/account`);
  await connect('bob');
  await button('Make a gift code').click();
  const code = await page.getByLabel('Gift code', { exact: true }).innerText();
  const bob = await stack.client('bob');
  expect(code).toMatch(new RegExp(`^gift:${bob.account!.address}:0x[0-9a-f]{64}$`));
  await shots('gift-code');

  await page.goto(`${url}/datasets/1`);
  await connect('alice');
  const alice = await stack.client('alice');
  const before = (await alice.api.getAccount({ address: alice.account!.address })).balance;
  await button('Give it to somebody').click();
  const dialog = page.getByRole('dialog');
  const give = dialog.getByRole('button', { name: 'Sign and give' });
  await dialog.getByLabel('The receiver’s gift code').fill(code.slice(0, -3));
  await dialog.getByText('This is no whole gift code').waitFor();
  expect(await give.isDisabled()).toBe(true);
  await dialog.getByLabel('The receiver’s gift code').fill(code);
  await dialog.getByText('bob', { exact: true }).waitFor();
  await shots('gift-dialog');
  // What was typed survives a reload.
  await page.reload();
  await button('Give it to somebody').click();
  await give.click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  const { price, buyer } = await alice.api.getOrder({ orderId: page.url().split('/').at(-1) as `0x${string}` });
  expect([buyer, (await alice.api.getAccount({ address: alice.account!.address })).balance]).toEqual([bob.account!.address, before - price]);
  expect(await button('Unseal and download').count()).toBe(0);

  await connect('bob');
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  await download;
  await button('Confirm').click();
  await state('order', 'released').waitFor();
  expect(takeErrors()).toEqual([]);
}, 4 * minute);
