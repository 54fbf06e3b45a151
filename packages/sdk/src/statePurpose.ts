import { NeuroError, type Purpose, type PurposeStatement, type SignedPurpose, purposeData } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import { askValidator } from './askValidator.ts';
import { type ChainReader, type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { type VersionPolicy, expectAdmitted, readPolicy } from './readPolicy.ts';

const ANSWER_MS = 10_000;
const RETRY_MS = 1_000;
/** How long the others are waited for once enough have it. */
const GRACE_MS = 3_000;

export type StatePurposeParameters = { client: NeuroClient; /** The account's order or subscription. */ proofId: Hex; assetId: number; version: number; purpose: Purpose; timeoutMs?: number };
export type StatedPurpose = { signed: SignedPurpose; kept: number[]; /** Who did not take it, and why. */ missing: { validatorId: number; reason: string }[] };

/**
 * Signs what an order or a subscription is for and gives it to those who hold the key: without that they grant no key of what has limits. The
 * same promise can be given again at any time. Throws `CONFLICT` where the terms do not admit it or another one was signed before,
 * `TOO_FEW_VALIDATORS` where too few could be told.
 *
 * @example await statePurpose({ client, proofId: orderId, assetId, version, purpose: { use: 'research', sharesResult: false } });
 */
export async function statePurpose(parameters: StatePurposeParameters): Promise<StatedPurpose> {
  const { client, proofId, assetId, version, purpose, timeoutMs } = parameters;
  const terms = await readPolicy({ client, assetId, version });
  return deliverPurpose({ client, terms, signed: await signPurpose({ client, proofId, terms, purpose }), ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

/** The account's signature, good for this one order or subscription under these terms. Throws `CONFLICT`. */
export async function signPurpose(parameters: { client: NeuroClient; proofId: Hex; terms: VersionPolicy; purpose: Purpose }): Promise<SignedPurpose> {
  const { client, proofId, terms, purpose: { use, sharesResult } } = parameters;
  const account = accountOf(client);
  const statement = await draftPurpose({ client, account: account.address, proofId, terms, purpose: { use, sharesResult } });
  const { chainId, addresses: { market } } = client.config.deployment;
  return { statement, signature: await account.signTypedData(purposeData({ chainId, market, statement })) };
}

/** What an account would sign. Throws `CONFLICT`. */
export async function draftPurpose(parameters: { client: ChainReader; account: Address; proofId: Hex; terms: VersionPolicy; purpose: Purpose }): Promise<PurposeStatement> {
  const { client, account, proofId, terms, purpose } = parameters;
  expectAdmitted({ terms, purpose, derives: false });
  const { timestamp } = await client.publicClient.getBlock().catch((error: unknown) => { throw toNeuroError(error); });
  return { account, proofId, assetId: terms.facts.assetId, limitsDigest: terms.limitsDigest, ...purpose, signedAt: Number(timestamp) };
}

/** Gives a signed purpose to the holders of a version's key, and waits until enough of them keep it. Throws as {@link statePurpose}. */
export async function deliverPurpose(parameters: { client: NeuroClient; terms: VersionPolicy; signed: SignedPurpose; timeoutMs?: number }): Promise<StatedPurpose> {
  const { client, terms: { facts: { committee, threshold } }, signed, timeoutMs = 30_000 } = parameters;
  const began = performance.now();
  const kept: number[] = [];
  let late = began + timeoutMs;
  const tell = async (validatorId: number): Promise<{ validatorId: number; reason: string }[]> => {
    for (;;) {
      try {
        await askValidator({ client, validatorId, question: 'statePurpose', input: signed, deadlineMs: ANSWER_MS });
        if (kept.push(validatorId) === threshold) late = Math.min(late, performance.now() + GRACE_MS);
        return [];
      } catch (error) {
        const { code, message, retryable } = toNeuroError(error);
        // A validator sees a block a little later than its sender does.
        const passing = retryable || code === 'NOT_FOUND' || code === 'NOT_READY';
        if (code === 'CONFLICT') throw error;
        if (!passing || performance.now() > late) return [{ validatorId, reason: message }];
      }
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  };
  const told = await Promise.allSettled(committee.map(tell));
  const refused = told.find((one) => one.status === 'rejected');
  if (refused) throw refused.reason;
  const missing = told.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  if (kept.length >= threshold) return { signed, kept: kept.toSorted((a, b) => a - b), missing };
  throw new NeuroError(`Only ${kept.length} of the ${threshold} validators that are needed know what this is for.`, {
    code: 'TOO_FEW_VALIDATORS', remedy: 'Sign it again later (neurodata orders purpose); if the key does not come in time, the money returns.', retryable: true,
    details: missing.map(({ validatorId, reason }) => `validator ${validatorId}: ${reason}`).join('; '),
  });
}
