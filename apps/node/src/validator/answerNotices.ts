import { noticeRequestTypes } from '@neurodata/protocol';
import type { Notice, SignedAccessLogRequest } from '@neurodata/protocol';
import { checkOwner } from './checkOwner.ts';
import type { RateLimit } from './rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * What we found in an asset's tables that concerns its owner alone, for the owner.
 *
 * @throws NeuroError FORBIDDEN, RATE_LIMITED
 */
export async function answerNotices(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedAccessLogRequest }): Promise<{ validatorId: number; items: Notice[] }> {
  const { setup: { validatorId, tables }, signed: { request } } = parameters;
  await checkOwner({ ...parameters, asked: { types: noticeRequestTypes, primaryType: 'NoticeRequest' } });
  return { validatorId, items: tables.memory.listNotices(request.assetId) };
}
