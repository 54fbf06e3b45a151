import { readSealedAsset, requestShares } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { WorkerSetup } from './setup.ts';

/**
 * The rows of a job's input, while the chain entitles this worker to them: validators' shares are asked for, checked and
 * combined, and the key is wiped. `onKey` is called once the key is there.
 *
 * @throws what `requestShares` and `readSealedAsset` throw.
 */
export async function openRows(parameters: { setup: WorkerSetup; jobId: Hex; facts: VersionFacts; timeoutMs: number; signal: AbortSignal; onKey?: () => void }): Promise<Uint8Array> {
  const { setup: { client }, jobId, facts: { assetId, version }, timeoutMs, signal, onKey } = parameters;
  const { secret } = await requestShares({ client, assetId, version, proofId: jobId, timeoutMs, signal });
  onKey?.();
  const { bytes } = await readSealedAsset({ client, assetId, version, secret, signal }).finally(() => secret.fill(0));
  return bytes;
}
