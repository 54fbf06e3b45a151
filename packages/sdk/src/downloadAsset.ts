import type { Manifest } from '@neurodata/protocol';
import type { ContentDigests } from '@neurodata/sealing';
import type { Hex } from 'viem';
import type { Check } from './checks.ts';
import type { NeuroClient } from './createClient.ts';
import { openOrderKey } from './openOrderKey.ts';
import { openSubscriptionKey } from './openSubscriptionKey.ts';
import { collect, contentChecks, streamSealedAsset } from './readSealedAsset.ts';
import type { VersionFacts } from './readVersion.ts';
import type { BadShare } from './shares.ts';

/** Through an order, or through a subscription: then of `version`, or the newest that was granted. */
export type DownloadProof = { orderId: Hex } | { subscriptionId: Hex; version?: number };
export type DownloadAssetParameters = DownloadProof & { client: NeuroClient; onProgress?: (progress: { done: number; total: number }) => void; signal?: AbortSignal };
export type DownloadAssetResult = {
  facts: VersionFacts;
  manifest: Manifest;
  bytes: AsyncIterable<Uint8Array>;
  /** As its publisher named it: strip folders before using it as a path. */
  fileName: string;
  mediaType: string;
  done: Promise<ContentDigests>;
  /** Shares that did not match their commitments and were passed over. */
  badShares: BadShare[];
};

/**
 * Opens what an order or a subscription has bought, as a stream; can be repeated from the chain for ever. Throws as `openOrderKey`;
 * `CONTENT_MISMATCH` where any commitment differs.
 */
export async function downloadAsset(parameters: DownloadAssetParameters): Promise<DownloadAssetResult> {
  const { client, onProgress, signal } = parameters;
  const { secret, facts, badShares } = await ('orderId' in parameters ? openOrderKey(parameters) : openSubscriptionKey(parameters));
  const { manifest, bytes, done } = await streamSealedAsset({ client, ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}), assetId: facts.assetId, version: facts.version, secret });
  const { fileName, mediaType } = manifest['nd:sealed'];
  return { facts, manifest, bytes, fileName, mediaType, done, badShares };
}

/** As {@link downloadAsset}, into memory, with what was checked. */
export async function readAsset(parameters: DownloadAssetParameters): Promise<{ bytes: Uint8Array<ArrayBuffer>; manifest: Manifest; fileName: string; mediaType: string; checks: Check[] }> {
  const { bytes, done, facts, manifest, badShares, fileName, mediaType } = await downloadAsset(parameters);
  const whole = await collect(bytes);
  return { bytes: whole, manifest, fileName, mediaType, checks: [...shareChecks(facts, badShares), ...contentChecks(facts, await done)] };
}

/** What opening the key has proved. */
export function shareChecks(facts: VersionFacts, badShares: BadShare[]): Check[] {
  return [
    { name: 'Key shares', status: 'passed', detail: `the ${facts.threshold} of ${facts.committee.length} that are needed match the keyset's commitments on chain`, by: 'this machine' },
    ...badShares.map(({ validatorId, reason }): Check => ({ name: `Share of validator ${validatorId}`, status: 'failed', detail: reason, by: 'this machine' })),
  ];
}
