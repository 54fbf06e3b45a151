import { privateOffersAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Ends every private offer that the account has signed so far, also those that it has lost sight of. */
export function cancelAllOffers(parameters: { client: NeuroClient }): Promise<Sent> {
  const { client } = parameters;
  return client.send({ address: client.config.deployment.addresses.privateOffers, abi: privateOffersAbi, functionName: 'cancelAll', args: [], sentence: 'Withdraw all private offers' });
}
