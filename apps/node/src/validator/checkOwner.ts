import { accessLogMessage, NeuroError, requestDomain } from '@neurodata/protocol';
import type { SignedAccessLogRequest, accessLogRequestTypes, noticeRequestTypes, purposesRequestTypes } from '@neurodata/protocol';
import { isAddressEqual, recoverTypedDataAddress } from 'viem';
import { checkTime } from './answerShareRequest.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';

/** What an asset's owner can ask for: the type that is signed, so that a request for one thing is none for another. */
type Asked = { types: typeof accessLogRequestTypes; primaryType: 'AccessLogRequest' } | { types: typeof noticeRequestTypes; primaryType: 'NoticeRequest' } | { types: typeof purposesRequestTypes; primaryType: 'PurposesRequest' };

/**
 * Whether a request to this validator comes from the owner of its asset, now.
 *
 * @throws NeuroError FORBIDDEN, RATE_LIMITED
 */
export async function checkOwner(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedAccessLogRequest; asked: Asked }): Promise<void> {
  const { setup, rate, asked, signed: { request, signature } } = parameters;
  const { client, contracts, validatorId } = setup;
  const { chainId, addresses } = client.config.deployment;
  if (request.validatorId !== validatorId) throw new NeuroError(`This is validator ${validatorId}; the request is for validator ${request.validatorId}.`, { code: 'FORBIDDEN', remedy: 'Sign a request that names the validator whom you ask.' });
  const signer = await recoverTypedDataAddress({ domain: requestDomain({ chainId, market: addresses.market }), ...asked, message: accessLogMessage(request), signature } as Parameters<typeof recoverTypedDataAddress>[0]).catch(() => undefined);
  if (!signer || !isAddressEqual(signer, request.account)) {
    throw new NeuroError(`The request was not signed by ${request.account} for this deployment.`, { code: 'FORBIDDEN', remedy: 'Sign it with that account, for this chain and Market.' });
  }
  if (!rate.take(`log ${request.account.toLowerCase()}`)) throw new NeuroError(`Account ${request.account} asks too often.`, { code: 'RATE_LIMITED', remedy: 'Try again in a minute.', retryable: true });
  await checkTime(setup, request);
  const owner = await client.publicClient.readContract({ ...contracts.registry, functionName: 'ownerOf', args: [BigInt(request.assetId)], blockTag: 'finalized' });
  if (!isAddressEqual(owner, request.account)) throw new NeuroError(`Asset ${request.assetId} is not owned by ${request.account}.`, { code: 'FORBIDDEN', remedy: 'Ask with the account that owns it.' });
}
