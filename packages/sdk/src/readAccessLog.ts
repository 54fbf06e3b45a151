import { type Access, accessLogMessage, accessLogRequestTypes, requestDomain, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import { callRoute } from './api.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readVersion } from './readVersion.ts';

/** What one validator says of who asked it for its share. */
export type ValidatorAccesses = { validatorId: number; items: Access[]; /** Why it did not answer. */ problem?: string };

const VALID_SECONDS = 240;
const ANSWER_MS = 10_000;

/**
 * Asks the holders of a version's key who asked them for it, and what they answered. For the asset's owner, who signs a request to
 * each. Grants for orders and subscriptions are not in it: those are on chain.
 */
export async function readAccessLog(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<ValidatorAccesses[]> {
  const { client, assetId, version } = parameters;
  const { committee } = await readVersion({ client, assetId, version });
  return Promise.all(committee.map(async (validatorId) => {
    try {
      return { validatorId, items: await askOne({ client, assetId, validatorId }) };
    } catch (error) {
      return { validatorId, items: [], problem: toNeuroError(error).message };
    }
  }));
}

async function askOne({ client, assetId, validatorId }: { client: NeuroClient; assetId: number; validatorId: number }): Promise<Access[]> {
  const account = accountOf(client);
  const { validators, market } = client.config.deployment.addresses;
  const [{ endpoint }, { timestamp }] = await Promise.all([
    client.publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] }),
    client.publicClient.getBlock(),
  ]);
  const request = { account: account.address, assetId, validatorId, expiresAt: Number(timestamp) + VALID_SECONDS };
  const signature = await account.signTypedData({ domain: requestDomain({ chainId: client.config.deployment.chainId, market }), types: accessLogRequestTypes, primaryType: 'AccessLogRequest', message: accessLogMessage(request) });
  const { items } = await callRoute({ url: endpoint, fetch: client.fetch, deadlineMs: ANSWER_MS, route: validatorRoutes.listAccesses, input: { request, signature } }) as { items: Access[] };
  return items;
}
