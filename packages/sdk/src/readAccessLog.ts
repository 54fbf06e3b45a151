import type { Access } from '@neurodata/protocol';
import { askAsOwner } from './askAsOwner.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readVersion } from './readVersion.ts';

/** What one validator says of who asked it for its share. */
export type ValidatorAccesses = { validatorId: number; items: Access[]; /** Why it did not answer. */ problem?: string };

/**
 * Asks the holders of a version's key who asked them for it, and what they answered. For the asset's owner, who signs a request to
 * each. Grants for orders and subscriptions are not in it: those are on chain.
 */
export async function readAccessLog(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<ValidatorAccesses[]> {
  const { client, assetId, version } = parameters;
  const { committee } = await readVersion({ client, assetId, version });
  return Promise.all(committee.map(async (validatorId) => {
    try {
      return { validatorId, items: (await askAsOwner({ client, assetId, validatorId, question: 'listAccesses' })).items };
    } catch (error) {
      return { validatorId, items: [], problem: toNeuroError(error).message };
    }
  }));
}
