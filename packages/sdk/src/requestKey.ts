import { type NeuroError, type Purpose, subscriptionsAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { freshIdentity } from './freshIdentity.ts';
import { chooseVersion, readListing } from './readListing.ts';
import { readSubscription } from './readSubscription.ts';
import { statePurpose } from './statePurpose.ts';
import { toNeuroError } from './errors.ts';

/**
 * Asks for the key of another version that the account's subscription covers, the newest live one by default, for a
 * fresh identity that was stored before. An earlier request that nobody has answered is replaced. A purpose that was signed for the subscription holds on,
 * unless the version comes under other terms: then one is named again. Throws `REVERTED`.
 */
export async function requestKey(parameters: { client: NeuroClient; subscriptionId: Hex; version?: number; purpose?: Purpose }): Promise<{ version: number; recipientKey: Hex; hash: Hex; gasUsed: bigint; purposeProblem?: NeuroError }> {
  const { client, subscriptionId } = parameters;
  const { listingId, assetId } = await readSubscription({ client, subscriptionId });
  const listing = await readListing({ client, listingId });
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const { publicKey: recipientKey } = await freshIdentity(client, `asset ${assetId} version ${version}, subscription to listing ${listingId}`);
  const { hash, gasUsed } = await client.send({
    address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, functionName: 'requestKey', args: [subscriptionId, version, recipientKey],
    sentence: `Ask for the key of version ${version} of asset ${assetId}`,
  });
  const { purpose } = parameters;
  const purposeProblem = purpose && (await statePurpose({ client, proofId: subscriptionId, assetId, version, purpose }).then(() => undefined, toNeuroError));
  return { version, recipientKey, hash, gasUsed, ...(purposeProblem ? { purposeProblem } : {}) };
}
