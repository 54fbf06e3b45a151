import { curationAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody, once the review window is over: the asset is live, and its bond the owner's. Throws `REVERTED`. */
export function releaseBond(parameters: { client: NeuroClient; assetId: number }): Promise<Sent> {
  const { client, assetId } = parameters;
  return client.send({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'release', args: [BigInt(assetId)], sentence: `Return the bond of asset ${assetId}` });
}
