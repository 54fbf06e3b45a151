import type { Algorithm } from '../algorithms/algorithm.ts';
import { findAlgorithm } from '../algorithms/index.ts';
import { between, fields, integer, name, oneOf, refuse } from './fields.ts';
import { type ParameterValues, checkParameters } from './parameters.ts';
import { checkSearch, checkValidation } from './selection.ts';
import type { ColumnSpec, Preprocess, Task, TrainSpec } from './types.ts';

export const mostSteps = 100_000;
const FIELDS = ['algorithm', 'task', 'target', 'features', 'weight', 'preprocess', 'split', 'parameters', 'limits', 'validation', 'search'] as const;

/**
 * Checks a value from outside and returns a copy with exactly the known fields, defaults filled in.
 *
 * @throws EngineError BAD_SPEC, naming the field, the value and what is allowed
 */
export function checkTrainSpec(value: unknown): TrainSpec {
  const spec = fields(value, 'spec', FIELDS);
  const algorithm = findAlgorithm(spec['algorithm']);
  const task = spec['task'] === undefined ? algorithm.tasks[0] : oneOf(spec['task'], 'spec.task', algorithm.tasks);
  if (task === undefined) throw new TypeError(`${algorithm.name} has no task`);
  const target = checkTarget(spec['target'], task);
  const weight = checkWeight(spec['weight'], algorithm);
  const split = fields(spec['split'], 'spec.split', ['rule', 'seed', 'testFraction']);
  const limits = fields(spec['limits'], 'spec.limits', ['maxSteps', 'maxBytes']);
  const seed = integer(split['seed'], 'spec.split.seed', [0, Number.MAX_SAFE_INTEGER]);
  const { validation, search } = spec;
  return {
    algorithm: algorithm.name, task, target, weight,
    features: checkFeatures(spec['features'], [target, weight]),
    preprocess: checkPreprocess(spec['preprocess'], algorithm),
    split: {
      rule: oneOf(split['rule'], 'spec.split.rule', ['hash-rank'] as const),
      seed,
      testFraction: between(split['testFraction'], 'spec.split.testFraction', [0.001, 0.999]),
    },
    parameters: parametersOf(algorithm, spec['parameters']),
    limits: {
      maxSteps: integer(limits['maxSteps'], 'spec.limits.maxSteps', [1, mostSteps]),
      maxBytes: integer(limits['maxBytes'], 'spec.limits.maxBytes', [1024, 2 ** 32]),
    },
    ...(validation === undefined || validation === null ? {} : { validation: checkValidation(validation, { algorithm, task, seed }) }),
    ...(search === undefined || search === null ? {} : { search: checkSearch(search, { algorithm, task, seed }) }),
  };
}

function parametersOf(algorithm: Algorithm, given: unknown): ParameterValues {
  const values = checkParameters(algorithm.parameters, given);
  algorithm.check?.(values);
  return values;
}

function checkTarget(value: unknown, task: Task): string | null {
  if (task === 'classification' || task === 'regression') return name(value, 'spec.target');
  if (value === undefined || value === null) return null;
  throw refuse('spec.target', value, `null: ${task} has no target`);
}

function checkWeight(value: unknown, algorithm: Algorithm): string | null {
  if (value === undefined || value === null) return null;
  if (!algorithm.takesWeights) throw refuse('spec.weight', value, `null: ${algorithm.name} takes no sample weights`);
  return name(value, 'spec.weight');
}

function checkPreprocess(value: unknown, algorithm: Algorithm): Preprocess {
  const given = fields(value ?? {}, 'spec.preprocess', ['impute', 'scale', 'encode']);
  const { impute, scale, encode } = { ...algorithm.preprocess, ...given };
  const imputes = ['mean', 'median', 'most-frequent', 'zero', ...(algorithm.takesMissing ? (['none'] as const) : [])] as const;
  return {
    impute: oneOf(impute, 'spec.preprocess.impute', imputes),
    scale: oneOf(scale, 'spec.preprocess.scale', ['standard', 'none'] as const),
    encode: oneOf(encode, 'spec.preprocess.encode', ['one-hot', 'ordinal'] as const),
  };
}

function checkFeatures(value: unknown, taken: (string | null)[]): ColumnSpec[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 10_000) throw refuse('spec.features', value, 'a list of 1 to 10000 columns');
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const at = `spec.features[${index}]`;
    const column = fields(entry, at, ['name', 'kind']);
    const checked = { name: name(column['name'], `${at}.name`), kind: oneOf(column['kind'], `${at}.kind`, ['numeric', 'categorical'] as const) };
    if (taken.includes(checked.name)) throw refuse(`${at}.name`, checked.name, 'another column than target and weight');
    if (seen.has(checked.name)) throw refuse(`${at}.name`, checked.name, 'a column that is not listed before');
    seen.add(checked.name);
    return checked;
  });
}
