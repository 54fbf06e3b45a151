import { guardianAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';
import { syncPause } from './syncPause.ts';

/**
 * The guardian stops new orders, runs and assets for `seconds`, and tells the market. Refunds, claims and confirmations go
 * on. Throws `REVERTED` for any other account, and while the brake cools down.
 */
export async function pause(parameters: { client: NeuroClient; seconds: number }): Promise<Sent> {
  const { client, seconds } = parameters;
  const sent = await client.send({ address: client.config.deployment.addresses.guardian, abi: guardianAbi, functionName: 'pause', args: [seconds], sentence: 'Stop new business' });
  await syncPause({ client });
  return sent;
}
