import { NCR_DECIMALS } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { configQuery } from '../queries/chain.ts';
import { tokenQuery } from '../queries/tokens.ts';
import { shorten } from './Copy.tsx';

export type TokenUnit = { decimals: number; unit: string };

/** In what amounts of a token (null: NCR) are typed; undefined until the token has told, and where it tells nothing. */
export function useTokenUnit(token: Address | null): TokenUnit | undefined {
  const { data: config } = useQuery(configQuery());
  const isNcr = token === null || token.toLowerCase() === config?.deployment.addresses.neuroCoin.toLowerCase();
  const { data: facts } = useQuery({ ...tokenQuery(token ?? '0x'), enabled: !isNcr && config !== undefined });
  if (isNcr) return { decimals: NCR_DECIMALS, unit: 'NCR' };
  return facts && { decimals: facts.decimals, unit: facts.name === facts.token ? shorten(facts.token) : facts.name };
}
