import { purposesRequestTypes } from '@neurodata/protocol';
import type { SignedAccessLogRequest, SignedPurpose } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { checkOwner } from './checkOwner.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';
import { signAnswer } from './signAnswer.ts';

/** About half a kilobyte each; what carries an answer takes two megabytes. */
const MOST = 1_000;

/**
 * What buyers of an asset promised us that they want it for, newest first, for the asset's owner alone.
 *
 * @throws NeuroError FORBIDDEN, RATE_LIMITED
 */
export async function answerPurposes(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedAccessLogRequest }): Promise<{ validatorId: number; items: SignedPurpose[]; signature: Hex }> {
  const { setup, signed: { request, signature } } = parameters;
  await checkOwner({ ...parameters, asked: { types: purposesRequestTypes, primaryType: 'PurposesRequest' } });
  return signAnswer(setup, { signature, items: setup.purposes.list({ assetId: request.assetId, limit: MOST }) });
}
