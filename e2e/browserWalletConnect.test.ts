import { encode } from 'uqr';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { startPhoneWallet } from './phoneWallet.ts';
import type { PhoneWallet } from './phoneWallet.ts';
import { startWalletRelay } from './walletRelay.ts';
import type { WalletRelay } from './walletRelay.ts';

/** A wallet on another device, by WalletConnect: a real browser, a relay of this machine, and a wallet that signs for real and hears of the page by the relay alone. */

const minute = 60_000;
let relay: WalletRelay;
let phone: PhoneWallet;
let browsing: Browsing;
const [account, other] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())];
/** Whom the page has asked for anything, also in vain. */
const hosts = new Set<string>();

beforeAll(async () => {
  relay = await startWalletRelay();
  phone = await startPhoneWallet({ relayUrl: relay.url, accounts: [account, other], name: 'Phone wallet' });
  phone.known.set(1, 'http://127.0.0.1:1');
  browsing = await startBrowsing({ settings: { seed: true, walletConnect: { projectId: 'market', relayUrl: relay.url } } });
  const { page } = browsing;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  page.context().on('request', (request) => { if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).host); });
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
}, 4 * minute);

afterAll(async () => {
  await browsing?.stop();
  await phone?.stop();
  await relay?.stop();
});

const button = (name: string | RegExp) => browsing.button(name);
const dialog = () => browsing.page.getByRole('dialog');
const strip = () => browsing.page.getByRole('region', { name: 'Wallet', exact: true });
const asked = () => phone.asked.splice(0).map(({ method }) => method);

/** Opens a pairing from the list of wallets, and reads its address. */
async function openPairing(): Promise<string> {
  await dialog().getByRole('button', { name: /^WalletConnect/ }).click();
  return readAddress();
}

async function readAddress(): Promise<string> {
  return (await dialog().getByRole('link', { name: 'Open a wallet on this device' }).getAttribute('href'))!;
}

test('is offered with its picture, copy and link; nothing of it is loaded before', async () => {
  const { page } = browsing;
  await page.goto(`${browsing.stack.node.url}/datasets/1`);
  await button('Choose a wallet').click();
  await dialog().getByRole('button', { name: /^WalletConnect/ }).waitFor();
  expect([...hosts]).toEqual([new URL(browsing.stack.node.url).host]);
  const loaded: string[] = [];
  page.on('response', (response) => { if (response.url().endsWith('.js')) loaded.push(response.url()); });
  const uri = await openPairing();
  expect(loaded.some((url) => /walletConnect/i.test(url))).toBe(true);
  expect(uri).toMatch(/^wc:[0-9a-f]{64}@2\?.*symKey=[0-9a-f]{64}/);
  const { data } = encode(uri, { ecc: 'M', border: 4 });
  const dark = data.flat().filter(Boolean).length;
  expect((await dialog().getByRole('img', { name: 'WalletConnect' }).locator('path').getAttribute('d'))?.match(/M/g)).toHaveLength(dark);
  await button('Copy').click();
  await button('Copied').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(uri);
  await browsing.shots('wallet-connect');
  expect(await axeViolations(page)).toEqual([]);
  expect(browsing.takeErrors()).toEqual([]);
}, 2 * minute);

test('a refusal is told, and asked anew', async () => {
  const { page } = browsing;
  const uri = await readAddress();
  phone.refuses = true;
  await phone.scan(uri);
  await dialog().getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  phone.refuses = false;
  await button('Try again').click();
  expect(await readAddress()).not.toBe(uri);
  expect(phone.peers).toEqual([new URL(page.url()).origin]);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('a pairing that nobody answers expires, and says so', async () => {
  const context = await browsing.page.context().browser()!.newContext();
  const tab = await context.newPage();
  await tab.clock.install();
  await tab.goto(`${browsing.stack.node.url}/datasets/1`);
  await tab.getByRole('button', { name: 'Choose a wallet', exact: true }).click();
  await tab.getByRole('button', { name: /^WalletConnect/ }).click();
  await tab.getByRole('link', { name: 'Open a wallet on this device' }).waitFor();
  await tab.clock.fastForward('05:10');
  await tab.getByRole('alert').getByText('Your wallet has not answered within five minutes.').waitFor();
  await tab.getByRole('button', { name: 'Try again' }).waitFor();
  await context.close();
}, minute);

test('a relay that does not answer is told', async () => {
  const context = await browsing.page.context().browser()!.newContext();
  const tab = await context.newPage();
  await tab.routeWebSocket(/.*/, (socket) => socket.close());
  await tab.goto(`${browsing.stack.node.url}/datasets/1`);
  await tab.getByRole('button', { name: 'Choose a wallet', exact: true }).click();
  await tab.getByRole('button', { name: /^WalletConnect/ }).click();
  await tab.getByRole('alert').getByText('The relay of WalletConnect does not answer.').waitFor({ timeout: minute });
  await context.close();
}, 2 * minute);

test('pairs; on another network it says so, and one button brings the market’s over', async () => {
  await phone.scan(await readAddress());
  await dialog().waitFor({ state: 'detached' });
  await button('Wallet: Phone wallet').waitFor();
  await strip().getByText('Phone wallet is on network 1; this market is on network 31337').waitFor();
  await button('Switch network').click();
  await strip().waitFor({ state: 'detached' });
  expect(asked()).toEqual(['wallet_addEthereumChain']);
  expect(phone.known.get(31_337)).toBe(`${browsing.stack.node.url}/rpc`);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('buys by what the phone signs; a refused signature loses nothing', async () => {
  const { page } = browsing;
  await button('Buy').click();
  await button('Get play money').click();
  await page.getByText('This wallet holds too little NCR.').waitFor({ state: 'detached' });
  phone.refuses = true;
  await button('Sign and buy').click();
  await dialog().getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  expect(asked()).toEqual(['eth_signTypedData_v4']);
  phone.refuses = false;
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/);
  expect(phone.asked.map(({ chainId }) => chainId)).toEqual(['eip155:31337', 'eip155:31337']);
  expect(asked()).toEqual(['eth_signTypedData_v4', 'eth_sendTransaction']);
  await browsing.state('order', 'granted').waitFor();
  expect(browsing.takeErrors()).toEqual([]);
}, 2 * minute);

test('is there after a reload without being asked, and signs in', async () => {
  const { page } = browsing;
  await page.reload();
  await button('Wallet: Phone wallet').waitFor();
  await browsing.state('order', 'granted').waitFor();
  expect(asked()).toEqual([]);
  await page.goto(`${browsing.stack.node.url}/sign-in`);
  await button('Sign in as Phone wallet').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  expect(asked()).toEqual(['personal_sign']);
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('another account in the wallet is another account here, in every tab; two tabs agree', async () => {
  const { page } = browsing;
  const tab = await page.context().newPage();
  const errors: string[] = [];
  tab.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  tab.on('pageerror', (error) => errors.push(error.message));
  for (const one of [page, tab]) {
    await one.goto(`${browsing.stack.node.url}/account`);
    await one.locator(`main button[title='${account.address}']`).first().waitFor();
  }
  await phone.show(other.address);
  for (const one of [page, tab]) await one.locator(`main button[title='${other.address}']`).first().waitFor();
  await phone.show(account.address);
  for (const one of [page, tab]) await one.locator(`main button[title='${account.address}']`).first().waitFor();
  await tab.close();
  expect(asked()).toEqual([]);
  expect([browsing.takeErrors(), errors]).toEqual([[], []]);
}, minute);

test('a session that the wallet ends is noticed, also after a reload; Disconnect ends it there', async () => {
  const { page } = browsing;
  await phone.end();
  await strip().getByText('Your wallet has ended its connection by WalletConnect.').waitFor();
  await browsing.shots('wallet-ended');
  expect(await axeViolations(page)).toEqual([]);
  await page.reload();
  await strip().getByText('Your wallet has ended its connection by WalletConnect.').waitFor();
  await button('Connect again').click();
  await phone.scan(await openPairing());
  await button('Wallet: Phone wallet').click();
  expect(phone.sessions()).toBe(1);
  await button('Disconnect').click();
  await button('Choose a wallet').waitFor();
  await expect.poll(() => phone.sessions(), { timeout: 10_000 }).toBe(0);
  await strip().waitFor({ state: 'detached' });
  expect(browsing.takeErrors()).toEqual([]);
}, minute);

test('no host but the node and the relay was asked, and the relay was told nothing in the clear', () => {
  expect([...hosts].toSorted()).toEqual([browsing.stack.node.url, relay.url].map((url) => new URL(url).host).toSorted());
  const page = relay.published[0]!.from;
  const mine = relay.published.filter(({ from }) => from === page);
  expect(mine.length).toBeGreaterThan(5);
  expect([...new Set(mine.flatMap(({ params }) => Object.keys(params)))].toSorted()).toEqual(['attestation', 'message', 'prompt', 'tag', 'topic', 'ttl']);
  const heard = JSON.stringify(mine).toLowerCase();
  for (const secret of [account.address.slice(2), '31337', 'eth_send']) expect(heard).not.toContain(secret.toLowerCase());
});
