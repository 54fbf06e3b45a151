import { marketAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { readPause } from './readPause.ts';
import type { Sent } from './send.ts';

/** Anybody: tells the market what the guardian says; undefined where it knows already. Validators do so by themselves. */
export async function syncPause(parameters: { client: NeuroClient }): Promise<Sent | undefined> {
  const { client } = parameters;
  const { inStep } = await readPause({ client });
  if (inStep) return undefined;
  return client.send({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'syncPause', args: [], sentence: 'Let the market see whether new business is paused' });
}
