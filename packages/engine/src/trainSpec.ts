import { EngineError } from './errors.ts';

export type ColumnSpec = { name: string; kind: 'numeric' | 'categorical' };

/** The algorithm part of a job spec: plain JSON, so that its canonical form can be hashed. */
export type TrainSpec = {
  algorithm: 'logistic-regression';
  target: string;
  features: ColumnSpec[];
  split: { rule: 'hash-rank'; seed: number; testFraction: number };
  /** C as in scikit-learn; tolerance bounds the largest gradient component of the mean objective. */
  parameters: { C: number; maxIterations: number; tolerance: number };
  /** maxSteps bounds the iterations, maxBytes the file and the engine's memory, each in bytes. */
  limits: { maxSteps: number; maxBytes: number };
};

/**
 * Checks a value from outside and returns a copy with exactly the known fields.
 *
 * @throws EngineError BAD_SPEC, naming the field, the value and what is allowed
 */
export function checkTrainSpec(value: unknown): TrainSpec {
  const spec = fields(value, 'spec', ['algorithm', 'target', 'features', 'split', 'parameters', 'limits']);
  const split = fields(spec['split'], 'spec.split', ['rule', 'seed', 'testFraction']);
  const parameters = fields(spec['parameters'], 'spec.parameters', ['C', 'maxIterations', 'tolerance']);
  const limits = fields(spec['limits'], 'spec.limits', ['maxSteps', 'maxBytes']);
  const target = name(spec['target'], 'spec.target');
  return {
    algorithm: oneOf(spec['algorithm'], 'spec.algorithm', ['logistic-regression'] as const),
    target,
    features: features(spec['features'], target),
    split: {
      rule: oneOf(split['rule'], 'spec.split.rule', ['hash-rank'] as const),
      seed: integer(split['seed'], 'spec.split.seed', [0, Number.MAX_SAFE_INTEGER]),
      testFraction: between(split['testFraction'], 'spec.split.testFraction', [0.001, 0.999]),
    },
    parameters: {
      C: between(parameters['C'], 'spec.parameters.C', [1e-9, 1e9]),
      maxIterations: integer(parameters['maxIterations'], 'spec.parameters.maxIterations', [1, 10_000]),
      tolerance: between(parameters['tolerance'], 'spec.parameters.tolerance', [1e-12, 1]),
    },
    limits: {
      maxSteps: integer(limits['maxSteps'], 'spec.limits.maxSteps', [1, 10_000]),
      maxBytes: integer(limits['maxBytes'], 'spec.limits.maxBytes', [1024, 2 ** 32]),
    },
  };
}

function features(value: unknown, target: string): ColumnSpec[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 10_000) {
    throw refuse('spec.features', value, 'a list of 1 to 10000 columns');
  }
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const at = `spec.features[${index}]`;
    const column = fields(entry, at, ['name', 'kind']);
    const checked = { name: name(column['name'], `${at}.name`), kind: oneOf(column['kind'], `${at}.kind`, ['numeric', 'categorical'] as const) };
    if (checked.name === target) throw refuse(`${at}.name`, checked.name, 'another column than the target');
    if (seen.has(checked.name)) throw refuse(`${at}.name`, checked.name, 'a column that is not listed before');
    seen.add(checked.name);
    return checked;
  });
}

function fields(value: unknown, at: string, known: string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(at, value, `an object with ${known.join(', ')}`);
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw refuse(`${at}.${key}`, (value as Record<string, unknown>)[key], `left out: the fields are ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

function name(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '' && value.isWellFormed()) return value;
  throw refuse(at, value, 'the name of a column');
}

function oneOf<const T extends string>(value: unknown, at: string, allowed: readonly T[]): T {
  const found = allowed.find((option) => option === value);
  if (found !== undefined) return found;
  throw refuse(at, value, allowed.map((option) => JSON.stringify(option)).join(' or '));
}

function integer(value: unknown, at: string, [least, most]: [number, number]): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value + 0;
  throw refuse(at, value, `an integer from ${least} to ${most}`);
}

function between(value: unknown, at: string, [least, most]: [number, number]): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw refuse(at, value, `a number from ${least} to ${most}`);
}

function refuse(at: string, value: unknown, allowed: string): EngineError {
  return new EngineError('BAD_SPEC', `${at} is ${show(value)}: it must be ${allowed}.`);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
