import { curationAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** A curator stops new orders, runs, subscriptions and listings of an asset. What was bought stays. Throws `REVERTED`. */
export function suspendAsset(parameters: { client: NeuroClient; assetId: number; reason: string }): Promise<Sent> {
  const { client, assetId, reason } = parameters;
  return client.send({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'suspend', args: [BigInt(assetId), reason], sentence: `Suspend asset ${assetId}` });
}
