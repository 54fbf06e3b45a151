import { assetRegistryAbi } from '@neurodata/protocol';
import type { Address } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';
import type { Sent } from './send.ts';

/** Gives an asset with its versions to another account, which offers it from then on. Offers that stand go on paying whoever made them until they are withdrawn. Throws `REVERTED`. */
export function transferAsset(parameters: { client: NeuroClient; assetId: number; to: Address }): Promise<Sent> {
  const { client, assetId, to } = parameters;
  return client.send({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'safeTransferFrom', args: [accountOf(client).address, to, BigInt(assetId)], sentence: `Give asset ${assetId} to ${to}`,
  });
}
