import { NeuroError } from '@neurodata/protocol';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

type Read<T> = (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>;

/**
 * Reads logs from the deployment's block to the head. Where the RPC refuses the range or the size of the answer, the
 * range is halved until it passes: an error never becomes an empty list.
 */
export async function readLogs<T>(client: ChainReader, read: Read<T>): Promise<T[]> {
  const head = await client.publicClient.getBlockNumber({ cacheTime: 0 }).catch((error: unknown) => { throw toNeuroError(error); });
  return readLogsUpTo(client, head, read);
}

/** The same, up to a block. */
export async function readLogsUpTo<T>(client: ChainReader, last: bigint, read: Read<T>): Promise<T[]> {
  const halved = async (fromBlock: bigint, toBlock: bigint): Promise<T[]> => {
    try {
      return await read({ fromBlock, toBlock });
    } catch (error) {
      if (toBlock - fromBlock < 500n) throw toNeuroError(error);
      const middle = (fromBlock + toBlock) / 2n;
      return [...(await halved(fromBlock, middle)), ...(await halved(middle + 1n, toBlock))];
    }
  };
  return halved(BigInt(client.config.deployment.block), last);
}

/** The only log that matters, or `NOT_FOUND` naming what is missing. */
export function lastLog<T>(logs: T[], what: string): T {
  const log = logs.at(-1);
  if (log === undefined) throw new NeuroError(`${what} is not on the chain.`, { code: 'NOT_FOUND', remedy: 'Check the number, and that the node serves the right chain.' });
  return log;
}

/** Enough for two million blocks where an RPC gives 5,000 at a time. */
const MOST_REQUESTS = 400;

/**
 * Reads logs from a block backwards to the deployment, in ranges as wide as the RPC allows; gives up after 400 requests,
 * with what it has. `fromBlock` is the first block that was looked at, `requests` how many ranges that took. An error never
 * becomes an empty list.
 */
export async function readLogsBack<T>(parameters: {
  client: ChainReader; toBlock: bigint; read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>;
}): Promise<{ logs: T[]; fromBlock: bigint; complete: boolean; requests: number }> {
  const { client, toBlock, read } = parameters;
  const first = BigInt(client.config.deployment.block);
  const pieces: T[][] = [];
  let width = toBlock - first + 1n;
  let next = toBlock;
  let requests = 0;
  for (; next >= first && requests < MOST_REQUESTS; requests += 1) {
    const low = next - width + 1n > first ? next - width + 1n : first;
    try {
      pieces.push(await read({ fromBlock: low, toBlock: next }));
      next = low - 1n;
    } catch (error) {
      if (width <= 500n) throw toNeuroError(error);
      width /= 2n;
    }
  }
  return { logs: pieces.toReversed().flat(), fromBlock: next + 1n, complete: next < first, requests };
}
