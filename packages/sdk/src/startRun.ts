import { type JobSpec, NeuroError, encodeJobSpec, formatNcr, trainingAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { type RunDraft, draftRun } from './draftRun.ts';
import { toNeuroError } from './errors.ts';
import { freshIdentity } from './freshIdentity.ts';
import { type QuoteRunParameters, type RunQuote, quoteDraft } from './quoteRun.ts';
import { signPermit } from './signPermit.ts';

export type StartRunParameters = QuoteRunParameters & {
  /** Open the job although no worker fits it now: it waits for one until its time is over, and then the money returns. */
  waits?: boolean;
};
export type StartRunResult = { jobId: Hex; assetId: number; version: number; spec: JobSpec; specDigest: Hex; specCid: string; total: bigint; hash: Hex; gasUsed: bigint; recipientKey: Hex };

/**
 * Opens a training job: the spec is stored, price and fees go into escrow, and a worker is drawn among those that fit it and
 * ask for no more than is left of `maxTotal`. The identity to which model and checkpoints will be sealed is stored before.
 * Throws `BAD_SPEC`, `BAD_INPUT` where the listing does not admit the algorithm, `CONFLICT` over `maxTotal`, `NOT_READY`
 * where no worker fits, `NO_FUNDS`, `REVERTED`.
 */
export async function startRun(parameters: StartRunParameters): Promise<StartRunResult> {
  const { client, maxTotal, waits = false } = parameters;
  const draft = await draftRun(parameters);
  const quote = await quoteDraft({ client, draft, ...(maxTotal === undefined ? {} : { maxTotal }) });
  if (quote.workers.length === 0 && !waits) await refuse({ client, draft, quote });
  const { bytes, digest: specDigest } = encodeJobSpec(draft.spec);
  const { cid: specCid } = await client.storage.addRaw(bytes).catch((error: unknown) => { throw toNeuroError(error); });
  return openJob({ client, listingId: parameters.listingId, version: draft.version, spec: draft.spec, specDigest, specCid, quote });
}

/** Says whether it is for the price that nobody would run it. */
async function refuse({ client, draft, quote }: { client: NeuroClient; draft: RunDraft; quote: RunQuote }): Promise<never> {
  const [cheapest] = (await quoteDraft({ client, draft })).workers;
  if (!cheapest) throw new NeuroError('No worker that is registered now fits this run: its engine, memory, or stake.', { code: 'NOT_READY', remedy: 'Lower the limits of the run, or try later.' });
  const least = quote.price + cheapest.fee + quote.validationFee;
  throw new NeuroError(`The run costs at least ${formatNcr(least)} NCR, more than the ${formatNcr(quote.total)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Ask for a new quote.' });
}

type OpenJobParameters = { client: NeuroClient; listingId: number; version: number; spec: JobSpec; specDigest: Hex; specCid: string; quote: RunQuote };

async function openJob(parameters: OpenJobParameters): Promise<StartRunResult> {
  const { client, listingId, version, spec, specDigest, specCid, quote: { total, maxWorkerFee, needs } } = parameters;
  const { assetId } = spec.input;
  const training = client.config.deployment.addresses.training;
  const permit = await signPermit({ client, spender: training, value: total });
  const { publicKey: recipientKey } = await freshIdentity(client, `run on asset ${assetId} version ${version}, listing ${listingId}`);
  const sent = await client.send({
    address: training, abi: trainingAbi, functionName: 'openJob', args: [{ listingId, version, specDigest, recipientKey, needs: { ...needs, maxFee: maxWorkerFee }, maxTotal: total }, permit],
    sentence: `Train on asset ${assetId} for ${formatNcr(total)} NCR`,
  });
  const [opened] = parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The training contract opened no job.', { code: 'INTERNAL', details: sent.hash });
  return { jobId: opened.args.jobId, assetId, version, spec, specDigest, specCid, total, hash: sent.hash, gasUsed: sent.gasUsed, recipientKey };
}
