import { EngineError } from '../../errors.ts';
import type { Predictor } from '../../algorithms/algorithm.ts';
import type { Prepared } from '../../prepare/problem.ts';
import type { Pause } from '../../run/pause.ts';
import type { Explanation } from './explanation.ts';
import { measureDependence } from './measureDependence.ts';
import { measureImportance } from './measureImportance.ts';
import type { ProbeSetup } from './probe.ts';

/** Explains a supervised model by asking it: importance, then dependence. Bounded work, so large models have less. @throws EngineError ABORTED */
export async function explain({ prepared, predictor, body, pause }: { prepared: Prepared; predictor: Predictor; body: Uint8Array; pause: Pause }): Promise<Explanation | undefined> {
  const { problem } = prepared;
  const { spec } = problem;
  if (spec.task !== 'classification' && spec.task !== 'regression') return undefined;
  const setup: ProbeSetup = { problem, body, pause, predictor };
  const importance = await orNote('Permutation importance', () => measureImportance(setup));
  const known = typeof importance === 'string' ? undefined : importance;
  const dependence = await orNote('Partial dependence', () => measureDependence({ ...setup, prepared, importance: known }));
  return {
    ...(known === undefined ? {} : { importance: known }),
    ...(typeof dependence === 'string' ? {} : { dependence }),
    notes: [importance, dependence].filter((part) => typeof part === 'string'),
  };
}

/** Rows made of others' cells may lie where the model has no finite answer, or a module fails: that is no reason to refuse the run. */
async function orNote<T>(what: string, measure: () => Promise<T | string>): Promise<T | string> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof EngineError && error.code !== 'ABORTED') return `${what} is left out: the model has no finite answers to rows with changed cells.`;
    throw error;
  }
}
