import { openMainTable, readSealedAsset, requestShares } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { deriveRunIdentity } from '@neurodata/sealing';
import type { Identity } from '@neurodata/sealing';
import { hexToBytes } from 'viem';
import type { Hex } from 'viem';
import type { WorkerSetup } from './setup.ts';

/**
 * The rows of a job's input, of a folder its main table, while the chain entitles this worker to them: validators' shares are asked for, checked and
 * combined, and the key is wiped. `onKey` is called once the key is there; `identity` opens what other workers of the job have kept.
 *
 * @throws what `requestShares`, `readSealedAsset` and `openMainTable` throw.
 */
export async function openRows(parameters: { setup: WorkerSetup; jobId: Hex; facts: VersionFacts; timeoutMs: number; signal: AbortSignal; onKey?: () => void }): Promise<{ csv: Uint8Array; identity: Identity }> {
  const { setup: { client }, jobId, facts: { assetId, version }, timeoutMs, signal, onKey } = parameters;
  const { secret } = await requestShares({ client, assetId, version, proofId: jobId, timeoutMs, signal });
  onKey?.();
  const identity = deriveRunIdentity({ secret, jobId: hexToBytes(jobId) });
  const { bytes: content, manifest } = await readSealedAsset({ client, assetId, version, secret, signal }).finally(() => secret.fill(0));
  return { csv: await openMainTable({ storage: client.storage, manifest, content, signal }), identity };
}
