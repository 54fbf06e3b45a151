import { NeuroError, orderStates, proofKindOf, requestDomain, shareRequestMessage, shareRequestTypes } from '@neurodata/protocol';
import type { ShareRequest, SignedShareRequest } from '@neurodata/protocol';
import { readVersion } from '@neurodata/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashTypedData, isAddressEqual, recoverTypedDataAddress } from 'viem';
import type { Hex } from 'viem';
import { expectPurpose, expectRunAdmitted } from './expectPurpose.ts';
import type { RateLimit } from '../common/rateLimit.ts';
import { sealOwnShare } from './sealOwnShare.ts';
import type { ValidatorSetup } from './setup.ts';

const LONGEST_VALIDITY_S = 300;
/** How long an entitlement that stands at the head is waited for to be finalized. */
const FINALITY_WAIT_MS = 10_000;
const FINALITY_POLL_MS = 250;

/**
 * Answers a signed request for our key share of an asset version: checks whom it is for, its signature, the asker's
 * rate and its time, asks the Market whether the proof entitles the asker at a finalized block, sees that what it is for fits the terms, and seals the share to
 * the asker's recipient key. Jobs, rounds, owners and finished orders are answered:
 * shares for other orders and subscriptions leave in a grant on chain, because what is returned of a price hangs on it. A request is
 * answered once.
 *
 * @throws NeuroError BAD_INPUT, FORBIDDEN, RATE_LIMITED, NOT_ENTITLED, NOT_READY (entitled, not finalized yet), NO_KEY.
 */
export async function answerShareRequest(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedShareRequest }): Promise<{ validatorId: number; sealedShare: Hex }> {
  const { setup, rate, signed } = parameters;
  const { request } = signed;
  const { validatorId } = setup;
  if (request.validatorId !== validatorId) {
    throw new NeuroError(`This is validator ${validatorId}; the request is for validator ${request.validatorId}.`, { code: 'FORBIDDEN', remedy: 'Sign a request that names the validator whom you ask.' });
  }
  const kind = proofKindOf(request.proofId);
  if (kind === 'subscription') throw onChainOnly(kind);
  // Before the chain is asked: what nobody signed costs it nothing.
  await checkSignature(setup, signed);
  if (!rate.take(request.account.toLowerCase())) {
    throw new NeuroError(`Account ${request.account} asks too often.`, { code: 'RATE_LIMITED', remedy: 'Try again in a minute.', retryable: true });
  }
  if (kind === 'order' && !(await isFinished(setup, request.proofId))) throw onChainOnly(kind);
  await checkTime(setup, request);
  await checkEntitlement(setup, request);
  const facts = await readVersion({ client: setup.client, assetId: request.assetId, version: request.version });
  // Rounds judge what was published and owners set the limits: both are asked for no purpose.
  if (kind === 'order') await expectPurpose({ setup, facts, proofId: request.proofId, account: request.account });
  if (kind === 'job') await expectRunAdmitted({ setup, facts, jobId: request.proofId });
  const sealedShare = await sealOwnShare({ setup, facts, proofId: request.proofId, recipientKey: request.recipientKey, seal: setup.sealShare });
  if (!setup.accesses.take(requestDigest(setup, request), request.expiresAt)) {
    throw new NeuroError('This very request was answered before.', { code: 'FORBIDDEN', remedy: 'Sign a new one.' });
  }
  return { validatorId, sealedShare };
}

function onChainOnly(kind: string): NeuroError {
  return new NeuroError(`Shares for ${kind}s are granted on chain only.`, { code: 'FORBIDDEN', remedy: `Wait for the grants of your ${kind} and read them from the chain.` });
}

/** What an order's buyer signs and a validator counts as one request. */
export function requestDigest(setup: ValidatorSetup, request: ShareRequest): Hex {
  const { chainId, addresses } = setup.client.config.deployment;
  return hashTypedData({ domain: requestDomain({ chainId, market: addresses.market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request) });
}

/** Whether nothing of an order's price can be returned any more, so that its buyer may have the key sealed to another recipient key. */
async function isFinished({ client, contracts }: ValidatorSetup, orderId: Hex): Promise<boolean> {
  const [head, final] = await Promise.all((['latest', 'finalized'] as const).map(async (blockTag) => {
    const { state } = await client.publicClient.readContract({ ...contracts.market, functionName: 'order', args: [orderId], blockTag });
    return orderStates[state] === 'released' || orderStates[state] === 'claimed';
  }));
  if (head && !final) throw new NeuroError('The end of the order is not finalized on chain yet.', { code: 'NOT_READY', remedy: 'Ask again in a few seconds.', retryable: true });
  return final ?? false;
}

// By the chain's clock, which all share: a machine's own may be set wrong, the asker's or this one.
export async function checkTime(setup: ValidatorSetup, request: { expiresAt: number }): Promise<void> {
  const { timestamp } = await setup.client.publicClient.getBlock({ blockTag: 'latest' });
  const now = Number(timestamp);
  if (request.expiresAt <= now) throw new NeuroError('The request has expired.', { code: 'FORBIDDEN', remedy: "Sign a new one; the time of the chain's newest block counts." });
  if (request.expiresAt > now + LONGEST_VALIDITY_S) {
    throw new NeuroError(`The request is valid for more than ${LONGEST_VALIDITY_S} seconds.`, { code: 'FORBIDDEN', remedy: "Sign one that expires within five minutes; the time of the chain's newest block counts." });
  }
}

// The domain names chain and Market, so a request that was signed for another deployment recovers another address.
async function checkSignature(setup: ValidatorSetup, signed: SignedShareRequest): Promise<void> {
  const { chainId, addresses } = setup.client.config.deployment;
  const signer = await recoverTypedDataAddress({
    domain: requestDomain({ chainId, market: addresses.market }),
    types: shareRequestTypes,
    primaryType: 'ShareRequest',
    message: shareRequestMessage(signed.request),
    signature: signed.signature,
  }).catch(() => undefined);
  if (signer && isAddressEqual(signer, signed.request.account)) return;
  throw new NeuroError(`The request was not signed by ${signed.request.account} for this deployment.`, { code: 'FORBIDDEN', remedy: 'Sign it with that account, for this chain and Market.' });
}

async function checkEntitlement(setup: ValidatorSetup, request: ShareRequest): Promise<void> {
  const until = performance.now() + FINALITY_WAIT_MS;
  while (!(await isEntitled(setup, request, 'finalized'))) {
    if (!(await isEntitled(setup, request, 'latest'))) {
      throw new NeuroError(`Account ${request.account} is not entitled to asset ${request.assetId} version ${request.version} through ${request.proofId}.`, {
        code: 'NOT_ENTITLED', remedy: 'Ask while your job or round is open, with the account that it names.',
      });
    }
    if (performance.now() >= until) {
      throw new NeuroError('The entitlement is not finalized on chain yet.', { code: 'NOT_READY', remedy: 'Ask again in a few seconds.', retryable: true });
    }
    await sleep(FINALITY_POLL_MS);
  }
}

async function isEntitled(setup: ValidatorSetup, request: ShareRequest, blockTag: 'finalized' | 'latest'): Promise<boolean> {
  const { account, assetId, version, proofId } = request;
  const { client, contracts } = setup;
  return client.publicClient.readContract({ ...contracts.market, functionName: 'entitled', args: [account, BigInt(assetId), version, proofId], blockTag });
}
