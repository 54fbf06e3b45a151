import { assetRegistryAbi } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** `bps`: hundredths of a percent of the price, at most 1,000. */
export type SetRoyaltyParameters = { client: NeuroClient; assetId: number; receiver: Address; bps: number };

/**
 * Says what marketplaces should pay, and to whom, when the asset itself is resold
 * ([ERC-2981](https://eips.ethereum.org/EIPS/eip-2981)). 0 bps or the zero address switches it off. Nothing enforces it; sales of
 * licences do not know it. Only the asset's owner may. Throws `REVERTED`.
 */
export function setRoyalty(parameters: SetRoyaltyParameters): Promise<Sent> {
  const { client, assetId, receiver, bps } = parameters;
  const sentence = bps === 0 || receiver === zeroAddress ? `Ask for no royalty when asset ${assetId} is resold` : `Ask for ${bps / 100} % to ${receiver} when asset ${assetId} is resold`;
  return client.send({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'setRoyalty', args: [BigInt(assetId), receiver, BigInt(bps)], sentence });
}
