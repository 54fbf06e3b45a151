import { parseNcr } from '@neurodata/protocol';
import { type NeuroClient, fundLiquidity, readCoin, readLiquidity, readStake, sendCoins } from '@neurodata/sdk';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import { decide } from './decide.ts';
import { injectWallet } from './injectWallet.ts';

/** The token page with an own wallet: without gas, then stake that is lent, votes that somebody else casts, and the way out of a pool when nothing else works. */

const minute = 60_000;
const account = privateKeyToAccount(generatePrivateKey());
let browsing: Browsing;
let alice: NeuroClient;
let pool: `0x${string}`;

beforeAll(async () => {
  browsing = await startBrowsing();
  const { stack, page } = browsing;
  alice = await stack.client('alice');
  pool = alice.config.deployment.addresses.neuroVotes;
  // Coins, but nothing to pay for gas with.
  await sendCoins({ client: alice, to: account.address, amount: parseNcr('500') });
  await fundLiquidity({ client: await stack.client('bob'), amount: parseNcr('400') });
  await decide(stack, [{ contract: 'liquidityMining', functionName: 'schedule', args: [pool, parseNcr('300'), 3_000] }], 'Reward a pool');
  const { chainId } = alice.config.deployment;
  const wallet = await injectWallet({ page, account, chainId, name: 'Test wallet' });
  wallet.known.set(chainId, `${stack.node.url}/rpc`);
  await page.goto(`${stack.node.url}/token`);
  await browsing.button('Choose a wallet').first().click();
  await page.getByRole('dialog').getByRole('button', { name: /^Test wallet/ }).click();
  await browsing.button('Wallet: Test wallet').waitFor();
}, 6 * minute);

afterAll(() => browsing?.stop());

const region = (name: string) => browsing.page.getByRole('region', { name });
const stake = () => readStake({ client: alice, account: account.address });
const coin = () => readCoin({ client: alice, account: account.address });
const liquidity = async () => {
  const { reserve, pools } = await readLiquidity({ client: alice, account: account.address });
  return { reserve, ...pools.find(({ token }) => token === pool)! };
};

/** Signs in the open dialog and closes it once it is through. */
async function sign(name: string): Promise<void> {
  const dialog = browsing.page.getByRole('dialog');
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.getByRole('status').getByRole('link').waitFor();
  await dialog.getByText('Close', { exact: true }).click();
}

test('an account without gas is told so, and one button gives it some', async () => {
  const { page, takeErrors, shot } = browsing;
  const dialog = page.getByRole('dialog');
  const staking = region('Staking');
  await staking.getByLabel('Put at stake').fill('100');
  await staking.getByRole('button', { name: 'Stake', exact: true }).click();
  await dialog.getByRole('button', { name: 'Sign and stake' }).click();
  await dialog.getByRole('alert').getByText('The account cannot pay for the gas of this transaction.').waitFor();
  await dialog.getByText("Send it some of the chain's native coin first.").waitFor();
  await shot('token-no-gas');
  expect(await stake()).toMatchObject({ stake: 0n });
  await dialog.getByRole('button', { name: 'Get play money' }).click();
  await dialog.getByText('Test wallet has play money now, and coin for gas. Try again.').waitFor();
  await sign('Sign and stake');
  expect(await stake()).toMatchObject({ stake: parseNcr('100') });
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('stake is lent to a validator, and a part of it taken back', async () => {
  const { takeErrors } = browsing;
  const staking = region('Staking');
  await staking.getByLabel('Lend', { exact: true }).fill('40');
  await staking.getByRole('button', { name: 'Lend', exact: true }).click();
  await sign('Sign and lend');
  expect(await stake()).toMatchObject({ stake: parseNcr('60') });
  await staking.getByText('40 NCR lent, earned').waitFor();
  await staking.getByLabel('Take back', { exact: true }).fill('15');
  await staking.getByRole('button', { name: 'Take back', exact: true }).click();
  await sign('Sign and take back');
  await staking.getByText('25 NCR lent, earned').waitFor();
  await staking.getByText(/^15 NCR leaving, ready in/).waitFor();
  expect(await staking.getByRole('button', { name: 'Collect what came back' }).isDisabled()).toBe(true);
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('coins become votes, somebody else casts them, and they turn back', async () => {
  const { page, button, takeErrors } = browsing;
  const bob = (await browsing.stack.client('bob')).account!.address;
  await page.getByLabel('Turn coins into votes').fill('80');
  await button('Wrap').click();
  await sign('Sign and wrap');
  expect(await coin()).toMatchObject({ wrapped: parseNcr('80'), weight: parseNcr('80'), delegatee: account.address });
  await page.getByLabel('Who casts your votes').fill('bob');
  await button('Delegate').click();
  await sign('Sign and delegate');
  expect(await coin()).toMatchObject({ weight: 0n, delegatee: bob });
  await page.getByLabel('Turn votes into coins').fill('20');
  await button('Unwrap').click();
  await sign('Sign and unwrap');
  expect(await coin()).toMatchObject({ wrapped: parseNcr('60'), delegatee: bob });
  expect(takeErrors()).toEqual([]);
}, 2 * minute);

test('the emergency exit of a pool gives all tokens back and gives the rewards up', async () => {
  const { button, takeErrors, shot } = browsing;
  const mining = region('Liquidity mining');
  await mining.getByLabel(/^Stake /).fill('60');
  await mining.getByRole('button', { name: 'Stake', exact: true }).click();
  await sign('Sign and stake');
  expect(await liquidity()).toMatchObject({ mine: parseNcr('60'), staked: parseNcr('60') });
  await browsing.stack.node.chain.mine({ secondsLater: 600 });
  // What was earned is counted by this; only that goes back to the reserve.
  await mining.getByLabel('Take back').fill('10');
  await mining.getByRole('button', { name: 'Unstake' }).click();
  await sign('Sign and take back');
  const before = await liquidity();
  expect(before.pending).toBeGreaterThan(0n);
  await mining.getByText('If taking back fails').click();
  await button('Leave without rewards').click();
  await browsing.page.getByRole('dialog').getByText('the rewards you did not collect go back to the reserve').waitFor();
  await shot('token-exit');
  const held = (await coin()).balance;
  await sign('Sign and leave');
  const after = await liquidity();
  expect(after).toMatchObject({ mine: 0n, staked: 0n, pending: 0n });
  expect(after.reserve).toBeGreaterThan(before.reserve);
  expect(await coin()).toMatchObject({ wrapped: parseNcr('60'), balance: held });
  await mining.getByText('If taking back fails').waitFor({ state: 'detached' });
  expect(takeErrors()).toEqual([]);
}, 2 * minute);
