import { NeuroError, limitsDigest, orderStates, proofKindOf, purposeData, purposeProblem, samePurpose } from '@neurodata/protocol';
import type { PurposeStatement, SignedPurpose } from '@neurodata/protocol';
import { readManifest, readSubscription, readVersion } from '@neurodata/sdk';
import { isAddressEqual, recoverTypedDataAddress, zeroAddress } from 'viem';
import type { Address } from 'viem';
import type { RateLimit } from '../common/rateLimit.ts';
import type { ValidatorSetup } from './setup.ts';

/**
 * Takes a buyer's promise what an order or a subscription is for: signed by the buyer for this deployment, about an order that there is and the terms of its
 * version, and within them. The first one stands; the same again is answered the same.
 *
 * @throws NeuroError BAD_INPUT, FORBIDDEN, RATE_LIMITED, NOT_FOUND (not on chain, or not seen here yet), CONFLICT (against the terms, or another was kept).
 */
export async function answerPurpose(parameters: { setup: ValidatorSetup; rate: RateLimit; signed: SignedPurpose }): Promise<{ validatorId: number; kept: true }> {
  const { setup, rate, signed } = parameters;
  const { statement } = signed;
  await checkSignature(setup, signed);
  if (!rate.take(`purpose ${statement.account.toLowerCase()}`)) throw new NeuroError(`Account ${statement.account} asks too often.`, { code: 'RATE_LIMITED', remedy: 'Try again in a minute.', retryable: true });
  const { account, assetId, version } = await readBought(setup, statement);
  if (!isAddressEqual(account, statement.account)) throw new NeuroError(`${statement.proofId} is not of ${statement.account}.`, { code: 'FORBIDDEN', remedy: 'Sign it with the account that bought it.' });
  const facts = await readVersion({ client: setup.client, assetId, version });
  const manifest = await readManifest({ client: setup.client, facts });
  if (assetId !== statement.assetId || limitsDigest(manifest) !== statement.limitsDigest) {
    throw new NeuroError(`The promise is about other terms than those of asset ${assetId} version ${version}.`, { code: 'CONFLICT', remedy: 'Read the terms again and sign anew.' });
  }
  const problem = purposeProblem({ published: manifest, purpose: statement, derives: false });
  if (problem) throw new NeuroError(problem.sentence, { code: 'CONFLICT', remedy: 'Buy something whose terms admit it; the money of this order returns when its grant window is over.' });
  const stands = await setup.purposes.keep(signed);
  if (!samePurpose(stands.statement, statement)) throw new NeuroError('Another purpose was signed for it before, and a promise stays.', { code: 'CONFLICT', remedy: 'Keep to that one, or buy it once more.' });
  setup.log.info({ proofId: statement.proofId, account, assetId, version, use: statement.use, sharesResult: statement.sharesResult }, 'keeps a signed purpose');
  return { validatorId: setup.validatorId, kept: true };
}

// The domain names chain and Market, so what was signed for another deployment recovers another address.
async function checkSignature({ client }: ValidatorSetup, { statement, signature }: SignedPurpose): Promise<void> {
  const { chainId, addresses: { market } } = client.config.deployment;
  const signer = await recoverTypedDataAddress({ ...purposeData({ chainId, market, statement }), signature }).catch(() => undefined);
  if (signer && isAddressEqual(signer, statement.account)) return;
  throw new NeuroError(`The promise was not signed by ${statement.account} for this deployment.`, { code: 'FORBIDDEN', remedy: 'Sign it with that account, for this chain and Market.' });
}

/** Who bought what: of a subscription, the version whose key was asked for last. */
async function readBought({ client, contracts }: ValidatorSetup, { proofId }: PurposeStatement): Promise<{ account: Address; assetId: number; version: number }> {
  const kind = proofKindOf(proofId);
  if (kind === 'subscription') {
    const { account, assetId, request: { version } } = await readSubscription({ client, subscriptionId: proofId });
    return { account, assetId, version };
  }
  if (kind !== 'order') throw new NeuroError(`Nothing is promised for a ${kind}.`, { code: 'BAD_INPUT', remedy: 'Name an order or a subscription.' });
  const order = await client.publicClient.readContract({ ...contracts.market, functionName: 'order', args: [proofId] });
  const state = orderStates[order.state] ?? 'none';
  if (state === 'none' || order.buyer === zeroAddress) throw new NeuroError(`There is no order ${proofId} yet.`, { code: 'NOT_FOUND', remedy: 'Ask again in a few seconds, or check the id.', retryable: true });
  if (state === 'refunded') throw new NeuroError(`Order ${proofId} was refunded.`, { code: 'CONFLICT', remedy: 'Buy it again.' });
  const { assetId } = await client.publicClient.readContract({ ...contracts.market, functionName: 'listing', args: [order.listingId] });
  return { account: order.buyer, assetId: Number(assetId), version: order.version };
}
