import type { PublicClient } from 'viem';

/** Blocks per `eth_getLogs`: far below what public RPC servers refuse. */
const CHUNK = 2_000n;

export type BlockRange = { fromBlock: bigint; toBlock: bigint };

/** Events of one kind, in the order of the chain. The same event may come several times until its block is finalized. */
export type Feed<T> = { poll(): Promise<T[]> };

/**
 * Reads events up to the head, but moves its cursor only over finalized blocks: what a reorganisation replaces is read
 * again. Where a read fails the cursor stays and the error goes to the caller.
 */
export function createFeed<T>(parameters: { publicClient: PublicClient; fromBlock: bigint; read: (range: BlockRange) => Promise<T[]> }): Feed<T> {
  const { publicClient, fromBlock, read } = parameters;
  let next = fromBlock;
  let seen: string | undefined;
  return {
    poll: async () => {
      const [latest, finalized] = await Promise.all([publicClient.getBlock({ blockTag: 'latest' }), publicClient.getBlock({ blockTag: 'finalized' })]);
      if (latest.hash === seen && next > finalized.number) return [];
      const items: T[] = [];
      for (let start = next; start <= latest.number; start += CHUNK) {
        const end = start + CHUNK - 1n;
        items.push(...(await read({ fromBlock: start, toBlock: end < latest.number ? end : latest.number })));
      }
      next = finalized.number + 1n > fromBlock ? finalized.number + 1n : fromBlock;
      seen = latest.hash;
      return items;
    },
  };
}
