import { assetRegistryAbi, canonicalJson } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import type { Sent } from './send.ts';

/** The owner stops new orders of a version, with a reason that is stored publicly. Who has bought keeps what they bought. */
export async function revokeVersion(parameters: { client: NeuroClient; assetId: number; version: number; reason: string }): Promise<Sent> {
  const { client, assetId, version, reason } = parameters;
  const { digest } = await client.storage.addRaw(canonicalJson({ version: 1, reason })).catch((error: unknown) => { throw toNeuroError(error); });
  return client.send({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'revokeVersion',
    args: [BigInt(assetId), version, digest], sentence: `Revoke version ${version} of asset ${assetId}`,
  });
}
