import type { Network } from '@neurodata/protocol';
import type { ValidatorCandidate, ValidatorStatus, ValidatorTerms } from '@neurodata/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import { useSigned } from './mutations.ts';

/** A validator's duties and last rounds, from the chain: the node's rows are not asked. */
export const validatorStatusQuery = (validatorId: number, rounds: number) =>
  queryOptions<ValidatorStatus>({
    queryKey: ['validator-status', validatorId, rounds],
    queryFn: async () => {
      const [client, { readValidatorStatus }] = await Promise.all([connect(), loadVerbs()]);
      return readValidatorStatus({ client, who: validatorId, rounds });
    },
    placeholderData: keepPreviousData,
    // Where the RPC gives few blocks at a time, asking again costs as many requests.
    refetchInterval: ({ state }) => ((state.data?.requests ?? 0) > 4 ? 300_000 : 15_000),
  });

/** Who shares in which round and which key. Read again whenever a round or an asset changes. */
export const networkQuery = () => queryOptions<Network>({ queryKey: ['network'], queryFn: ({ signal }) => api.getNetwork(undefined, { signal }) });

/** What being a validator takes, earns and can cost, from the chain. */
export const validatorTermsQuery = () =>
  queryOptions<ValidatorTerms>({
    queryKey: ['validators', 'terms'],
    queryFn: async () => {
      const [client, { readValidatorTerms }] = await Promise.all([connect(), loadVerbs()]);
      return readValidatorTerms({ client });
    },
  });

/** What an account lacks to be a validator, from the chain. Its node may register it at any time. */
export const candidateQuery = (account: Address | undefined) =>
  queryOptions<ValidatorCandidate>({
    queryKey: ['account', account, 'candidate'],
    queryFn: async () => {
      const [client, { readValidatorCandidate }] = await Promise.all([connect(), loadVerbs()]);
      return readValidatorCandidate({ client, account: account ?? '0x' });
    },
    enabled: account !== undefined,
    refetchInterval: 5_000,
  });

export const useLeaveValidatorsMutation = () => useSigned(({ leaveRole }, client) => leaveRole({ client, role: 'validator' }));

/** Puts at stake what is missing of the free stake, read anew, and lends it. */
export const useLendMutation = () => useSigned(async ({ delegateStake, readStake, stakeCoins }, client, { account, validator, amount }: { account: Address; validator: Address; amount: bigint }) => {
  const { free } = await readStake({ client, account });
  if (amount > free) await stakeCoins({ client, amount: amount - free });
  return delegateStake({ client, validator, amount });
});
