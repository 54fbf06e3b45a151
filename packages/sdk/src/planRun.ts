import { NeuroError, encodeJobSpec, formatNcr, trainingAbi, trialsAbi } from '@neurodata/protocol';
import type { Config } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { type RunDraft, draftRun } from './draftRun.ts';
import { type QuoteRunParameters, type RunQuote, quoteDraft } from './quoteRun.ts';
import { type PermitInput, noPermit } from './signPermit.ts';

export type PlanRunParameters = QuoteRunParameters & {
  /** Open the job although no worker fits it now: it waits for one until its time is over, and then the money returns. */
  waits?: boolean;
};
/** A run that can be opened: what it is, what it costs, and its spec as it is stored. */
export type RunPlan = RunDraft & { listingId: number; quote: RunQuote; specBytes: Uint8Array; specDigest: Hex };

/**
 * What `startRun` would open, for whoever signs elsewhere; nothing is stored or sent.
 *
 * @throws `BAD_SPEC`, `BAD_INPUT` where the listing does not admit the algorithm, `CONFLICT` over `maxTotal`, `NOT_READY` where no worker fits.
 */
export async function planRun(parameters: PlanRunParameters): Promise<RunPlan> {
  const { client, maxTotal, waits = false, listingId } = parameters;
  const draft = await draftRun(parameters);
  const quote = await quoteDraft({ client, draft, ...(maxTotal === undefined ? {} : { maxTotal }) });
  if (quote.workers.length === 0 && !waits) await refuse({ client, draft, quote });
  const { bytes: specBytes, digest: specDigest } = encodeJobSpec(draft.spec);
  return { ...draft, listingId, quote, specBytes, specDigest };
}

/** Says whether it is for the price that nobody would run it. */
async function refuse({ client, draft, quote }: { client: PlanRunParameters['client']; draft: RunDraft; quote: RunQuote }): Promise<never> {
  const [cheapest] = (await quoteDraft({ client, draft })).workers;
  if (!cheapest) throw new NeuroError('No worker that is registered now fits this run: its engine, memory, or stake.', { code: 'NOT_READY', remedy: 'Lower the limits of the run, or try later.' });
  const least = quote.price + cheapest.fee + quote.validationFee;
  throw new NeuroError(`The run costs at least ${formatNcr(least)} NCR, more than the ${formatNcr(quote.total)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Ask for a new quote.' });
}

type OpenRun = { config: Config; plan: RunPlan; recipientKey: Hex; permit?: PermitInput };

/** What `startRun` sends. Without a permit the money comes out of a standing allowance; model and checkpoints are sealed to `recipientKey`. */
export function openJobCall({ config, plan, recipientKey, permit = noPermit }: OpenRun) {
  const { spec: { input: { assetId } }, quote: { total } } = plan;
  return { address: config.deployment.addresses.training, abi: trainingAbi, functionName: 'openJob', args: [inputOf(plan, recipientKey), permit], sentence: `Train on asset ${assetId} for ${formatNcr(total)} NCR` } as const;
}

/** The same for a trial: it goes through a contract of its own, which holds the fee. */
export function openTrialCall({ config, plan, recipientKey, permit = noPermit }: OpenRun) {
  const { spec: { input: { assetId } }, quote: { total } } = plan;
  return { address: config.deployment.addresses.trials, abi: trialsAbi, functionName: 'open', args: [inputOf(plan, recipientKey), permit], sentence: `Try asset ${assetId} for ${formatNcr(total)} NCR` } as const;
}

function inputOf({ listingId, version, specDigest, quote: { total, maxWorkerFee, needs } }: RunPlan, recipientKey: Hex) {
  return { listingId, version, specDigest, recipientKey, needs: { ...needs, maxFee: maxWorkerFee }, maxTotal: total } as const;
}
