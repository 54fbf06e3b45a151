import { NeuroError } from '@neurodata/protocol';
import type { DrillAnswer, DrillRequest } from '@neurodata/protocol';
import { proveShare } from '@neurodata/sealing';
import { drillBinding, readVersion } from '@neurodata/sdk';
import { openOwnShare, wipeShare } from './openOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * Proves to whoever asks that we hold our share of a version's key, and nothing else about it.
 *
 * @throws NeuroError NO_KEY where we should hold none, CONTENT_MISMATCH where the publisher made it wrong
 */
export async function answerDrill(parameters: { setup: ValidatorSetup; request: DrillRequest }): Promise<DrillAnswer> {
  const { setup, request } = parameters;
  const { client, validatorId } = setup;
  const facts = await readVersion({ client, assetId: request.assetId, version: request.version });
  if (!facts.committee.includes(validatorId)) {
    throw new NeuroError(`Validator ${validatorId} holds no share of asset ${facts.assetId} version ${facts.version}.`, { code: 'NO_KEY', remedy: `Ask validator ${facts.committee.join(' or ')}.` });
  }
  const { share, keyset } = await openOwnShare({ setup, facts });
  try {
    const proof = proveShare({ share, commitments: keyset.commitments, binding: drillBinding({ client, facts, validatorId }), nonce: request.nonce });
    return { validatorId, epoch: facts.epoch, keyset: facts.keysetDigest, proof };
  } finally {
    wipeShare(share);
  }
}
