import { assetRegistryAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { Sent } from './send.ts';

/** Gives an asset to another account: what it earns from then on, and its versions, are that account's. Throws `REVERTED`. */
export function transferAsset(parameters: { client: NeuroClient; assetId: number; to: Address }): Promise<Sent> {
  const { client, assetId, to } = parameters;
  return client.send({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'safeTransferFrom', args: [accountOf(client).address, to, BigInt(assetId)], sentence: `Give asset ${assetId} to ${to}`,
  });
}
