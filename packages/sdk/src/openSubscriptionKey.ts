import { NeuroError } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { type OpenOrderKeyResult, openGrantedKey } from './openOrderKey.ts';
import { type KeyRequest, readKeyRequests, readSubscription } from './readSubscription.ts';
import { readVersion } from './readVersion.ts';

/**
 * The key secret of a version that a subscription was granted, from the chain alone and for ever: the newest request of
 * `version`, or of all, that enough validators answered. Throws `NOT_READY` where none was answered, and as
 * `openOrderKey`.
 */
export async function openSubscriptionKey(parameters: { client: NeuroClient; subscriptionId: Hex; version?: number }): Promise<OpenOrderKeyResult> {
  const { client, subscriptionId, version } = parameters;
  const { assetId } = await readSubscription({ client, subscriptionId });
  const requests = (await readKeyRequests({ client, subscriptionId })).filter((request) => version === undefined || request.version === version);
  const answered = await findAnswered(client, assetId, requests);
  if (!answered) {
    const which = version === undefined ? 'a key' : `the key of version ${version}`;
    throw new NeuroError(`The validators have not granted ${which} to subscription ${subscriptionId}.`, { code: 'NOT_READY', remedy: 'Ask for it, or wait a moment.', retryable: true });
  }
  return openGrantedKey({ client, proofId: subscriptionId, assetId, version: answered.version, recipientKey: answered.recipientKey, grants: answered.shares });
}

async function findAnswered(client: NeuroClient, assetId: number, requests: KeyRequest[]): Promise<KeyRequest | undefined> {
  for (const request of requests.toReversed()) {
    const { threshold } = await readVersion({ client, assetId, version: request.version });
    if (request.shares.length >= threshold) return request;
  }
  return undefined;
}
