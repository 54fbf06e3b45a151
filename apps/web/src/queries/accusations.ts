import type { Accusation } from '@neurodata/sdk';
import { queryOptions } from '@tanstack/react-query';
import type { Hex } from 'viem';
import { connect, loadVerbs, type Signer } from '../client/connect.ts';

/** What was said of the shares that an order or a subscription was granted, from the chain. */
export const accusationsQuery = (proofId: Hex) =>
  queryOptions<Accusation[]>({
    queryKey: ['accusations', proofId],
    queryFn: async () => {
      const [client, { readAccusations }] = await Promise.all([connect(), loadVerbs()]);
      return readAccusations({ client, proofId });
    },
  });

/** The validators that granted an order false shares, found with the identity that this browser keeps for it. */
export const falseGrantsQuery = (wallet: Signer | undefined, proofId: Hex) =>
  queryOptions<number[]>({
    queryKey: ['false-grants', wallet?.address, proofId],
    queryFn: async () => {
      const [client, { findFalseGrants }] = await Promise.all([connect(wallet), loadVerbs()]);
      return (await findFalseGrants({ client, proofId })).map(({ grant }) => grant.validatorId);
    },
    // What is on chain stays as false as it is.
    staleTime: Infinity,
  });
