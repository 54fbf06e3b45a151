import { NeuroError, type OrderState, assetRegistryAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { poll } from './poll.ts';
import { readGrants, readOrder, readOrderState } from './readOrder.ts';

export type WaitForGrantParameters = { client: NeuroClient; orderId: Hex; timeoutMs?: number; onProgress?: (progress: { grants: number; threshold: number }) => void; signal?: AbortSignal };

/** Waits until enough validators have granted the key of an order. Throws `CONFLICT` where it was refunded, `TIMEOUT`. */
export async function waitForGrant(parameters: WaitForGrantParameters): Promise<OrderState> {
  const { client, orderId, timeoutMs = 180_000, onProgress, signal } = parameters;
  const { assetId, version } = await readOrder({ client, orderId });
  const { threshold } = await client.publicClient.readContract({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'version', args: [BigInt(assetId), version],
  }).catch((error: unknown) => { throw toNeuroError(error); });
  let last = -1;
  return poll({
    timeoutMs, ...(signal ? { signal } : {}), what: `The key of order ${orderId} to be granted`, remedy: 'The money returns by itself when the grant window is over.',
    ask: async () => {
      const [state, grants] = await Promise.all([readOrderState({ client, orderId }), readGrants({ client, orderId })]);
      if (grants.length !== last) onProgress?.({ grants: grants.length, threshold });
      last = grants.length;
      if (state === 'open') return undefined;
      if (state === 'refunded') throw new NeuroError(`Order ${orderId} was refunded.`, { code: 'CONFLICT', remedy: 'Buy it again.' });
      return state;
    },
  });
}
