import { queryOptions } from '@tanstack/react-query';
import type { Address } from 'viem';
import { browserIdentities } from '../client/identities.ts';

/** The keys that this browser keeps for an account, newest first, without their secrets. */
export const identitiesQuery = (account: Address) =>
  queryOptions({ queryKey: ['identities', account], queryFn: async () => (await browserIdentities(account).list()).sort((a, b) => b.createdAt - a.createdAt) });
