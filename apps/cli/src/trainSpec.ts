import { EngineError, checkTrainSpec } from '@neurodata/engine';
import { type JobSpec, type ManifestColumn, NeuroError } from '@neurodata/protocol';

export type TrainOptions = {
  target: string;
  features?: string[];
  numeric?: string[];
  categorical?: string[];
  C: number;
  maxIterations: number;
  tolerance: number;
  seed: number;
  testFraction: number;
};

/** Bytes that a run's table and engine memory may take. */
const MAX_BYTES = 500_000_000;

/**
 * The algorithm part of a job spec from options and a manifest's columns: by default every column but the target is a
 * feature, of the kind that the manifest says. Throws `BAD_INPUT` naming the column.
 */
export function buildTrainSpec(columns: ManifestColumn[], options: TrainOptions): JobSpec['train'] {
  const known = new Map(columns.map((column) => [column.name, column.kind]));
  const check = (name: string): string => {
    if (known.has(name)) return name;
    throw new NeuroError(`There is no column "${name}".`, { code: 'BAD_INPUT', remedy: `The columns are: ${columns.map((column) => column.name).join(', ')}.` });
  };
  const target = check(options.target);
  const numeric = new Set((options.numeric ?? []).map(check));
  const categorical = new Set((options.categorical ?? []).map(check));
  const features = (options.features ?? columns.map(({ name }) => name).filter((name) => name !== target)).map(check);
  const kindOf = (name: string): 'numeric' | 'categorical' => (numeric.has(name) ? 'numeric' : categorical.has(name) ? 'categorical' : (known.get(name) ?? 'categorical'));
  if (features.includes(target)) throw new NeuroError(`"${target}" cannot be target and feature.`, { code: 'BAD_INPUT', remedy: 'Leave it out of --features.' });
  const spec = {
    algorithm: 'logistic-regression', target, features: features.map((name) => ({ name, kind: kindOf(name) })),
    split: { rule: 'hash-rank', seed: options.seed, testFraction: options.testFraction },
    parameters: { C: options.C, max_iter: options.maxIterations, tol: options.tolerance },
    limits: { maxSteps: options.maxIterations, maxBytes: MAX_BYTES },
  };
  try {
    return checkTrainSpec(spec);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new NeuroError('The training options are not valid.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: error.message });
  }
}
