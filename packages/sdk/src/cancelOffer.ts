import { privateOffersAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Ends one of the account's own offers, by its hash, before it was accepted. Throws `REVERTED`. */
export function cancelOffer(parameters: { client: NeuroClient; offerHash: Hex }): Promise<Sent> {
  const { client, offerHash } = parameters;
  return client.send({ address: client.config.deployment.addresses.privateOffers, abi: privateOffersAbi, functionName: 'cancelOffer', args: [offerHash], sentence: `Cancel offer ${offerHash}` });
}
