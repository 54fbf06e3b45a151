import { guardianAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';
import { syncPause } from './syncPause.ts';

/** The guardian ends the pause before its time, and tells the market. Throws `REVERTED`. */
export async function endPause(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  const sent = await client.send({ address: client.config.deployment.addresses.guardian, abi: guardianAbi, functionName: 'endPause', args: [], sentence: 'End the pause' });
  await syncPause({ client });
  return sent;
}
