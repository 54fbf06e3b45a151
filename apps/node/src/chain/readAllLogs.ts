import type { ChainClients } from './createChainClients.ts';

/**
 * Reads logs from a block to the head. Where the RPC refuses the range or the size of the answer, the range is halved
 * until it passes; an error over a small range is thrown, never taken for an empty list.
 */
export async function readAllLogs<T>(parameters: { clients: ChainClients; fromBlock: bigint; read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]> }): Promise<T[]> {
  const { clients, fromBlock, read } = parameters;
  const halved = async (from: bigint, to: bigint): Promise<T[]> => {
    try {
      return await read({ fromBlock: from, toBlock: to });
    } catch (error) {
      if (to - from < 500n) throw error;
      const middle = (from + to) / 2n;
      return [...(await halved(from, middle)), ...(await halved(middle + 1n, to))];
    }
  };
  return halved(fromBlock, await clients.publicClient.getBlockNumber({ cacheTime: 0 }));
}
