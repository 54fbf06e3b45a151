import type { DelegationDto } from '@neurodata/protocol';
import type { CoinFacts, CoinTransfer, LiquidityPool, StakeFacts, StakeRewards } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

// Under `account`, so that whatever moves the account's money makes them stale.

/** Coins and votes of an account, from the chain. */
export const coinQuery = (account: Address) =>
  queryOptions<CoinFacts>({
    queryKey: ['account', account, 'coin'],
    queryFn: async () => {
      const [client, { readCoin }] = await Promise.all([connect(), loadVerbs()]);
      return readCoin({ client, account });
    },
  });

export type Staking = { stake: StakeFacts; rewards: StakeRewards };

/** An account's stake and what it earns, from the chain. Rewards grow by the second, so they are read again. */
export const stakingQuery = (account: Address) =>
  queryOptions<Staking>({
    queryKey: ['account', account, 'staking'],
    queryFn: async () => {
      const [client, { readStake, readStakeRewards }] = await Promise.all([connect(), loadVerbs()]);
      const [stake, rewards] = await Promise.all([readStake({ client, account }), readStakeRewards({ client, account })]);
      return { stake, rewards };
    },
    refetchInterval: 15_000,
  });

export const delegationsQuery = (account: Address) =>
  queryOptions<DelegationDto[]>({ queryKey: ['account', account, 'delegations'], queryFn: async ({ signal }) => (await api.listDelegations({ delegator: account, limit: 100 }, { signal })).items });

export const liquidityQuery = (account: Address) =>
  queryOptions<{ reserve: bigint; pools: LiquidityPool[] }>({
    queryKey: ['account', account, 'liquidity'],
    queryFn: async () => {
      const [client, { readLiquidity }] = await Promise.all([connect(), loadVerbs()]);
      return readLiquidity({ client, account });
    },
    refetchInterval: 15_000,
  });

/** The newest transfers of NCR to and from an account, from the coin's events. */
export const transfersQuery = (account: Address, limit: number) =>
  queryOptions<{ items: CoinTransfer[]; total: number; complete: boolean }>({
    queryKey: ['account', account, 'transfers', limit],
    queryFn: async () => {
      const [client, { readTransfers }] = await Promise.all([connect(), loadVerbs()]);
      return readTransfers({ client, account, limit });
    },
    placeholderData: (before) => before,
  });

export const useSendMutation = () => useSigned(({ sendCoins }, client, input: { to: Address; amount: bigint }) => sendCoins({ client, ...input }));
export const useBurnMutation = () => useSigned(({ burnCoins }, client, amount: bigint) => burnCoins({ client, amount }));
export const useStakeMutation = () => useSigned(({ stakeCoins }, client, amount: bigint) => stakeCoins({ client, amount }));
export const useUnbondMutation = () => useSigned(({ unbond }, client, amount: bigint) => unbond({ client, amount }));
export const useWithdrawStakeMutation = () => useSigned(({ withdrawStake }, client) => withdrawStake({ client }));
export const useClaimRewardsMutation = () => useSigned(({ claimStakeRewards }, client) => claimStakeRewards({ client }));
export const useWrapMutation = () => useSigned(({ wrapVotes }, client, { amount, keepDelegate }: { amount: bigint; /** Who casts them stays who it is. */ keepDelegate: boolean }) => wrapVotes({ client, amount, ...(keepDelegate ? { delegatee: null } : {}) }));
export const useUnwrapMutation = () => useSigned(({ unwrapVotes }, client, amount: bigint) => unwrapVotes({ client, amount }));

export const useDelegateVotesMutation = () => useSigned(({ delegateVotes }, client, delegatee: Address) => delegateVotes({ client, delegatee }));

type Lent = { validator: Address; amount: bigint };
export const useDelegateStakeMutation = () => useSigned(({ delegateStake }, client, input: Lent) => delegateStake({ client, ...input }));
export const useUndelegateStakeMutation = () => useSigned(({ undelegateStake }, client, input: Lent) => undelegateStake({ client, ...input }));
export const useWithdrawDelegationMutation = () => useSigned(({ withdrawDelegation }, client, validator: Address) => withdrawDelegation({ client, validator }));
export const useClaimDelegationMutation = () => useSigned(({ claimDelegationRewards }, client, validator: Address) => claimDelegationRewards({ client, validator }));

type Pooled = { token: Address; amount: bigint };
export const useStakeLiquidityMutation = () => useSigned(({ stakeLiquidity }, client, input: Pooled) => stakeLiquidity({ client, ...input }));
export const useUnstakeLiquidityMutation = () => useSigned(({ unstakeLiquidity }, client, input: Pooled) => unstakeLiquidity({ client, ...input }));
export const useClaimLiquidityMutation = () => useSigned(({ claimLiquidity }, client, token: Address) => claimLiquidity({ client, token }));
export const useExitLiquidityMutation = () => useSigned(({ exitLiquidity }, client, token: Address) => exitLiquidity({ client, token }));
