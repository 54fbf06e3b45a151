import { marketAbi } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { ChainReader } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** The id that an order of this account for this recipient key has, or will have: what it is for is signed before it is paid. */
export async function orderIdOf(parameters: { client: ChainReader; account: Address; listingId: number; version: number; recipientKey: Hex }): Promise<Hex> {
  const { client, account, listingId, version, recipientKey } = parameters;
  return client.publicClient.readContract({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'orderIdOf', args: [listingId, version, account, recipientKey] })
    .catch((error: unknown) => { throw toNeuroError(error); });
}
