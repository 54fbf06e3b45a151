import { NeuroError, type VersionStatus, assetRegistryAbi, versionStatuses } from '@neurodata/protocol';
import type { ChainReader, NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { poll } from './poll.ts';

export type WaitForVersionParameters = { client: NeuroClient; assetId: number; version: number; status?: VersionStatus; timeoutMs?: number; onChange?: (status: VersionStatus) => void; signal?: AbortSignal };

/**
 * Waits until the registry gives a version the status (`live` by default). Throws `CONFLICT` where it ends in another
 * one, `TIMEOUT` otherwise.
 */
export async function waitForVersion(parameters: WaitForVersionParameters): Promise<VersionStatus> {
  const { client, assetId, version, status: wanted = 'live', timeoutMs = 300_000, onChange, signal } = parameters;
  let last: VersionStatus | undefined;
  return poll({
    timeoutMs, ...(signal ? { signal } : {}),
    what: `Version ${version} of asset ${assetId} to become ${wanted}`,
    remedy: 'Look at its validation round; where that ended without a quorum, ask for another round.',
    ask: async () => {
      const status = await readVersionStatus({ client, assetId, version });
      if (status !== last) onChange?.(status);
      last = status;
      if (status === wanted) return status;
      if (status === 'pending' || status === 'none' || (status === 'live' && wanted !== 'pending')) return undefined;
      throw new NeuroError(`Version ${version} of asset ${assetId} is ${status}.`, { code: 'CONFLICT', remedy: status === 'refused' ? 'Its validation round names the reason.' : 'Choose another version.' });
    },
  });
}

/** The registry's word on a version, now. */
export async function readVersionStatus(parameters: { client: ChainReader; assetId: number; version: number }): Promise<VersionStatus> {
  const { client, assetId, version } = parameters;
  const status = await client.publicClient.readContract({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'statusOf', args: [BigInt(assetId), version],
  }).catch((error: unknown) => { throw toNeuroError(error); });
  return versionStatuses[status] ?? 'none';
}
