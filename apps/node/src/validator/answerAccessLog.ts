import { accessLogRequestTypes } from '@neurodata/protocol';
import type { SignedAccessLogRequest } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { Access } from './accessLog.ts';
import { checkOwner } from './checkOwner.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';
import { signAnswer } from './signAnswer.ts';

const MOST = 1_000;

/**
 * Who asked us for the key of an asset, for the asset's owner alone.
 *
 * @throws NeuroError FORBIDDEN, RATE_LIMITED
 */
export async function answerAccessLog(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedAccessLogRequest }): Promise<{ validatorId: number; items: Access[]; signature: Hex }> {
  const { setup, signed: { request, signature } } = parameters;
  await checkOwner({ ...parameters, asked: { types: accessLogRequestTypes, primaryType: 'AccessLogRequest' } });
  return signAnswer(setup, { signature, items: await setup.accesses.list({ assetId: request.assetId, limit: MOST }) });
}
