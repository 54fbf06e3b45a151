import { liquidityMiningAbi, neuroVotesAbi, parseNcr } from '@neurodata/protocol';
import { type NeuroClient, approveCoin, claimLiquidity, exitLiquidity, fundLiquidity, fundStakePool, poll, readLiquidity, readStake, readToken, stakeCoins, stakeLiquidity, unstakeLiquidity, wrapVotes } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallStack, startSmallStack } from './smallStack.ts';

let stack: SmallStack;
let deployer: NeuroClient;
let alice: NeuroClient;

beforeAll(async () => {
  stack = await startSmallStack();
  [deployer, alice] = await Promise.all([stack.connect(stack.cast.deployer.privateKey), stack.connect(stack.cast.people[1]!.account.privateKey)]);
});
afterAll(() => stack.stop());

test('liquidity tokens earn what was funded and scheduled, and come back in both ways', async () => {
  // Any ERC-20 but NCR will do for a liquidity token: here the wrapped votes.
  const { neuroVotes: token, liquidityMining } = alice.config.deployment.addresses;
  const account = alice.account!.address;
  await wrapVotes({ client: alice, amount: parseNcr('100'), delegatee: null });
  expect(await readToken({ client: alice, token })).toEqual({ token, symbol: 'vNCR', decimals: 18, name: 'vNCR' });
  await expect(readToken({ client: alice, token: account })).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(stakeLiquidity({ client: alice, token, amount: parseNcr('60') })).rejects.toThrow(/no rewards for that token/);
  expect(await readLiquidity({ client: alice, account })).toEqual({ reserve: 0n, pools: [] });

  await fundLiquidity({ client: deployer, amount: parseNcr('3600') });
  await deployer.send({ address: liquidityMining, abi: liquidityMiningAbi, functionName: 'schedule', args: [token, parseNcr('3000'), 3_000], sentence: 'Schedule a pool' });
  await stakeLiquidity({ client: alice, token, amount: parseNcr('60') });
  const { reserve, pools } = await readLiquidity({ client: alice, account });
  expect({ reserve, staked: pools[0]?.staked, mine: pools[0]?.mine, token: pools[0]?.token }).toEqual({ reserve: parseNcr('600'), staked: parseNcr('60'), mine: parseNcr('60'), token });
  await unstakeLiquidity({ client: alice, token, amount: parseNcr('20') });
  const pending = async (): Promise<bigint> => (await readLiquidity({ client: alice, account })).pools[0]!.pending;
  await poll({ what: 'a second to pass on chain', remedy: 'Look at the chain.', timeoutMs: 30_000, intervalMs: 300, ask: async () => ((await pending()) > 0n ? true : undefined) });
  const { logs } = await claimLiquidity({ client: alice, token });
  const paid = logs.find(({ eventName }) => eventName === 'LiquidityRewardPaid')?.args['amount'];
  expect(paid).toBeTypeOf('bigint');
  expect(paid as bigint).toBeGreaterThan(0n);
  await exitLiquidity({ client: alice, token });
  expect((await readLiquidity({ client: alice, account })).pools).toMatchObject([{ staked: 0n, mine: 0n, pending: 0n }]);
  expect(await alice.publicClient.readContract({ address: token, abi: neuroVotesAbi, functionName: 'balanceOf', args: [account] })).toBe(parseNcr('100'));
});

test('anybody may fund the pool that rewards stake', async () => {
  await stakeCoins({ client: alice, amount: parseNcr('10') });
  await fundStakePool({ client: alice, amount: parseNcr('5') });
  expect(await approveCoin({ client: alice, spender: alice.config.deployment.addresses.staking, amount: 0n })).toBeUndefined();
  expect(await readStake({ client: alice, account: alice.account!.address })).toMatchObject({ stake: parseNcr('10') });
});
