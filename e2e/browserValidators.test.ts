import { parseNcr, validatorsAbi } from '@neurodata/protocol';
import { type NeuroClient, createClient, publishAsset, readStake, readValidatorStatus, sendCoins, stakeCoins, waitForVersion } from '@neurodata/sdk';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axeViolations.ts';
import { type Browsing, startBrowsing } from './browse.ts';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import { type TestWallet, injectWallet } from './injectWallet.ts';
import { expectUsable } from './usable.ts';

/** Who shares what, how somebody becomes a validator, and what its owner and its lenders do with stake. */

const minute = 60_000;
const least = parseNcr('10000');
let browsing: Browsing;
let carol: NeuroClient;
let bob: TestWallet;

beforeAll(async () => {
  browsing = await startBrowsing();
  const { stack, page } = browsing;
  carol = await stack.client('carol');
  await sendCoins({ client: await stack.client('curator'), to: carol.account!.address, amount: parseNcr('3000') });
  const { account } = stack.node.cast.people.find(({ name }) => name === 'bob')!;
  bob = await injectWallet({ page, account: privateKeyToAccount(account.privateKey), chainId: 31_337, name: 'Test wallet' });
  bob.known.set(31_337, `${stack.node.url}/rpc`);
}, 4 * minute);

afterAll(() => browsing?.stop());

const register = (client: NeuroClient, byte: string): Promise<unknown> =>
  client.send({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'register', args: [`0x${byte.repeat(32)}`, 'http://127.0.0.1:9'], sentence: 'Register' });

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<void> {
  await browsing.button(name).click();
  const dialog = browsing.page.getByRole('dialog');
  await dialog.getByRole('status').getByRole('link').waitFor();
  await dialog.getByText('Close', { exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('the map shows a round while it goes on, who holds parts of the same keys, and who joins', async () => {
  const { stack, page, takeErrors } = browsing;
  const map = page.getByTestId('network');
  await page.goto(`${stack.node.url}/validators`);
  await page.getByText('No rounds yet').waitFor();
  await map.getByRole('link', { name: /^Validator 1: active, .* keys held in part: 0, rounds now: 0$/ }).waitFor();
  expect(await map.getByTestId('share').count()).toBe(0);

  const client = await stack.client('publisher');
  const csv = penguinsCsv();
  const published = publishAsset({ client, kind: 'dataset', content: () => streamOf(csv), fileName: 'penguins.csv', mediaType: 'text/csv', validatorsMayRead: true, ...describeCsv(csv), description: { title: 'Penguins', description: 'Sizes of penguins.', license: 'CC0-1.0', tags: ['biology'] } });
  // Nobody reloads the page.
  await map.getByTestId('share').waitFor({ timeout: minute });
  await page.locator('[data-testid=round][data-state=open]').getByText('Under way').waitFor();
  const { assetId } = await published;
  await waitForVersion({ client, assetId, version: 1, status: 'live', timeoutMs: 2 * minute });
  await page.locator('[data-testid=round][data-state=settled]').getByText('Accepted by 3 of 3 validators').waitFor();
  await map.getByTestId('share').waitFor({ state: 'detached' });
  await map.getByRole('link', { name: /^Validator 2: active, .* keys held in part: 1, rounds now: 0$/ }).focus();
  await page.getByTestId('looked-at').getByText('Validator 2: active').waitFor();
  await page.getByLabel('Show').selectOption({ label: '“Penguins”, version 1' });
  await map.getByTestId('share').waitFor();
  await page.getByText('As a table').click();
  await page.getByRole('region', { name: 'Who shares what, table' }).getByRole('cell', { name: '2, 3', exact: true }).waitFor();

  await stakeCoins({ client: carol, amount: parseNcr('12000') });
  await register(carol, '42');
  await map.getByRole('link', { name: /^Validator 4: active, 12,000 NCR/ }).waitFor();
  await page.getByText('4 active validators.').waitFor();
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

test('who wants to run one reads what it takes, and pays the stake of the process that joins', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const key = generatePrivateKey();
  const candidate = privateKeyToAccount(key);
  const list = page.getByTestId('candidate');
  await sendCoins({ client: await stack.client('curator'), to: candidate.address, amount: parseNcr('400') });
  await button('What it takes').click();
  const part = page.getByRole('region', { name: 'Run a validator' });
  await part.getByText('10,000 NCR', { exact: true }).first().waitFor();
  await part.getByText('4 of 64 taken').waitFor();
  await part.getByText(`--gateway ${stack.node.url}`).waitFor();
  await part.getByLabel('Account that the process named').fill('0x1234');
  await part.getByText('This is no address').waitFor();
  await part.getByLabel('Account that the process named').fill(candidate.address);
  await list.getByText('It has nothing to pay for gas').waitFor();
  await list.getByText('9,600 NCR are missing of its stake.').waitFor();
  await expectUsable(page, 'validators-join');
  expect(await axeViolations(page)).toEqual([]);

  await page.reload();
  await button('What it takes').click();
  expect(await part.getByLabel('Account that the process named').inputValue()).toBe(candidate.address);
  await connect('alice');
  await button('Send the missing 9,600 NCR').click();
  await page.getByRole('dialog').getByText('The process puts it at stake when it is started again.').waitFor();
  await sign('Sign and send');
  await list.getByText('It has the stake').waitFor();
  await button('Get play money for it').click();
  await list.getByText(/It has .* ETH for gas/).waitFor();
  await list.getByText('It has not registered').waitFor();
  // What its process does.
  const client = await createClient({ url: stack.node.url, account: candidate });
  await stakeCoins({ client, amount: least });
  await register(client, '43');
  await list.getByRole('link', { name: 'validator 5' }).click();
  await page.getByRole('heading', { level: 1, name: 'Validator 5' }).waitFor();
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('its own wallet puts more at stake and takes free stake out, and nothing typed is lost', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  const account = carol.account!.address;
  await page.goto(`${stack.node.url}/validators/4`);
  await connect('carol');
  const part = page.getByRole('region', { name: 'Your validator' });
  const out = part.getByLabel('Take out');
  await out.fill('2000.5');
  await part.getByText('At most 2000 NCR.').waitFor();
  await part.getByLabel('Put more at stake').fill('100');
  await page.reload();
  expect([await part.getByLabel('Put more at stake').inputValue(), await out.inputValue()]).toEqual(['100', '2000.5']);
  await button('Top up').click();
  await page.getByRole('dialog').getByText('what is slashed is filled up from it').waitFor();
  await sign('Sign and stake');
  expect(await readStake({ client: carol, account })).toMatchObject({ stake: parseNcr('12100'), free: parseNcr('2100') });
  await out.fill('50');
  await button('Unbond').click();
  await sign('Sign and unbond');
  expect(await readStake({ client: carol, account })).toMatchObject({ stake: parseNcr('12050'), unbonding: parseNcr('50') });
  expect(await out.inputValue()).toBe('');
  await expectUsable(page, 'validator-own');
  expect(await axeViolations(page)).toEqual([]);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('somebody else lends to it from coins, after a refused signature, and takes a part back', async () => {
  const { page, button, takeErrors } = browsing;
  const dialog = page.getByRole('dialog');
  await button(/^Wallet: carol/).click();
  await dialog.getByRole('button', { name: /^Test wallet/ }).click();
  await button('Wallet: Test wallet').waitFor();
  const part = page.getByRole('region', { name: 'Lend stake to it' });
  await part.getByLabel('Lend').fill('25');
  await button('Lend').click();
  await dialog.getByText('First the missing stake is put up').waitFor();
  bob.asked.splice(0);
  bob.refuses = true;
  await button('Sign and lend').click();
  await dialog.getByRole('alert').getByText('You refused this in your wallet.').waitFor();
  expect(bob.asked.splice(0)).toHaveLength(1);
  bob.refuses = false;
  await sign('Sign and lend');
  // The allowance, the stake, the loan.
  expect(bob.asked.splice(0).map(({ method }) => method)).toEqual(['eth_sendTransaction', 'eth_sendTransaction', 'eth_sendTransaction']);
  const loan = part.getByTestId('loan');
  await loan.getByText('25 NCR lent').waitFor();
  expect((await readValidatorStatus({ client: carol, who: 4 })).stake.delegated).toBe(parseNcr('25'));
  await loan.getByLabel('Take back').fill('10');
  await button('Take back').click();
  await sign('Sign and take back');
  await loan.getByText('10 NCR leaving').waitFor();
  expect((await readValidatorStatus({ client: carol, who: 4 })).stake.delegated).toBe(parseNcr('15'));
  await expectUsable(page, 'validator-lend');
  expect(await axeViolations(page)).toEqual([]);
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('it leaves, and nothing can be lent to it any more', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  await connect('carol');
  await button('Leave the validators').click();
  await page.getByRole('dialog').getByText('You are drawn no more').waitFor();
  await sign('Sign and leave');
  await page.getByText('It has left. Its process registers it again').waitFor();
  expect(await readStake({ client: carol, account: carol.account!.address })).toMatchObject({ locked: 0n, free: parseNcr('12050') });
  await connect('alice');
  await page.getByText('It is not active, so nothing can be lent to it.').waitFor();
  await page.goto(`${stack.node.url}/validators?lang=de`);
  await page.getByRole('button', { name: 'Was es braucht' }).click();
  await page.getByText('Seinen Prozess starten').waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);
