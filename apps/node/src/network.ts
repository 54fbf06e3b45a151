import { neuroCoinAbi, stakingAbi } from '@neurodata/protocol';
import type { Addresses } from '@neurodata/protocol';
import { parseUnits } from 'viem';
import type { Address, Hex, PublicClient } from 'viem';

type ChainAccount = { address: Address; privateKey: Hex };

/** Who is who on the embedded chain; demo people come last so that more validators never change their addresses. */
export type Cast = {
  deployer: ChainAccount;
  people: { name: string; role: string; account: ChainAccount }[];
  validators: ChainAccount[];
  workers: ChainAccount[];
};

const people = [
  { name: 'publisher', role: 'Publishes and sells datasets' },
  { name: 'alice', role: 'Buys datasets' },
  { name: 'bob', role: 'Trains on data that he never sees' },
  { name: 'carol', role: 'Buys models and predicts' },
  { name: 'curator', role: 'Reviews assets, and can suspend them' },
];

/** How many chain accounts a cast needs. */
export function castSize(parameters: { validators: number; workers: number }): number {
  return 1 + people.length + parameters.validators + parameters.workers;
}

export function chooseCast(accounts: ChainAccount[], parameters: { validators: number; workers: number }): Cast {
  const taken = accounts.values();
  const take = (): ChainAccount => {
    const next = taken.next();
    if (next.done) throw new Error('the embedded chain has too few accounts');
    return next.value;
  };
  return {
    deployer: take(),
    people: people.map((person) => ({ ...person, account: take() })),
    validators: Array.from({ length: parameters.validators }, take),
    workers: Array.from({ length: parameters.workers }, take),
  };
}

const playMoney = parseUnits('10000', 18);
const workingCapital = parseUnits('50000', 18);
const rewardPool = parseUnits('1000000', 18);

type Send = (call: { address: Address; abi: typeof neuroCoinAbi | typeof stakingAbi; functionName: string; args: unknown[] }) => Promise<unknown>;

/**
 * Hands out the embedded chain's NCR: play money to people, working capital to validators and workers, the staking
 * reward pool. Looks at balances first, so that a start after a kill in the middle pays nobody twice.
 */
export async function fundCast(parameters: { cast: Cast; addresses: Addresses; publicClient: PublicClient; send: Send }): Promise<void> {
  const { cast, addresses, publicClient, send } = parameters;
  const coin = { address: addresses.neuroCoin, abi: neuroCoinAbi } as const;
  const staking = { address: addresses.staking, abi: stakingAbi } as const;
  const pay = async (to: Address, amount: bigint): Promise<void> => {
    const [balance, staked] = await Promise.all([
      publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [to] }),
      publicClient.readContract({ ...staking, functionName: 'stakeOf', args: [to] }),
    ]);
    const nonce = await publicClient.getTransactionCount({ address: to });
    if (balance + staked === 0n && nonce === 0) await send({ ...coin, functionName: 'transfer', args: [to, amount] });
  };
  await Promise.all([
    ...cast.people.map(({ account }) => pay(account.address, playMoney)),
    ...[...cast.validators, ...cast.workers].map(({ address }) => pay(address, workingCapital)),
  ]);
  const pool = await publicClient.readContract({ ...coin, functionName: 'balanceOf', args: [addresses.staking] });
  if (pool === 0n) {
    await send({ ...coin, functionName: 'approve', args: [addresses.staking, rewardPool] });
    await send({ ...staking, functionName: 'fundPool', args: [rewardPool] });
  }
}
