import { NeuroError, accessLogMessage, accessLogRequestTypes, noticeRequestTypes, ownerAnswerMessage, ownerAnswerTypes, purposesRequestTypes, requestDomain } from '@neurodata/protocol';
import { type Address, type Hex, isAddressEqual, recoverTypedDataAddress } from 'viem';
import { askValidator, readMember } from './askValidator.ts';
import { type NeuroClient, accountOf } from './createClient.ts';

const VALID_SECONDS = 240;
const ANSWER_MS = 10_000;

const asked = {
  listAccesses: { types: accessLogRequestTypes, primaryType: 'AccessLogRequest' },
  listNotices: { types: noticeRequestTypes, primaryType: 'NoticeRequest' },
  listPurposes: { types: purposesRequestTypes, primaryType: 'PurposesRequest' },
} as const;

/**
 * Signs an owner's question to one validator, and gives its answer once it is seen to be that validator's own answer to just this request.
 * Throws `CONTENT_MISMATCH` where it is not, and what `askValidator` throws.
 */
export async function askAsOwner<Q extends keyof typeof asked>(parameters: { client: NeuroClient; assetId: number; validatorId: number; question: Q }) {
  const { client, assetId, validatorId, question } = parameters;
  const account = accountOf(client);
  const domain = requestDomain({ chainId: client.config.deployment.chainId, market: client.config.deployment.addresses.market });
  const [member, { timestamp }] = await Promise.all([readMember(client, validatorId), client.publicClient.getBlock()]);
  const request = { account: account.address, assetId, validatorId, expiresAt: Number(timestamp) + VALID_SECONDS };
  const signature = await account.signTypedData({ domain, ...asked[question], message: accessLogMessage(request) } as Parameters<typeof account.signTypedData>[0]);
  const answer = await askValidator({ client, validatorId, question, input: { request, signature } as Parameters<typeof askValidator<Q>>[0]['input'], deadlineMs: ANSWER_MS });
  if (answer.validatorId !== validatorId) throw notSigned(validatorId);
  await expectSigned({ domain, by: member.account, answer, request: signature, validatorId });
  return answer;
}

async function expectSigned(parameters: { domain: ReturnType<typeof requestDomain>; by: Address; answer: { items: unknown[]; signature: Hex }; request: Hex; validatorId: number }): Promise<void> {
  const { domain, by, answer: { items, signature }, request, validatorId } = parameters;
  const signer = await recoverTypedDataAddress({ domain, types: ownerAnswerTypes, primaryType: 'OwnerAnswer', message: ownerAnswerMessage({ validatorId, signature: request, items }), signature }).catch(() => undefined);
  if (!signer || !isAddressEqual(signer, by)) throw notSigned(validatorId);
}

function notSigned(validatorId: number): NeuroError {
  return new NeuroError(`The answer was not signed by validator ${validatorId}.`, { code: 'CONTENT_MISMATCH', remedy: 'Ask through another node, or ask the validator itself.' });
}
