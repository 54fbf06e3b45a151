import { neuroCoinAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogsBack } from './logs.ts';

/** NCR that came to or left an account. `amount` in base units, `other` the zero address where it was minted or burnt; `at` in unix seconds. */
export type CoinTransfer = { direction: 'in' | 'out' | 'self'; other: Address; amount: bigint; transaction: Hex; block: number; index: number; at: number };

/** The newest transfers of NCR to or from an account, newest first, at most `limit`; `total` of those that were found, `complete` where that is all. */
export async function readTransfers(parameters: { client: NeuroClient; account: Address; limit?: number }): Promise<{ items: CoinTransfer[]; total: number; complete: boolean }> {
  const { client, account, limit = 25 } = parameters;
  const { publicClient } = client;
  const coin = { address: client.config.deployment.addresses.neuroCoin, abi: neuroCoinAbi, eventName: 'Transfer', strict: true } as const;
  try {
    const head = await publicClient.getBlockNumber({ cacheTime: 0 });
    const [sent, received] = await Promise.all([
      readLogsBack({ client, toBlock: head, read: (range) => publicClient.getContractEvents({ ...coin, ...range, args: { from: account } }) }),
      readLogsBack({ client, toBlock: head, read: (range) => publicClient.getContractEvents({ ...coin, ...range, args: { to: account } }) }),
    ]);
    const same = (a: Address, b: Address): boolean => a.toLowerCase() === b.toLowerCase();
    const own = received.logs.filter(({ args }) => !same(args.from, account));
    const newest = [...sent.logs, ...own].sort((a, b) => Number(b.blockNumber - a.blockNumber) || b.logIndex - a.logIndex);
    const shown = newest.slice(0, limit);
    const times = await timesOf(client, shown.map(({ blockNumber }) => blockNumber));
    const items = shown.map(({ args, blockNumber, logIndex, transactionHash }): CoinTransfer => {
      const direction = same(args.from, args.to) ? 'self' : same(args.from, account) ? 'out' : 'in';
      return { direction, other: direction === 'in' ? args.from : args.to, amount: args.value, transaction: transactionHash, block: Number(blockNumber), index: logIndex, at: times.get(blockNumber) ?? 0 };
    });
    return { items, total: newest.length, complete: sent.complete && received.complete };
  } catch (error) {
    throw toNeuroError(error);
  }
}

async function timesOf(client: NeuroClient, blocks: bigint[]): Promise<Map<bigint, number>> {
  const read = async (blockNumber: bigint): Promise<[bigint, number]> => [blockNumber, Number((await client.publicClient.getBlock({ blockNumber })).timestamp)];
  return new Map(await Promise.all([...new Set(blocks)].map(read)));
}
