import { type JobSpec, NeuroError, encodeJobSpec, formatNcr, trainingAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { freshIdentity } from './freshIdentity.ts';
import { quoteRun } from './quoteRun.ts';
import { chooseVersion, readListing, readTerms } from './readListing.ts';
import { readVersion } from './readVersion.ts';
import { signPermit } from './signPermit.ts';

export type StartRunParameters = {
  client: NeuroClient;
  /** A compute listing. */
  listingId: number;
  version?: number;
  train: JobSpec['train'];
  /** Base units of NCR; the quoted total by default. */
  maxTotal?: bigint;
};
export type StartRunResult = { jobId: Hex; assetId: number; version: number; spec: JobSpec; specDigest: Hex; specCid: string; total: bigint; hash: Hex; gasUsed: bigint; recipientKey: Hex };

/**
 * Opens a training job: the spec is stored, price and fees go into escrow, and a worker is drawn. The identity to
 * which model and checkpoints will be sealed is stored before. Throws `BAD_SPEC`, `BAD_INPUT` where the listing does
 * not admit the algorithm, `CONFLICT` over `maxTotal`, `NO_FUNDS`, `REVERTED`.
 */
export async function startRun(parameters: StartRunParameters): Promise<StartRunResult> {
  const { client, listingId, train } = parameters;
  const listing = await readListing({ client, listingId });
  if (listing.kind !== 'compute') throw new NeuroError(`Listing ${listingId} sells downloads, not training runs.`, { code: 'BAD_INPUT', remedy: 'Choose a compute listing.' });
  const terms = await readTerms({ client, listingId });
  if (!terms.algorithms.includes(train.algorithm)) {
    throw new NeuroError(`Listing ${listingId} does not admit ${train.algorithm}.`, { code: 'BAD_INPUT', remedy: `Choose one of: ${terms.algorithms.join(', ') || 'none'}.` });
  }
  const version = await chooseVersion({ client, listing, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const { contentRoot } = await readVersion({ client, assetId: listing.assetId, version });
  const spec: JobSpec = { version: 1, input: { assetId: listing.assetId, version, contentRoot }, engineId: client.config.engineId, train };
  const { bytes, digest: specDigest } = encodeJobSpec(spec);
  const { total } = await quoteRun({ client, listingId });
  const maxTotal = parameters.maxTotal ?? total;
  if (total > maxTotal) throw new NeuroError(`The run costs ${formatNcr(total)} NCR, more than the ${formatNcr(maxTotal)} NCR you agreed to.`, { code: 'CONFLICT', remedy: 'Ask for a new quote.' });
  const { cid: specCid } = await client.storage.addRaw(bytes).catch((error: unknown) => { throw toNeuroError(error); });
  return openJob({ client, listingId, version, spec, specDigest, specCid, total, maxTotal });
}

type OpenJobParameters = { client: NeuroClient; listingId: number; version: number; spec: JobSpec; specDigest: Hex; specCid: string; total: bigint; maxTotal: bigint };

async function openJob(parameters: OpenJobParameters): Promise<StartRunResult> {
  const { client, listingId, version, spec, specDigest, specCid, total, maxTotal } = parameters;
  const { assetId } = spec.input;
  const training = client.config.deployment.addresses.training;
  const permit = await signPermit({ client, spender: training, value: total });
  const { publicKey: recipientKey } = await freshIdentity(client, `run on asset ${assetId} version ${version}, listing ${listingId}`);
  const sent = await client.send({
    address: training, abi: trainingAbi, functionName: 'openJob', args: [listingId, version, specDigest, recipientKey, maxTotal, permit],
    sentence: `Train on asset ${assetId} for ${formatNcr(total)} NCR`,
  });
  const [opened] = parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The training contract opened no job.', { code: 'INTERNAL', details: sent.hash });
  return { jobId: opened.args.jobId, assetId, version, spec, specDigest, specCid, total, hash: sent.hash, gasUsed: sent.gasUsed, recipientKey };
}
