import type { TrainResult } from '@neurodata/engine';
import { openMainTable, readManifest } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import type { JobSpec, Receipt } from '@neurodata/protocol';
import { readCheckedSpec } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';
import { trainInThread } from '../duty/runInThread.ts';
import { expectFact, Refusal, refuseIfWrong } from './finding.ts';
import { MAX_CONTENT_BYTES, readContent } from './readContent.ts';
import type { CheckContext } from './readContent.ts';

/** What a job asks to train, and on which rows. */
export type RunInput = { spec: JobSpec; facts: VersionFacts; plaintext: Uint8Array };

/**
 * A job's public documents, and the rows that the round entitles us to.
 *
 * @throws Refusal where the run should not have been made; anything else where it could not be told now.
 */
export async function readRunInput(context: CheckContext, job: Job): Promise<RunInput> {
  const { client } = context.setup;
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) {
    // A validator that lags behind in engines must not judge those who do not.
    if (checked.otherEngine) throw new Error(checked.problem);
    throw new Refusal(`The run should not have been made. ${checked.problem}`);
  }
  const { spec, facts } = checked;
  const manifest = await refuseIfWrong('The manifest', readManifest({ client, facts }));
  const { plaintext: content } = await readContent({ context, facts, manifest });
  const plaintext = await refuseIfWrong('The table', openMainTable({ storage: client.storage, manifest, content, mostBytes: MAX_CONTENT_BYTES, signal: context.signal }));
  return { spec, facts, plaintext };
}

/**
 * Repeats a whole run; a cancelled one up to the step at which its worker has ended.
 *
 * @throws Refusal where it should not have been made; anything else where it could not be repeated now.
 */
export async function repeatRun(context: CheckContext, job: Job, { spec, plaintext }: RunInput): Promise<TrainResult> {
  const { setup: { threads }, timeoutMs, signal } = context;
  const part = job.totalSteps === 0 ? {} : { lastStep: job.checkpoints - 1 };
  const result = await refuseIfWrong('Training', trainInThread({ csv: plaintext, spec: spec.train, threads, ...part, traced: true, timeoutMs, signal }));
  expectSteps(job, result.maxSteps);
  return result;
}

/** The version that a receipt says it was trained on is the job's. */
export function expectInput({ body: { input } }: Receipt, { facts }: RunInput): void {
  const same = input.assetId === facts.assetId && input.version === facts.version && input.contentRoot.toLowerCase() === facts.contentRoot;
  expectFact(same, 'The receipt names another input than the job has.');
}

/** The steps of which a cancelled job's worker was paid a part. */
export function expectSteps(job: Job, maxSteps: number): void {
  if (job.totalSteps === 0) return;
  expectFact(job.totalSteps === maxSteps, `The receipt says that the job asked for ${job.totalSteps} steps, it asked for ${maxSteps}.`);
}
