import { parseNcr } from '@neurodata/protocol';
import { readCoin, readStake } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';

/** Coins and the chain by mouse: sent, staked, unbonded, turned into votes, burnt; every transaction then read in the explorer. */

const minute = 60_000;
let browsing: Browsing;
let alice: NeuroClient;
let bob: NeuroClient;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { seed: true } });
  [alice, bob] = await Promise.all([browsing.stack.client('alice'), browsing.stack.client('bob')]);
}, 4 * minute);

afterAll(() => browsing?.stop());

const coin = (client: NeuroClient) => readCoin({ client, account: client.account!.address });
const stake = () => readStake({ client: alice, account: alice.account!.address });

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<string> {
  const { page, button } = browsing;
  await button(name).click();
  const link = page.getByRole('dialog').getByRole('status').getByRole('link');
  const href = (await link.getAttribute('href')) ?? '';
  await page.getByRole('dialog').getByText('Close', { exact: true }).click();
  return href;
}

test('what is wrong with an amount or a recipient stands beside it, and survives a reload', async () => {
  const { stack, page, button, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/token`);
  await connect('alice');
  const send = page.getByRole('region', { name: 'Send' });
  await send.getByLabel('Amount').fill('12.5.1');
  await send.getByText('Write it like 25 or 0.5.').waitFor();
  await send.getByLabel('To', { exact: true }).fill(stack.node.url);
  await send.getByText('neither an address nor the name').waitFor();
  await send.getByLabel('To', { exact: true }).fill(alice.config.deployment.addresses.market);
  await send.getByText('coins sent to it are lost').waitFor();
  await send.getByLabel('Amount').fill('999999999');
  await send.getByText('At most').waitFor();
  await page.reload();
  await send.getByText('coins sent to it are lost').waitFor();
  await send.getByText('At most').waitFor();
  await button('Send').click();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(takeErrors()).toEqual([]);
}, minute);

test('coins are sent, staked, unbonded, turned into votes and burnt', async () => {
  const { page, button, shots, takeErrors } = browsing;
  const before = { alice: await coin(alice), bob: await coin(bob) };
  const send = page.getByRole('region', { name: 'Send' });
  await send.getByLabel('To', { exact: true }).fill('bob');
  await send.getByLabel('Amount').fill('12.5');
  await shots('token');
  await button('Send').click();
  await page.getByRole('dialog').getByText('Nobody can bring it back.').waitFor();
  await shots('token-send');
  const sent = await sign('Sign and send');
  expect((await coin(bob)).balance - before.bob.balance).toBe(parseNcr('12.5'));
  await page.getByLabel('Put at stake').fill('100');
  await page.getByText(/earns about [\d.]+ NCR a year/).waitFor();
  await button('Stake').click();
  await sign('Sign and stake');
  await page.getByLabel('Take out').fill('40');
  await button('Unbond').click();
  await sign('Sign and unbond');
  expect(await stake()).toMatchObject({ stake: parseNcr('60'), unbonding: parseNcr('40') });
  await page.getByText(/ready in/).waitFor();
  expect(await button('Collect unbonded stake').isDisabled()).toBe(true);
  await page.getByLabel('Turn coins into votes').fill('10');
  await button('Wrap').click();
  await sign('Sign and wrap');
  await page.getByText('Burn', { exact: true }).first().click();
  await page.getByLabel('Amount to burn').fill('1');
  await button('Burn').click();
  await sign('Sign and burn');
  const after = await coin(alice);
  expect(after.wrapped).toBe(parseNcr('10'));
  expect(after.weight).toBe(parseNcr('10'));
  expect(before.alice.balance - after.balance).toBe(parseNcr('123.5'));
  expect(before.alice.supply - after.supply).toBe(parseNcr('1'));
  await page.getByRole('cell', { name: 'burnt' }).waitFor();
  await page.getByRole('cell', { name: '12.5 NCR' }).waitFor();
  await page.goto(`${browsing.stack.node.url}${sent}`);
  await page.getByRole('heading', { name: 'Send 12.5 NCR to bob' }).waitFor();
  await page.getByText('Coins moved').waitFor();
  await shots('explorer-transaction');
  expect(takeErrors()).toEqual([]);
}, 3 * minute);

test('stake is lent to a validator and taken back, and somebody else casts the votes', async () => {
  const { stack, page, button, shots, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/token`);
  const staking = page.getByRole('region', { name: 'Staking' });
  await staking.getByLabel('Lend', { exact: true }).fill('20');
  await button('Lend').click();
  await sign('Sign and lend');
  expect(await stake()).toMatchObject({ stake: parseNcr('40') });
  await staking.getByText(/lent, earned/).waitFor();
  await staking.getByLabel('Take back', { exact: true }).fill('5');
  await shots('token-lent');
  await button('Take back').click();
  await sign('Sign and take back');
  await staking.getByText(/leaving, ready in/).waitFor();
  await page.getByLabel('Who casts your votes').fill('bob');
  await button('Delegate').click();
  await sign('Sign and delegate');
  expect(await coin(alice)).toMatchObject({ delegatee: bob.account!.address, weight: 0n });
  await button('Cast them yourself').click();
  await sign('Sign and delegate');
  expect((await coin(alice)).weight).toBe(parseNcr('10'));
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('a number, a hash, an address and a name lead to their pages; a block is hashed in the browser', async () => {
  const { stack, page, button, shots, takeErrors } = browsing;
  const find = async (text: string): Promise<void> => {
    await page.getByLabel('Block, transaction, address, order or run').fill(text);
    await button('Find').click();
  };
  await page.goto(`${stack.node.url}/explorer`);
  await page.getByRole('region', { name: 'Blocks', exact: true }).first().getByRole('link').first().waitFor();
  await page.getByText('NeuroCoin', { exact: true }).waitFor();
  await shots('explorer');
  await find('0x12');
  await page.getByText('This has 2 digits after 0x.').waitFor();
  await find(`0x${'ab'.repeat(32)}`);
  await page.getByText('No transaction, block, order or run of this chain has that name.').waitFor();
  const block = await alice.publicClient.getBlock({ blockNumber: BigInt(alice.config.deployment.block) + 5n });
  await find(block.hash);
  await page.waitForURL(/\/explorer\/block\/\d+$/);
  await button('Verify this block here').click();
  await page.getByText("The header's fields hash to").waitFor();
  expect(await page.locator('[aria-label="What was checked"] > li').evaluateAll((items) => items.map((item) => item.getAttribute('data-status')))).toEqual(['passed', 'passed', 'not-checked', 'not-checked']);
  await shots('explorer-block');
  await page.goto(`${stack.node.url}/explorer`);
  await find(alice.config.deployment.addresses.staking);
  await page.getByRole('heading', { name: 'Staking', level: 1 }).waitFor();
  await page.getByText('Newest events').waitFor();
  await shots('explorer-contract');
  await page.goto(`${stack.node.url}/explorer`);
  await find(bob.account!.address);
  await page.waitForURL(/\/explorer\/account\/0x/);
  await page.getByRole('cell', { name: '12.5 NCR' }).waitFor();
  await page.goto(`${stack.node.url}/explorer/block/999999`);
  await page.getByText('There is no such block yet').waitFor();
  expect(takeErrors()).toEqual([]);
}, 2 * minute);
