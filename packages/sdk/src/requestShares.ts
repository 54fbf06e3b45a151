import { NeuroError, type ShareRequest, type SignedShareRequest, requestDomain, shareRequestMessage, shareRequestTypes } from '@neurodata/protocol';
import { type AnyKeyset, type Identity, type Share, createIdentity } from '@neurodata/sealing';
import { type Hex, bytesToHex } from 'viem';
import { askValidator } from './askValidator.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readKeyset } from './readKeyset.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';
import { type BadShare, combine, openGrantedShare } from './shares.ts';

export type RequestSharesParameters = {
  client: NeuroClient;
  assetId: number;
  version: number;
  /** The job, round or finished order that entitles the account; or `ownerProofId` of the asset that it owns. */
  proofId: Hex;
  /** To which the shares are sealed; a fresh one by default. */
  identity?: Identity;
  /** How long validators are asked again that are not reachable, or see no entitlement at a finalized block yet; 45 s, of a wallet 15 s each. */
  timeoutMs?: number;
  signal?: AbortSignal;
};

const RETRY_MS = 1000;
const ANSWER_MS = 10_000;
const VALID_SECONDS = 240;
const PATIENCE_MS = 45_000;
/** Where one validator is asked after the other. */
const EACH_PATIENCE_MS = 15_000;

/**
 * Asks a version's key holders for their shares with a signed request, checks them against the keyset on chain, and
 * combines the key secret. For workers of a job, committee members of a round, owners, and buyers who lost their keys. A wallet signs for
 * one validator after the other, and for no more than are needed.
 * Throws `TOO_FEW_VALIDATORS` naming who did not help and why; of a wallet `REJECTED`, `WRONG_CHAIN` or `CONFLICT`, and then asks no more.
 */
export async function requestShares(parameters: RequestSharesParameters): Promise<{ secret: Uint8Array; /** Opens the keyset's first commitment together with the secret. */ blinding: Uint8Array; keyset: AnyKeyset; facts: VersionFacts }> {
  const { client, assetId, version } = parameters;
  const facts = await readVersion({ client, assetId, version });
  const { keyset } = await readKeyset({ client, facts });
  const asked = { ...parameters, identity: parameters.identity ?? createIdentity(), keyset };
  const shares: Share[] = [];
  const bad: BadShare[] = [];
  const enough = new AbortController();
  const signal = parameters.signal ? AbortSignal.any([enough.signal, parameters.signal]) : enough.signal;
  const waiting = [...facts.committee];
  const atOnce = accountOf(client).type === 'wallet' ? 1 : waiting.length;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let validatorId = waiting.shift(); validatorId !== undefined && !signal.aborted; validatorId = waiting.shift()) {
      const answer = await askUntil({ ...asked, signal }, validatorId);
      if (typeof answer === 'string') bad.push({ validatorId, reason: answer });
      else shares.push(answer);
      if (shares.length >= keyset.threshold) enough.abort();
    }
  }));
  parameters.signal?.throwIfAborted();
  return { ...combine({ keyset, shares, bad, remedy: 'Try again when more of them answer.' }), keyset, facts };
}

type Asked = RequestSharesParameters & { identity: Identity; keyset: AnyKeyset; signal: AbortSignal };

/** One validator's share, or what it answered last. */
async function askUntil(asked: Asked, validatorId: number): Promise<Share | string> {
  const isWallet = accountOf(asked.client).type === 'wallet';
  // A wallet's owner signs once for each, however often it is asked, and thinks as long as they like.
  const signed = isWallet ? await signRequest(asked, validatorId) : undefined;
  const until = performance.now() + (asked.timeoutMs ?? (isWallet ? EACH_PATIENCE_MS : PATIENCE_MS));
  for (;;) {
    try {
      return await askOnce(asked, signed ?? (await signRequest(asked, validatorId)));
    } catch (error) {
      if (asked.signal.aborted) return 'was not waited for';
      const { message, code, retryable, details } = toNeuroError(error);
      // The chain's finalized block follows its head: an entitlement that exists is seen a little later.
      const passing = retryable || code === 'NOT_ENTITLED' || code === 'NOT_FOUND' || code === 'NOT_READY';
      if (!passing || performance.now() > until) return details ? `${message} (${details})` : message;
    }
    await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
  }
}

async function signRequest({ client, assetId, version, proofId, identity }: Asked, validatorId: number): Promise<SignedShareRequest> {
  const account = accountOf(client);
  const { market } = client.config.deployment.addresses;
  const { timestamp } = await client.publicClient.getBlock();
  // The chain's clock is the one that both sides share.
  const now = Number(timestamp);
  const request: ShareRequest = { account: account.address, assetId, version, proofId, validatorId, recipientKey: bytesToHex(identity.publicKey), expiresAt: now + VALID_SECONDS };
  const signature = await account.signTypedData({
    domain: requestDomain({ chainId: client.config.deployment.chainId, market }), types: shareRequestTypes, primaryType: 'ShareRequest', message: shareRequestMessage(request),
  });
  return { request, signature };
}

async function askOnce({ client, proofId, identity, keyset, signal }: Asked, signed: SignedShareRequest): Promise<Share | string> {
  const { validatorId } = signed.request;
  const answer = await askValidator({ client, validatorId, question: 'requestShare', deadlineMs: ANSWER_MS, input: signed, signal });
  if (answer.validatorId !== validatorId) throw new NeuroError(`The endpoint of validator ${validatorId} answered for validator ${answer.validatorId}.`, { code: 'INTERNAL' });
  return openGrantedShare({ keyset, proofId, identity, granted: answer });
}
