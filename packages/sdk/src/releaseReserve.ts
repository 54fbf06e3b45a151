import { assetRegistryAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody, 120 days after a version was revoked: gives what was held for disputes back to the asset's owner. Throws `REVERTED`. */
export function releaseReserve(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<Sent> {
  const { client, assetId, version } = parameters;
  return client.send({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'releaseReserve', args: [BigInt(assetId), version], sentence: `Release the reserve of version ${version} of asset ${assetId}` });
}
