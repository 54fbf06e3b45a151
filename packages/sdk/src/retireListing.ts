import { marketAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Stops new purchases on a listing; for its seller or the asset's owner. A new price is a new listing. */
export function retireListing(parameters: { client: NeuroClient; listingId: number }): Promise<Sent> {
  const { client, listingId } = parameters;
  return client.send({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'retireListing', args: [listingId], sentence: `Retire listing ${listingId}` });
}
