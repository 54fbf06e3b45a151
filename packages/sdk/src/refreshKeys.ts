import { custodyAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { readVersion } from './readVersion.ts';

/**
 * Opens a handover of a version's key: its holders give each other new shares of the same secret, which do not fit the old ones,
 * and holders that are gone, or named in `without`, are replaced by others that the chain draws. The holders do the rest;
 * see `waitForHandover`. For the asset's owner and the holders themselves. Throws `REVERTED`.
 */
export async function refreshKeys(parameters: { client: NeuroClient; assetId: number; version: number; without?: number[] }): Promise<{ epoch: number; hash: `0x${string}`; gasUsed: bigint }> {
  const { client, assetId, version, without = [] } = parameters;
  const { epoch } = await readVersion({ client, assetId, version });
  const { hash, gasUsed } = await client.send({
    address: client.config.deployment.addresses.custody, abi: custodyAbi, functionName: 'open', args: [BigInt(assetId), version, without],
    sentence: `Have the key of asset ${assetId} version ${version} handed on${without.length > 0 ? ` without validator ${without.join(', ')}` : ''}`,
  });
  return { epoch: epoch + 1, hash, gasUsed };
}
