import { checkTrainSpec, EngineError, findColumnProblem, tableMediaTypes } from '@neurodata/engine';
import type { JobSpec, ManifestColumn } from '@neurodata/protocol';
import { readManifest } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { readCheckedSpec } from '../duty/readJob.ts';
import type { Job } from '../duty/readJob.ts';

/**
 * Why a job could only fail, as far as its public documents tell; undefined where it looks right. Asked before the
 * claim, because who claims and does not deliver pays the stall penalty.
 *
 * @throws what the storage throws while a block cannot be fetched.
 */
export async function findProblem(client: NeuroClient, job: Job): Promise<string | undefined> {
  const checked = await readCheckedSpec(client, job);
  if ('problem' in checked) return checked.problem;
  const manifest = await readManifest({ client, facts: checked.facts });
  const { mediaType } = manifest['nd:sealed'];
  const readable = Object.values(tableMediaTypes);
  if (!readable.includes(mediaType)) return `The version is ${mediaType}; the engine trains on ${readable.join(', ')}.`;
  return findSpecProblem(checked.spec.train, manifest['nd:columns']);
}

/** What is wrong with a spec, given the columns that validators have attested. */
export function findSpecProblem(train: JobSpec['train'], columns: ManifestColumn[] | undefined): string | undefined {
  try {
    checkTrainSpec(train);
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  return columns && findColumnProblem(train, columns);
}
