import { assetRegistryAbi } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/** `amount` in the units of the price it was asked for. */
export type ResaleRoyalty = { receiver: Address; amount: bigint };

/**
 * Reads what an asset's owner asks for when the asset itself is resold at a price in any token
 * ([ERC-2981](https://eips.ethereum.org/EIPS/eip-2981)). `undefined`: nothing.
 */
export async function readRoyalty(parameters: { client: NeuroClient; assetId: number; price: bigint }): Promise<ResaleRoyalty | undefined> {
  const { client, assetId, price } = parameters;
  try {
    const [receiver, amount] = await client.publicClient.readContract({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'royaltyInfo', args: [BigInt(assetId), price] });
    return receiver === zeroAddress ? undefined : { receiver, amount };
  } catch (error) {
    throw toNeuroError(error);
  }
}
