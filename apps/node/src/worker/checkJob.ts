import { checkTrainSpec, EngineError } from '@neurodata/engine';
import type { ColumnSpec } from '@neurodata/engine';
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
  if (manifest['nd:sealed'].mediaType !== 'text/csv') return `The version is ${manifest['nd:sealed'].mediaType}; the engine trains on text/csv.`;
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
  if (!columns) return undefined;
  const problem = train.target === null ? undefined : findTargetProblem(train.target, train.task, columns);
  if (problem) return problem;
  for (const feature of train.features) {
    const problem = findFeatureProblem(feature, columns);
    if (problem) return problem;
  }
  return undefined;
}

function findTargetProblem(name: string, task: JobSpec['train']['task'], columns: ManifestColumn[]): string | undefined {
  const target = columns.find((column) => column.name === name);
  if (!target) return noColumn(name, columns);
  if (task === 'regression') return target.kind === 'numeric' ? undefined : `Column ${JSON.stringify(name)} does not hold numbers only: regression needs a numeric target.`;
  return target.distinct < 2 ? `Column ${JSON.stringify(name)} has ${target.distinct} different values; a target needs at least 2.` : undefined;
}

function findFeatureProblem(feature: ColumnSpec, columns: ManifestColumn[]): string | undefined {
  const column = columns.find(({ name }) => name === feature.name);
  if (!column) return noColumn(feature.name, columns);
  const fits = feature.kind === 'categorical' || column.kind === 'numeric';
  return fits ? undefined : `Column ${JSON.stringify(feature.name)} does not hold numbers only: use it as categorical.`;
}

function noColumn(name: string, columns: ManifestColumn[]): string {
  return `The table has no column ${JSON.stringify(name)}: its columns are ${columns.map((column) => JSON.stringify(column.name)).join(', ')}.`;
}
