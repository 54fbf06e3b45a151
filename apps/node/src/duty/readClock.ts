import type { NeuroClient } from '@neurodata/sdk';

type Head = { hash: unknown; timestamp: bigint };

const seen = new WeakMap<NeuroClient, { hash: unknown; at: number }>();

/**
 * The chain's time in Unix seconds: that of its newest block, and what has passed here since this process first saw it. The machine's own clock has
 * no say, since it may be set wrong: whoever went by it would give up rounds that are still open.
 */
export async function readClock(client: NeuroClient): Promise<number> {
  return clockAt(client, await client.publicClient.getBlock({ blockTag: 'latest' }));
}

/** The same, for a head that was just read. */
export function clockAt(client: NeuroClient, head: Head): number {
  let known = seen.get(client);
  if (known?.hash !== head.hash) seen.set(client, known = { hash: head.hash, at: performance.now() });
  return Number(head.timestamp) + (performance.now() - known!.at) / 1_000;
}
