import type { Hex } from 'viem';
import { NeuroError } from './errors.ts';
import type { JobSpec } from './jobSpec.ts';

/** What a job asks of a worker, as `IWorkers.Needs` has it without the money. */
export type RunNeeds = { runtime: Hex; units: number; memoryMiB: number; cores: number };

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const MOST = 2 ** 32 - 1;

/**
 * What a run may need, from its public documents alone, so that buyer, workers and everybody else get the same numbers.
 * `size`: of the sealed table, bytes, as the manifest says: `mainFileOf`. A unit of work is a GiB of sealed file gone through by one step,
 * of the most steps that the spec allows; a begun unit counts. Memory holds the file and what the spec's limit lets the engine take.
 * Throws `BAD_SPEC` where that is more than the chain can count.
 *
 * @example const { units, memoryMiB } = needsOfRun({ spec, size: mainFileOf(manifest).sealedSize });
 */
export function needsOfRun(parameters: { spec: JobSpec; size: number }): RunNeeds {
  const { spec: { engineId, train: { limits } }, size } = parameters;
  const units = Math.max(1, Math.ceil((size * limits.maxSteps) / GIB));
  if (units > MOST) throw new NeuroError(`${limits.maxSteps} steps over ${size} bytes are more work than a job can name.`, { code: 'BAD_SPEC', remedy: 'Allow fewer steps.' });
  return { runtime: engineId, units, memoryMiB: Math.ceil((size + limits.maxBytes) / MIB), cores: 1 };
}
