import type { NeuroClient } from '@neurodata/sdk';

/** The chain's time in Unix seconds. Between blocks only our own clock moves. */
export async function readClock(client: NeuroClient): Promise<number> {
  const { timestamp } = await client.publicClient.getBlock({ blockTag: 'latest' });
  return Math.max(Number(timestamp), Date.now() / 1_000);
}
