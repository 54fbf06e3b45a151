import type { ValidatorStatus } from '@neurodata/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { connect, loadVerbs } from '../client/connect.ts';

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
