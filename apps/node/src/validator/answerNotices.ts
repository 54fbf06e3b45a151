import { noticeRequestTypes } from '@neurodata/protocol';
import type { Notice, SignedAccessLogRequest } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { checkOwner } from './checkOwner.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';
import { signAnswer } from './signAnswer.ts';

/**
 * What we found in an asset's tables that concerns its owner alone, for the owner.
 *
 * @throws NeuroError FORBIDDEN, RATE_LIMITED
 */
export async function answerNotices(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedAccessLogRequest }): Promise<{ validatorId: number; items: Notice[]; signature: Hex }> {
  const { setup, signed: { request, signature } } = parameters;
  await checkOwner({ ...parameters, asked: { types: noticeRequestTypes, primaryType: 'NoticeRequest' } });
  return signAnswer(setup, { signature, items: setup.tables.memory.listNotices(request.assetId) });
}
