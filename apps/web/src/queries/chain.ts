import type { AccountDto, Config, DemoAccount, Readiness, Stats, ValidatorDto, WorkerDto } from '@neurodata/protocol';
import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect } from '../client/connect.ts';

/** Chain, contracts, windows and fees: fixed while the node runs. */
export const configQuery = () => queryOptions<Config>({ queryKey: ['config'], queryFn: ({ signal }) => api.getConfig(undefined, { signal }), staleTime: Infinity });

/** Demo wallets; empty on a chain with real money. */
export const demoAccountsQuery = () =>
  queryOptions<DemoAccount[]>({ queryKey: ['demo-accounts'], queryFn: async ({ signal }) => (await api.listDemoAccounts(undefined, { signal })).items, staleTime: Infinity });

export const statsQuery = () => queryOptions<Stats>({ queryKey: ['stats'], queryFn: ({ signal }) => api.getStats(undefined, { signal }), refetchInterval: 30_000 });

export const readinessQuery = () =>
  queryOptions<Readiness>({ queryKey: ['readiness'], queryFn: ({ signal }) => api.getReadiness(undefined, { signal }), refetchInterval: 15_000, retry: false });

export const validatorsQuery = () => queryOptions<ValidatorDto[]>({ queryKey: ['validators'], queryFn: async ({ signal }) => (await api.listValidators(undefined, { signal })).items });

export const workersQuery = () => queryOptions<WorkerDto[]>({ queryKey: ['workers'], queryFn: async ({ signal }) => (await api.listWorkers(undefined, { signal })).items });

export const accountQuery = (address: Address | undefined) =>
  queryOptions<AccountDto>({
    queryKey: ['account', address],
    queryFn: ({ signal }) => api.getAccount({ address: address ?? '0x' }, { signal }),
    enabled: address !== undefined,
  });

/** Price of gas in wei, from the chain. */
export const gasPriceQuery = () =>
  queryOptions<bigint>({ queryKey: ['gas-price'], queryFn: async () => (await connect()).publicClient.getGasPrice(), staleTime: 15_000 });
