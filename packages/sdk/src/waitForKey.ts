import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { poll } from './poll.ts';
import { readSubscription } from './readSubscription.ts';
import { readVersion } from './readVersion.ts';

/** Waits until enough validators have answered the newest request of a subscription; returns its version. Throws `TIMEOUT`. */
export async function waitForKey(parameters: {
  client: NeuroClient; subscriptionId: Hex; timeoutMs?: number; onProgress?: (progress: { grants: number; threshold: number }) => void; signal?: AbortSignal;
}): Promise<number> {
  const { client, subscriptionId, timeoutMs = 180_000, onProgress, signal } = parameters;
  const { assetId, request: { version } } = await readSubscription({ client, subscriptionId });
  const { threshold } = await readVersion({ client, assetId, version });
  return poll({
    timeoutMs, ...(signal ? { signal } : {}), what: `The key for subscription ${subscriptionId}`, remedy: 'Ask for it again, or cancel once the grant window is over.',
    ask: async () => {
      const { request: { grants } } = await readSubscription({ client, subscriptionId });
      onProgress?.({ grants, threshold });
      return grants >= threshold ? version : undefined;
    },
  });
}
