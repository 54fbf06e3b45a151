import { curationAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import type { Sent } from './send.ts';

/** Anybody: burns the bond of an asset whose suspension the jury has upheld, or nobody appealed in time. Throws `REVERTED`. */
export function slashBond(parameters: { client: NeuroClient; assetId: number }): Promise<Sent> {
  const { client, assetId } = parameters;
  return client.send({ address: client.config.deployment.addresses.curation, abi: curationAbi, functionName: 'slash', args: [BigInt(assetId)], sentence: `Burn the bond of asset ${assetId}` });
}
