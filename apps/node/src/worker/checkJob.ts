import { checkTrainSpec, EngineError, findColumnProblem, tableMediaTypes } from '@neurodata/engine';
import { mainFileOf, needsOfRun } from '@neurodata/protocol';
import type { JobSpec, ManifestColumn, RunNeeds } from '@neurodata/protocol';
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
  const table = mainFileOf(manifest);
  if (!table) return 'The version is a folder without a main table.';
  const { mediaType, sealedSize: size } = table;
  const understated = findUnderstatement(job.needs, needsOfRun({ spec: checked.spec, size }));
  if (understated !== undefined) return understated;
  const readable = Object.values(tableMediaTypes);
  if (!readable.includes(mediaType)) return `The version is ${mediaType}; the engine trains on ${readable.join(', ')}.`;
  return findSpecProblem(checked.spec.train, manifest['nd:columns']);
}

/** Who is paid by the unit, and has so much memory, compares what the buyer said with what the documents say. */
function findUnderstatement(said: RunNeeds, needed: RunNeeds): string | undefined {
  if (said.runtime.toLowerCase() !== needed.runtime.toLowerCase()) return `The job names the engine ${said.runtime}, its spec ${needed.runtime}.`;
  if (said.units < needed.units) return `The job pays for ${said.units} units of work, its spec needs ${needed.units}.`;
  return said.memoryMiB < needed.memoryMiB ? `The job names ${said.memoryMiB} MiB of memory, its spec needs ${needed.memoryMiB}.` : undefined;
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
