import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parseNcr } from '@neurodata/protocol';
import { readCoin } from '@neurodata/sdk';
import type { Page } from 'playwright-core';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { injectWallet } from './injectWallet.ts';
import type { TestWallet } from './injectWallet.ts';

/** A wallet that the user brought, in a real browser: it signs for real, outside of the page. */

const minute = 60_000;
let browsing: Browsing;
let page: Page;
let wallet: TestWallet;
const account = privateKeyToAccount(generatePrivateKey());

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  page = browsing.page;
  wallet = await injectWallet({ page, account, chainId: 1, name: 'Test wallet' });
}, 4 * minute);

afterAll(() => browsing?.stop());

const button = (name: string | RegExp) => browsing.button(name);
const signing = (state: string, text: string | RegExp, on = page) => on.locator(`[data-testid=signing][data-state=${state}]`).filter({ hasText: text });
/** What axe finds wrong in a part of the page as it stands. */
async function violations(part: string): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async (part) => {
    const { axe } = globalThis as unknown as { axe: { run: (part: string) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return (await axe.run(part)).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
  }, part);
}
const asked = () => wallet.asked.splice(0).map(({ method }) => method);

test('is found by its announcement, and connected; its picture runs nothing', async () => {
  await page.goto(`${browsing.stack.node.url}/datasets/1`);
  await button('Choose a wallet').click();
  const entry = page.getByRole('dialog').getByRole('button', { name: /^Test wallet/ });
  await entry.waitFor();
  expect(asked()).toEqual([]);
  // This node has no project id.
  expect(await page.getByRole('button', { name: 'WalletConnect' }).count()).toBe(0);
  await page.getByText('play money', { exact: true }).waitFor();
  await browsing.shots('wallets');
  expect(await violations('dialog')).toEqual([]);
  await entry.click();
  await button('Wallet: Test wallet').waitFor();
  expect(asked()).toEqual(['eth_requestAccounts']);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('on another network it is told so, and one button brings it over, with the node’s own address', async () => {
  const notice = page.getByRole('region', { name: 'Wallet' });
  await notice.getByText('Test wallet is on network 1; this market is on network 31337').waitFor();
  await browsing.shots('wallet-network');
  expect(await violations('section[aria-label=Wallet]')).toEqual([]);
  await button('Switch network').click();
  await notice.waitFor({ state: 'detached' });
  expect(asked()).toEqual(['wallet_switchEthereumChain', 'wallet_addEthereumChain', 'wallet_switchEthereumChain']);
  expect(wallet.known.get(31_337)).toBe(`${browsing.stack.node.url}/rpc`);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('without money it gets play money in one click; a refused signature loses nothing', async () => {
  await button('Buy').click();
  await page.getByText('This wallet holds too little NCR.').waitFor();
  await button('Get play money').click();
  await page.getByText('This wallet holds too little NCR.').waitFor({ state: 'detached' });
  wallet.refuses = true;
  await button('Sign and buy').click();
  await signing('rejected', /^Let the market take [\d,.]+ NCR for what you buy/).waitFor();
  await page.getByRole('dialog').getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  await browsing.shots('wallet-refused');
  expect(await violations('dialog')).toEqual([]);
  expect(asked()).toEqual(['eth_signTypedData_v4']);
  wallet.refuses = false;
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('buys: a permit in words, a transaction, the key of the order in this browser', async () => {
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  const [permit, transaction] = wallet.asked.splice(0);
  const { domain, primaryType, message } = JSON.parse(String(permit?.params[1])) as { domain: Record<string, unknown>; primaryType: string; message: Record<string, string> };
  const { addresses, chainId } = (await browsing.stack.client('alice')).config.deployment;
  const lower = (text: unknown): string => String(text).toLowerCase();
  expect([primaryType, domain['chainId'], ...[domain['verifyingContract'], message['owner'], message['spender']].map(lower)]).toEqual(['Permit', chainId, ...[addresses.neuroCoin, account.address, addresses.market].map(lower)]);
  expect(transaction?.method).toBe('eth_sendTransaction');
  await browsing.state('order', 'granted').waitFor();
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  expect((await download).suggestedFilename()).toBe('palmer-penguins.csv');
  // The next step is now the one at a phone's bottom edge.
  const bar = page.locator('[data-bottom-bar]');
  expect([await bar.count(), await bar.innerText()]).toEqual([1, 'Confirm']);
  await browsing.shots('order-confirm');
  await button('Confirm').click();
  await browsing.state('order', 'released').waitFor();
  await signing('confirmed', /block/).first().waitFor();
  expect(asked()).toEqual(['eth_sendTransaction']);
  expect(browsing.takeErrors()).toEqual([]);
}, 2 * minute);

test('a wallet that is a contract cannot sign permits: it approves in a transaction of its own', async () => {
  wallet.isContract = true;
  await page.goto(`${browsing.stack.node.url}/datasets/2`);
  await button('Buy').click();
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  expect(asked()).toEqual(['eth_signTypedData_v4', 'eth_sendTransaction', 'eth_sendTransaction']);
  wallet.isContract = false;
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('a page that is left while a transaction is on its way goes on watching it, without asking again', async () => {
  const bob = await browsing.stack.client('bob');
  const before = await readCoin({ client: bob, account: bob.account!.address });
  await page.goto(`${browsing.stack.node.url}/token`);
  await button('Wallet: Test wallet').waitFor();
  // The chain has it; this page is not told.
  await page.route('**/rpc', async (route) => {
    const response = await route.fetch();
    const sent = route.request().postDataJSON() as { id: number; method: string } | { id: number; method: string }[];
    const got = (await response.json()) as { id: number; result: unknown } | { id: number; result: unknown }[];
    const hidden = new Set([sent].flat().filter(({ method }) => method === 'eth_getTransactionReceipt').map(({ id }) => id));
    const shown = [got].flat().map((one) => (hidden.has(one.id) ? { ...one, result: null } : one));
    await route.fulfill({ response, json: Array.isArray(got) ? shown : shown[0] });
  });
  const send = page.getByRole('region', { name: 'Send' });
  await send.getByLabel('To', { exact: true }).fill('bob');
  await send.getByLabel('Amount').fill('2.5');
  await button('Send').click();
  await button('Sign and send').click();
  await signing('sent', 'Pending').waitFor();
  await browsing.shots('wallet-pending');
  await page.reload();
  await button('Wallet: Test wallet').waitFor();
  await signing('sent', 'Pending').waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await signing('confirmed', 'Send 2.5 NCR').waitFor();
  expect((await readCoin({ client: bob, account: bob.account!.address })).balance - before.balance).toBe(parseNcr('2.5'));
  expect(asked()).toEqual(['eth_sendTransaction']);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('publishes: the vault’s worker seals, the wallet signs', async () => {
  await page.goto(`${browsing.stack.node.url}/publish`);
  const csv = `city,people\n${Array.from({ length: 30 }, (_, index) => `town ${index},${index * 1000}`).join('\n')}\n`;
  await page.getByLabel('CSV with a header').setInputFiles({ name: 'towns.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByText('30 rows, 2 columns').waitFor();
  await page.getByRole('textbox', { name: 'Description' }).fill('Thirty towns and how many live there.');
  await page.getByLabel('Download, NCR').fill('3');
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: 1.5 * minute });
  expect(asked()).toContain('eth_sendTransaction');
  expect(browsing.takeErrors()).toEqual([]);
}, 2 * minute);

test('signs in by its signature', async () => {
  await page.goto(`${browsing.stack.node.url}/sign-in`);
  await button('Sign in as Test wallet').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  expect(asked()).toEqual(['personal_sign']);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('another account in the wallet is another account here; two tabs agree', async () => {
  const other = privateKeyToAccount(generatePrivateKey());
  await page.goto(`${browsing.stack.node.url}/account`);
  await page.locator(`main button[title='${account.address}']`).first().waitFor();
  const tab = await page.context().newPage();
  const errors: string[] = [];
  tab.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  await tab.goto(`${browsing.stack.node.url}/account`);
  await tab.locator(`main button[title='${account.address}']`).first().waitFor();
  wallet.account = other;
  await wallet.emit('accountsChanged', [other.address.toLowerCase()]);
  for (const one of [page, tab]) await one.locator(`main button[title='${other.address}']`).first().waitFor();
  await wallet.emit('disconnect', { code: 4900, message: 'gone' });
  await page.getByText('Test wallet has lost its connection.').waitFor();
  await wallet.emit('connect', { chainId: '0x7a69' });
  await page.getByText('Test wallet has lost its connection.').waitFor({ state: 'detached' });
  await tab.getByRole('button', { name: 'Wallet: Test wallet' }).click();
  await tab.getByRole('button', { name: 'Disconnect', exact: true }).click();
  for (const one of [page, tab]) await one.getByRole('button', { name: 'Choose a wallet', exact: true }).waitFor();
  expect(asked()).toEqual([]);
  expect([browsing.takeErrors(), errors]).toEqual([[], []]);
}, minute);
