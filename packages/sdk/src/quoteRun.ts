import { NeuroError, type RunNeeds, formatNcr, trainingAbi, workersAbi } from '@neurodata/protocol';
import { type Address, maxUint256, zeroAddress } from 'viem';
import { type RunDraft, type RunDraftParameters, draftRun } from './draftRun.ts';
import { toNeuroError } from './errors.ts';
import { expectTrialOffer } from './readTrialOffer.ts';

export type QuoteRunParameters = RunDraftParameters & {
  /** The most that may be paid in all, base units of NCR; by default what `total` says. */
  maxTotal?: bigint;
};

/** Amounts in base units of NCR. */
export type RunQuote = {
  needs: RunNeeds;
  /** The listing's; of a trial the fee. */
  price: bigint;
  validationFee: bigint;
  /** What the run's worker must have free, to lose if its result is wrong. */
  bond: bigint;
  /** Who could be drawn now, the cheapest first, and what each asks. */
  workers: { account: Address; fee: bigint }[];
  /** The most that the worker is paid. What it asks less comes back with its receipt. */
  maxWorkerFee: bigint;
  /** What goes into escrow: price, `maxWorkerFee` and validation fee. */
  total: bigint;
};

/** More than the cheapest asks for: there is a choice of workers, and one that asks for a fortune moves no quote. */
const USUAL_SPREAD = 2n;
const MAX_FEE = 2n ** 96n - 1n;

/**
 * What one run would cost now, who could run it, and for how much. Without a `maxTotal` of the caller, the dearest worker
 * counts that asks for at most twice as much as the cheapest; nobody in `workers` means that the run would wait for one.
 *
 * @throws what `draftRun` does.
 */
export async function quoteRun(parameters: QuoteRunParameters): Promise<RunQuote> {
  return quoteDraft({ client: parameters.client, draft: await draftRun(parameters), ...(parameters.maxTotal === undefined ? {} : { maxTotal: parameters.maxTotal }) });
}

/** {@link quoteRun} of a draft. */
export async function quoteDraft({ client, draft, maxTotal }: { client: RunDraftParameters['client']; draft: RunDraft; maxTotal?: bigint }): Promise<RunQuote> {
  const { listing: { listingId, seller }, needs, trial } = draft;
  const { training, workers } = client.config.deployment.addresses;
  const [listed, validationFee, bond] = await client.publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'quote', args: [listingId] })
    .catch((error: unknown) => { throw toNeuroError(error); });
  const price = trial ? (await expectTrialOffer({ client, listingId, account: client.account?.address })).fee : listed;
  const ask = { needs: { ...needs, maxFee: MAX_FEE }, buyer: client.account?.address ?? zeroAddress, publisher: seller, bond, notSince: maxUint256, lost: [] };
  const candidates = await client.publicClient.readContract({ address: workers, abi: workersAbi, functionName: 'candidates', args: [ask] })
    .catch((error: unknown) => { throw toNeuroError(error); });
  const fitting = candidates.filter(({ fits }) => fits).map(({ account, fee }) => ({ account, fee })).toSorted((a, b) => (a.fee < b.fee ? -1 : 1));
  const lowest = fitting[0]?.fee ?? 0n;
  const maxWorkerFee = maxTotal === undefined ? fitting.findLast(({ fee }) => fee <= lowest * USUAL_SPREAD)?.fee ?? 0n : leftOf(maxTotal, price + validationFee);
  return { needs, price, validationFee, bond, workers: fitting.filter(({ fee }) => fee <= maxWorkerFee), maxWorkerFee, total: price + maxWorkerFee + validationFee };
}

function leftOf(maxTotal: bigint, others: bigint): bigint {
  const left = maxTotal - others;
  if (left < 0n) throw new NeuroError(`The run costs ${formatNcr(others)} NCR without its worker, more than the ${formatNcr(maxTotal)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Ask for a new quote.' });
  return left < MAX_FEE ? left : MAX_FEE;
}
