import { parseNcr } from '@neurodata/protocol';
import { type NeuroClient, openDeal, readDeal, waitForVersion } from '@neurodata/sdk';
import type { Locator } from 'playwright-core';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { type Browsing, startBrowsing } from './browse.ts';
import { type TestWallet, injectWallet } from './injectWallet.ts';
import { expectUsable } from './usable.ts';

/** Deals and private offers by mouse: what each side does with a milestone, and an offer from its signature to the order. */

const minute = 60_000;
const day = 86_400;
let browsing: Browsing;
let dialog: Locator;
let wallet: TestWallet;
let alice: NeuroClient;
const buyer = privateKeyToAccount(generatePrivateKey());

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  const { page, stack } = browsing;
  dialog = page.getByRole('dialog');
  wallet = await injectWallet({ page, account: buyer, chainId: 31_337, name: 'Own wallet' });
  wallet.known.set(31_337, `${stack.node.url}/rpc`);
  alice = await stack.client('alice');
  await alice.api.requestFunds({ address: buyer.address });
  await waitForVersion({ client: alice, assetId: 1, version: 1, status: 'live', timeoutMs: 2 * minute });
}, 5 * minute);

afterAll(() => browsing?.stop());

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<void> {
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.getByRole('status').getByRole('link').waitFor();
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

const clean = async (): Promise<void> => expect(await axeViolations(browsing.page)).toEqual([]);
const milestone = (index: number): Locator => browsing.page.getByTestId('milestone').nth(index);
const inState = (index: number, state: string): Promise<void> => browsing.page.locator(`[data-testid=milestone][data-state=${state}]`).and(milestone(index)).waitFor();
const dealIdOf = (): Hex => browsing.page.url().split('/').at(-1)!.slice(0, 66) as Hex;

async function connectOwn(): Promise<void> {
  const { button, page } = browsing;
  await button(/^(Choose a wallet|Wallet: )/).first().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Own wallet/ }).click();
  await button('Wallet: Own wallet').waitFor();
}

test('a deal is opened: fields say what is wrong, nothing typed is lost, and a refusal moves nothing', async () => {
  const { stack, page, button, shots, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/deals`);
  await page.getByText('No deals yet').waitFor();
  await connectOwn();
  await expectUsable(page, 'deals-none');
  await button('Open a deal').click();
  await button('Sign and open').click();
  for (const text of ['Name who delivers.', 'Say what was agreed.', 'Name what is delivered.', 'Write an amount.']) await dialog.getByText(text).waitFor();
  await dialog.getByLabel('Who delivers').fill('nobody here');
  await dialog.getByText('This is neither an address nor the name of a demo wallet.').waitFor();
  await dialog.getByLabel('Who delivers').fill('alice');
  await dialog.getByLabel('What was agreed').fill('A survey of penguins.\nTwo parts and a map.');
  for (const [index, [title, amount]] of ([['The raw rows', '20'], ['The report', '30'], ['The map', '10']] as const).entries()) {
    const part = dialog.getByRole('group', { name: `Milestone ${index + 1}` });
    if (index > 0) await button('Add a milestone').click();
    await part.getByLabel('What is delivered').fill(title);
    await part.getByLabel('Amount, NCR').fill(amount);
  }
  await dialog.getByLabel('Days to contest a delivery').fill('91');
  await dialog.getByText('Write a whole number from 1 to 90.').waitFor();
  await dialog.getByLabel('Days to contest a delivery').fill('3');
  await page.reload();
  await button('Open a deal').click();
  expect(await dialog.getByRole('group', { name: 'Milestone 2' }).getByLabel('What is delivered').inputValue()).toBe('The report');
  await dialog.getByText('60 NCR', { exact: true }).waitFor();
  await clean();
  await shots('deal-dialog');

  wallet.refuses = 'eth_sendTransaction';
  await button('Sign and open').click();
  await dialog.getByRole('alert').waitFor();
  expect((await alice.api.listDeals({ limit: 10 })).items).toEqual([]);
  wallet.refuses = false;
  await button('Sign and open').click();
  await page.waitForURL(/\/deals\/0x/);
  await page.getByText('Two parts and a map.').waitFor();
  expect(await readDeal({ client: alice, dealId: dealIdOf() })).toMatchObject({ buyer: buyer.address, seller: alice.account!.address, left: parseNcr('60'), reviewWindow: 3 * day, arbitrationWindow: 7 * day });
  // What was typed is gone once it is a deal.
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('deal-draft')))).toEqual([]);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a milestone is delivered by its digest, compared, and released', async () => {
  const { page, connect, shots, takeErrors } = browsing;
  await milestone(0).getByRole('button', { name: 'Release', exact: true }).waitFor();
  await connect('alice');
  await page.getByRole('heading', { name: 'It is your turn' }).waitFor();
  await page.getByRole('complementary', { name: 'Next step' }).getByRole('button', { name: 'Deliver' }).click();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText('Choose a file, or write a text.').waitFor();
  await dialog.getByLabel('A file', { exact: true }).setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
  await clean();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText('send it to the buyer yourself').waitFor();
  await shots('deal-deliver');
  await sign('Sign and deliver');
  await inState(0, 'delivered');
  await expectUsable(page, 'deal-delivered');

  await connectOwn();
  await milestone(0).getByRole('button', { name: 'Compare with what you got' }).click();
  await dialog.getByLabel('A file', { exact: true }).setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,3\n') });
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await dialog.getByText('This is something else than the seller delivered.').waitFor();
  await dialog.getByLabel('A file', { exact: true }).setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await dialog.getByText('This is what the seller delivered.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await milestone(0).getByRole('button', { name: 'Release a part' }).click();
  await dialog.getByLabel('To the seller').fill('21');
  await dialog.getByText('At most 20 NCR.').waitFor();
  await dialog.getByLabel('To the seller').fill('5');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByText('15 NCR', { exact: true }).waitFor();
  await sign('Sign and release');
  await milestone(0).getByText('In escrow: 15 NCR.').waitFor();
  const next = page.getByRole('complementary', { name: 'Next step' });
  await next.getByRole('button', { name: 'Release' }).click();
  wallet.refuses = true;
  await dialog.getByRole('button', { name: 'Sign and release' }).click();
  await dialog.getByRole('alert').waitFor();
  wallet.refuses = false;
  await sign('Sign and release');
  await inState(0, 'closed');
  expect((await readDeal({ client: alice, dealId: dealIdOf() })).left).toBe(parseNcr('40'));

  await connect('alice');
  await page.getByText('Deals have credited 20 NCR to you.').waitFor();
  const before = (await alice.api.getAccount({ address: alice.account!.address })).balance;
  await browsing.button('Collect').click();
  await sign('Sign and collect');
  expect((await alice.api.getAccount({ address: alice.account!.address })).balance).toBe(before + parseNcr('20'));
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('one is contested with evidence, and another is given back', async () => {
  const { page, connect, takeErrors } = browsing;
  await milestone(1).getByRole('button', { name: 'Deliver' }).or(page.getByRole('complementary', { name: 'Next step' }).getByRole('button', { name: 'Deliver' })).first().click();
  await dialog.getByLabel('Or a text, such as a link').fill('https://example.org/report');
  await page.reload();
  await page.getByRole('complementary', { name: 'Next step' }).getByRole('button', { name: 'Deliver' }).click();
  expect(await dialog.getByLabel('Or a text, such as a link').inputValue()).toBe('https://example.org/report');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await sign('Sign and deliver');
  await inState(1, 'delivered');
  await milestone(2).getByRole('button', { name: 'Give back' }).click();
  await dialog.getByRole('button', { name: 'All that is left' }).click();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await sign('Sign and give back');
  await inState(2, 'closed');

  await connectOwn();
  await milestone(1).getByRole('button', { name: 'Contest' }).click();
  await dialog.getByText('Either side can then ask jurors').waitFor();
  await sign('Sign and contest');
  await inState(1, 'contested');
  await milestone(1).getByRole('button', { name: 'Add evidence' }).click();
  await dialog.getByLabel('What speaks for your side').fill('The report lacks a chapter.');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await sign('Sign and add');
  // Nobody has joined the jury here.
  await page.getByRole('complementary', { name: 'Next step' }).getByRole('button', { name: 'Ask jurors' }).click();
  await dialog.getByRole('button', { name: 'Sign and ask' }).click();
  await dialog.getByRole('alert').getByText('Too few jurors').waitFor();
  await dialog.getByText('Cancel', { exact: true }).click();
  await clean();
  await page.goto(`${browsing.stack.node.url}/deals?show=turn`);
  await page.getByRole('region', { name: 'You pay', exact: true }).getByRole('link').first().waitFor();
  await browsing.button('Over').click();
  await page.getByText('No such deals').waitFor();
  await browsing.button('Show all').click();
  await page.getByRole('region', { name: 'You pay', exact: true }).waitFor();
  await expectUsable(page, 'deals');
  expect(takeErrors()).toEqual([]);
  await connect('alice');
}, 3 * minute);

test('both end a deal together: by offers, and by a signed line', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const bob = await stack.client('bob');
  const open = async (): Promise<Hex> => (await openDeal({ client: bob, seller: alice.account!.address, milestones: [{ amount: parseNcr('8'), deadline: Math.floor(Date.now() / 1000) + 30 * day }], reviewWindow: day, arbitrationWindow: day, terms: 'ipfs://elsewhere', arbiter: null })).dealId;
  await page.goto(`${stack.node.url}/deals/${await open()}`);
  await page.getByText('End the deal together').click();
  await page.getByLabel('To the seller').fill('3');
  await button('Continue').click();
  await dialog.getByText('Nothing moves until the other side says the same.').waitFor();
  await sign('Sign and offer');
  await page.getByText('offers 3 NCR to the seller').waitFor();
  await connect('bob');
  await page.getByText('The other side offers to end the deal: 3 NCR to the seller, 5 NCR to the buyer.').waitFor();
  await expectUsable(page, 'deal-offer');
  await button('Accept and end it').click();
  await sign('Sign and end');
  await page.locator('[data-testid=deal-state][data-state=cancelled]').waitFor();

  const second = await open();
  await page.goto(`${stack.node.url}/deals/${second}`);
  await page.getByText('End the deal together').click();
  await page.getByLabel('Only sign').check();
  await page.getByLabel('To the seller').fill('0');
  await button('Sign').click();
  const line = (await page.getByLabel('Signed end of the deal', { exact: true }).innerText()).trim();
  await connect('alice');
  await page.getByText('End the deal together').click();
  await page.getByLabel('A line that the other side has signed').fill(line.slice(0, -9));
  await button('Look at it').click();
  await page.getByText('This is no whole line').waitFor();
  await page.getByLabel('A line that the other side has signed').fill(line);
  await button('Look at it').click();
  await dialog.getByText('The other side has signed this.').waitFor();
  await sign('Sign and end');
  await page.locator('[data-testid=deal-state][data-state=cancelled]').waitFor();
  expect((await readDeal({ client: bob, dealId: second })).left).toBe(0n);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

/** The publisher signs an offer to somebody; gives the address to send. */
async function makeOffer(to: string, price: string): Promise<string> {
  const { stack, page, button, connect } = browsing;
  await page.goto(`${stack.node.url}/datasets/1`);
  await button(/^Wallet: /).waitFor();
  if (await button(/^Wallet: publisher/).count() === 0) await connect('publisher');
  await button('Offer it to one buyer').click();
  await dialog.getByLabel('Who may accept it').fill(to);
  await dialog.getByLabel('Price, NCR').fill(price);
  await button('Sign the offer').click();
  const address = (await dialog.getByLabel('Address of the offer', { exact: true }).innerText()).trim();
  await dialog.getByText('Close', { exact: true }).click();
  return address;
}

test('an offer is made to one buyer, opened by the address, and accepted; nobody else can', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/datasets/1`);
  await connect('carol');
  await button('Buy').first().waitFor();
  expect(await button('Offer it to one buyer').count()).toBe(0);
  await connect('publisher');
  await button('Offer it to one buyer').click();
  await button('Sign the offer').click();
  await dialog.getByText('Name the buyer.').waitFor();
  await dialog.getByLabel('Who may accept it').fill('publisher');
  await dialog.getByText('This is your own account.').waitFor();
  await dialog.getByLabel('Who may accept it').fill('alice');
  await dialog.getByLabel('Price, NCR').fill('7.5');
  await dialog.getByLabel('What else was agreed').fill('For one study.');
  await page.reload();
  await button('Offer it to one buyer').click();
  expect(await dialog.getByLabel('Price, NCR').inputValue()).toBe('7.5');
  await clean();
  await shots('offer-dialog');
  await button('Sign the offer').click();
  const address = (await dialog.getByLabel('Address of the offer', { exact: true }).innerText()).trim();
  expect(address).toMatch(/\/offers#neurodata-offer:[\w-]+$/);
  await dialog.getByText('Close', { exact: true }).click();

  await page.goto('about:blank');
  await page.goto(address);
  await page.getByText('It waits for its buyer').waitFor();
  await connect('carol');
  await page.getByText('It is for one buyer').waitFor();
  await connect('alice');
  await page.getByText('For one study.').waitFor();
  await page.getByRole('term').filter({ hasText: 'You pay into escrow' }).waitFor();
  await expectUsable(page, 'offer');
  await clean();
  await button('Sign and accept').click();
  await page.waitForURL(/\/orders\/0x/);
  await state('order', 'granted').waitFor();
  expect(await alice.api.getOrder({ orderId: dealIdOf() })).toMatchObject({ price: parseNcr('7.5'), buyer: alice.account!.address, assetId: 1 });
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('[data-testid=offer-state][data-state=accepted]').waitFor();
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('a signed acceptance is sent by somebody else; offers are cancelled, one or all', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const [first, second, third] = [await makeOffer('alice', '4'), await makeOffer('alice', '5'), await makeOffer('bob', '6')];
  await page.goto('about:blank');
  await page.goto(first);
  await connect('alice');
  await page.getByText('No ETH for gas?').click();
  await button('Sign the acceptance').click();
  const acceptance = (await page.getByLabel('Signed acceptance', { exact: true }).innerText()).trim();
  await page.goto(`${stack.node.url}/offers`);
  await connect('carol');
  await page.getByLabel('An offer, or a buyer’s signed acceptance').fill('neurodata-offer:abc');
  await button('Look at it').click();
  await page.getByText('This is no whole offer').waitFor();
  await page.getByLabel('An offer, or a buyer’s signed acceptance').fill(acceptance);
  await button('Look at it').click();
  await dialog.getByText('You pay the gas and nothing else').waitFor();
  await sign('Sign and send');

  await connect('publisher');
  const made = page.getByRole('region', { name: 'Yours, made in this browser' });
  await expect.poll(() => made.getByTestId('offer-state').evaluateAll((all) => all.map((one) => one.dataset['state'])), { timeout: 30_000 }).toEqual(['open', 'open', 'accepted', 'accepted']);
  await expectUsable(page, 'offers');
  await clean();
  await page.getByLabel('An offer, or a buyer’s signed acceptance').fill(`Here it is: ${second}`);
  await button('Look at it').click();
  await page.getByText('It waits for its buyer').waitFor();
  await button('Cancel this offer').click();
  await sign('Sign and cancel');
  await page.locator('[data-testid=offer-state][data-state=cancelled]').waitFor();
  await page.goto(`${stack.node.url}/offers`);
  await button('Withdraw all of yours').click();
  await sign('Sign and withdraw');
  await page.goto('about:blank');
  await page.goto(third);
  await page.locator('[data-testid=offer-state][data-state=withdrawn]').waitFor();
  await page.goto('about:blank');
  await page.goto(`${third.slice(0, -40)}`);
  await page.getByText('This is not a signed offer.').waitFor();
  expect(takeErrors()).toEqual([]);
}, 4 * minute);

test('once a time is over, anybody moves the money on', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const { items } = await alice.api.listDeals({ party: buyer.address, limit: 10 });
  const { dealId } = items[0]!;
  await stack.node.chain.mine({ secondsLater: 8 * day });
  await page.goto(`${stack.node.url}/deals/${dealId}`);
  await connect('carol');
  await page.getByRole('heading', { name: 'Anybody can move it on' }).waitFor();
  await button('Settle').click();
  await dialog.getByText('half of what is left goes to each').waitFor();
  await sign('Sign and settle');
  await page.locator('[data-testid=deal-state][data-state=ended]').waitFor();
  await page.getByText('All money of this deal is paid out or credited.').waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);
