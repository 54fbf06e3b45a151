import type { Notice } from '@neurodata/protocol';
import { askAsOwner } from './askAsOwner.ts';
import type { NeuroClient } from './createClient.ts';
import { drawnFor } from './drawnFor.ts';
import { toNeuroError } from './errors.ts';

/** What one validator tells the owner of an asset. */
export type ValidatorNotices = { validatorId: number; items: Notice[]; /** Why it did not answer. */ problem?: string };

/**
 * Asks the validators who were drawn to check a version what they found in it that concerns its owner alone: columns that look like data about people. For the
 * asset's owner, who signs a request to each.
 */
export async function readNotices(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<ValidatorNotices[]> {
  const { client, assetId, version } = parameters;
  const drawn = await drawnFor(client, { assetId, version });
  return Promise.all(drawn.map(async (validatorId) => {
    try {
      return { validatorId, items: (await askAsOwner({ client, assetId, validatorId, question: 'listNotices' })).items.filter((notice) => notice.version === version) };
    } catch (error) {
      return { validatorId, items: [], problem: toNeuroError(error).message };
    }
  }));
}
