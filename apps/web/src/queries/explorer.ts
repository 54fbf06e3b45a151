import { type Addresses, NeuroError } from '@neurodata/protocol';
import type { BlockFacts, BlockSummary, Check, ContractFacts, DecodedCall, TransactionFacts } from '@neurodata/sdk';
import { type UseMutationOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Address, Hex } from 'viem';
import { api } from '../client/api.ts';
import { connect, loadVerbs } from '../client/connect.ts';
import type { Searched } from '../components/explorer/searched.ts';
import { t } from '../language/t.ts';

/** Blocks up to `to`, newest first; the newest ones of all are read again every few seconds. */
export const blocksQuery = (to: number | undefined, limit: number) =>
  queryOptions<BlockSummary[]>({
    queryKey: ['blocks', to, limit],
    queryFn: async () => {
      const [client, { readBlocks }] = await Promise.all([connect(), loadVerbs()]);
      return readBlocks({ client, limit, ...(to === undefined ? {} : { to }) });
    },
    placeholderData: keepPreviousData,
    ...(to === undefined ? { refetchInterval: 3_000 } : {}),
  });

const missing = (failures: number, error: unknown): boolean => failures < 2 && !(error instanceof NeuroError && error.code === 'NOT_FOUND');

export const blockQuery = (block: number) =>
  queryOptions<BlockFacts>({
    queryKey: ['block', block],
    queryFn: async () => {
      const [client, { readBlock }] = await Promise.all([connect(), loadVerbs()]);
      return readBlock({ client, block });
    },
    retry: missing,
  });

/** What a call does, in a sentence and by its arguments' names. */
export const callQuery = ({ target, value, data }: { target: Address; value: bigint; data: Hex }) =>
  queryOptions<DecodedCall>({
    queryKey: ['call', target, value.toString(), data],
    queryFn: async () => {
      const [{ config }, { decodeCall }] = await Promise.all([connect(), loadVerbs()]);
      return decodeCall(config, { to: target, input: data, value });
    },
    staleTime: Infinity,
  });

/** A transaction is read again until it is in a block. */
export const transactionQuery = (hash: Hex) =>
  queryOptions<TransactionFacts>({
    queryKey: ['transaction', hash],
    queryFn: async () => {
      const [client, { readTransaction }] = await Promise.all([connect(), loadVerbs()]);
      return readTransaction({ client, hash });
    },
    retry: missing,
    refetchInterval: ({ state }) => (state.data && !state.data.mined ? 2_000 : false),
  });

export const contractQuery = (name: keyof Addresses) =>
  queryOptions<ContractFacts>({
    queryKey: ['contract', name],
    queryFn: async () => {
      const [client, { readContractFacts }] = await Promise.all([connect(), loadVerbs()]);
      return readContractFacts({ client, name });
    },
    refetchInterval: 10_000,
  });

/** Hashes a block's header in this browser. */
export const checkBlockMutation = (): UseMutationOptions<Check[], Error, number> => ({
  mutationFn: async (block) => {
    const [client, { checkBlock }] = await Promise.all([connect(), loadVerbs()]);
    return checkBlock({ client, block });
  },
});

const found = async <T>(read: Promise<T>): Promise<T | undefined> => read.catch((error: unknown) => {
  if (error instanceof NeuroError && error.code === 'NOT_FOUND') return undefined;
  throw error;
});

/** The page of what was looked for. A hash is tried as an id, as a transaction's and as a block's. Throws `NOT_FOUND`. */
export async function pageOf(searched: Exclude<Searched, { kind: 'nothing' }>): Promise<string> {
  if (searched.kind === 'block') return `/explorer/block/${searched.number}`;
  if (searched.kind === 'contract') return `/explorer/contract/${searched.name}`;
  if (searched.kind === 'account') return `/explorer/account/${searched.address}`;
  const { hash } = searched;
  if (hash.startsWith('0x01') && (await found(api.getOrder({ orderId: hash })))) return `/orders/${hash}`;
  if (hash.startsWith('0x02') && (await found(api.getJob({ jobId: hash })))) return `/runs/${hash}`;
  const [client, { readBlock, readTransaction }] = await Promise.all([connect(), loadVerbs()]);
  if (await found(readTransaction({ client, hash }))) return `/explorer/tx/${hash}`;
  const block = await found(readBlock({ client, block: hash }));
  if (block) return `/explorer/block/${block.number}`;
  throw new NeuroError(t`No transaction, block, order or run of this chain has that name.`, { code: 'NOT_FOUND', remedy: t`Check the digits; what was just sent may need a moment.` });
}
