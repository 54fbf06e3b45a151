import { type JobSpec, NeuroError, trainingAbi } from '@neurodata/protocol';
import { type Hex, parseEventLogs } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { freshIdentity } from './freshIdentity.ts';
import { type PlanRunParameters, openJobCall, openTrialCall, planRun } from './planRun.ts';
import { signPermit } from './signPermit.ts';

export type StartRunParameters = Omit<PlanRunParameters, 'client'> & { client: NeuroClient };
export type StartRunResult = { jobId: Hex; assetId: number; version: number; spec: JobSpec; specDigest: Hex; specCid: string; total: bigint; hash: Hex; gasUsed: bigint; recipientKey: Hex };

/**
 * Opens a training job: the spec is stored, price and fees go into escrow, and a worker is drawn among those that fit it and
 * ask for no more than is left of `maxTotal`. The identity to which model and checkpoints will be sealed is stored before.
 * Of a trial the fee waits in a contract of its own, and nothing but rounded metrics comes out.
 * Throws `BAD_SPEC`, `BAD_INPUT` where the listing does not admit the algorithm, `CONFLICT` over `maxTotal`, `NOT_READY`
 * where no worker fits, `NO_FUNDS`, `REVERTED`.
 */
export async function startRun(parameters: StartRunParameters): Promise<StartRunResult> {
  const { client, listingId } = parameters;
  const plan = await planRun(parameters);
  const { spec, specDigest, version, quote: { total } } = plan;
  const { assetId } = spec.input;
  const { cid: specCid } = await client.storage.addRaw(plan.specBytes).catch((error: unknown) => { throw toNeuroError(error); });
  const { training, trials } = client.config.deployment.addresses;
  const permit = await signPermit({ client, spender: plan.trial ? trials : training, value: total });
  const { publicKey: recipientKey } = await freshIdentity(client, `run on asset ${assetId} version ${version}, listing ${listingId}`);
  const opening = { config: client.config, plan, recipientKey, permit };
  const sent = plan.trial ? await client.send(openTrialCall(opening)) : await client.send(openJobCall(opening));
  const [opened] = parseEventLogs({ abi: trainingAbi, eventName: 'JobOpened', logs: sent.receipt.logs });
  if (!opened) throw new NeuroError('The training contract opened no job.', { code: 'INTERNAL', details: sent.hash });
  return { jobId: opened.args.jobId, assetId, version, spec, specDigest, specCid, total, hash: sent.hash, gasUsed: sent.gasUsed, recipientKey };
}
