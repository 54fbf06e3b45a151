import { type Notice, accessLogMessage, noticeRequestTypes, requestDomain, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import { callRoute } from './api.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { drawnFor } from './drawnFor.ts';
import { toNeuroError } from './errors.ts';

/** What one validator tells the owner of an asset. */
export type ValidatorNotices = { validatorId: number; items: Notice[]; /** Why it did not answer. */ problem?: string };

const VALID_SECONDS = 240;
const ANSWER_MS = 10_000;

/**
 * Asks the validators who were drawn to check a version what they found in it that concerns its owner alone: columns that look like data about people. For the
 * asset's owner, who signs a request to each.
 */
export async function readNotices(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<ValidatorNotices[]> {
  const { client, assetId, version } = parameters;
  const drawn = await drawnFor(client, { assetId, version });
  return Promise.all(drawn.map(async (validatorId) => {
    try {
      return { validatorId, items: (await askOne({ client, assetId, validatorId })).filter((notice) => notice.version === version) };
    } catch (error) {
      return { validatorId, items: [], problem: toNeuroError(error).message };
    }
  }));
}

async function askOne({ client, assetId, validatorId }: { client: NeuroClient; assetId: number; validatorId: number }): Promise<Notice[]> {
  const account = accountOf(client);
  const { validators, market } = client.config.deployment.addresses;
  const [{ endpoint }, { timestamp }] = await Promise.all([
    client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] }),
    client.publicClient.getBlock(),
  ]);
  const request = { account: account.address, assetId, validatorId, expiresAt: Number(timestamp) + VALID_SECONDS };
  const signature = await account.signTypedData({ domain: requestDomain({ chainId: client.config.deployment.chainId, market }), types: noticeRequestTypes, primaryType: 'NoticeRequest', message: accessLogMessage(request) });
  const { items } = await callRoute({ url: endpoint, fetch: client.fetch, deadlineMs: ANSWER_MS, route: validatorRoutes.listNotices, input: { request, signature } }) as { items: Notice[] };
  return items;
}
