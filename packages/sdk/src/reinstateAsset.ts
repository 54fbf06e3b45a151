import { curationAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** A curator takes a suspension back; a bond that is still held is the owner's. Throws `REVERTED`. */
export function reinstateAsset(parameters: { client: NeuroClient; assetId: number; reason: string }): Promise<Sent> {
  const { client, assetId, reason } = parameters;
  return client.send({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'reinstate', args: [BigInt(assetId), reason], sentence: `Reinstate asset ${assetId}` });
}
