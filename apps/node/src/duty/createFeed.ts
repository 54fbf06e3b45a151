import { BlockNotFoundError } from 'viem';
import type { PublicClient } from 'viem';

/** Blocks per `eth_getLogs`: far below what public RPC servers refuse. */
const CHUNK = 2_000n;
/** Read again where even a finalized block was replaced: a small chain's word for it is not worth more than its operator's. */
const DEEPEST_REORG = 128n;

export type BlockRange = { fromBlock: bigint; toBlock: bigint };

/** Events of one kind, in the order of the chain. The same event may come several times until its block is finalized. */
export type Feed<T> = { poll(): Promise<T[]> };

/**
 * Reads events up to the head, but moves its cursor only over finalized blocks: what a reorganisation replaces is read
 * again, up to 128 blocks below the last finalized one where that was replaced, too. Where a read fails the cursor stays and the
 * error goes to the caller.
 */
export function createFeed<T>(parameters: { publicClient: PublicClient; fromBlock: bigint; read: (range: BlockRange) => Promise<T[]> }): Feed<T> {
  const { publicClient, fromBlock, read } = parameters;
  let next = fromBlock;
  let seen: string | undefined;
  /** The newest block that is not read again. */
  let base: { number: bigint; hash: string } | undefined;
  return {
    poll: async () => {
      const [latest, finalized] = await Promise.all([publicClient.getBlock({ blockTag: 'latest' }), publicClient.getBlock({ blockTag: 'finalized' })]);
      if (latest.hash === seen && next > finalized.number) return [];
      if (base && (await hashAt(publicClient, base.number)) !== base.hash) {
        const back = base.number - DEEPEST_REORG;
        next = back > fromBlock ? back : fromBlock;
        base = undefined;
      }
      const items: T[] = [];
      for (let start = next; start <= latest.number; start += CHUNK) {
        const end = start + CHUNK - 1n;
        items.push(...(await read({ fromBlock: start, toBlock: end < latest.number ? end : latest.number })));
      }
      next = finalized.number + 1n > fromBlock ? finalized.number + 1n : fromBlock;
      base = { number: finalized.number, hash: finalized.hash };
      seen = latest.hash;
      return items;
    },
  };
}

/** Undefined where the chain has no such block (any more). */
async function hashAt(publicClient: PublicClient, blockNumber: bigint): Promise<string | undefined> {
  try {
    return (await publicClient.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return undefined;
    throw error;
  }
}
