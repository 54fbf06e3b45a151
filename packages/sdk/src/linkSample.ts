import { assetRegistryAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Says that another own asset is a sample of this one, to try a purchase on; 0 unlinks. Throws `REVERTED`. */
export function linkSample(parameters: { client: NeuroClient; assetId: number; sampleAssetId: number }): Promise<Sent> {
  const { client, assetId, sampleAssetId } = parameters;
  const sentence = sampleAssetId === 0 ? `Unlink the sample of asset ${assetId}` : `Link asset ${sampleAssetId} as the sample of asset ${assetId}`;
  return client.send({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'linkSample', args: [BigInt(assetId), BigInt(sampleAssetId)], sentence });
}
