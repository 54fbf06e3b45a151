import { curationAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** A curator finds a pending asset sound: it is live, and its bond is the owner's to withdraw. Throws `REVERTED`. */
export function approveAsset(parameters: { client: NeuroClient; assetId: number; reason: string }): Promise<Sent> {
  const { client, assetId, reason } = parameters;
  return client.send({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'approve', args: [BigInt(assetId), reason], sentence: `Approve asset ${assetId}` });
}
