import { type Admission, type Algorithm, EngineError, type Parameter, type Task, algorithms, checkTrainSpec, findAlgorithm, findColumnProblem, findInadmissible, leafRule, parseParameter, parseValues, planRun, taskOfTarget } from '@neurodata/engine';
import { type JobSpec, type ManifestColumn, NeuroError } from '@neurodata/protocol';

export type TrainOptions = {
  algorithm?: string;
  task?: string;
  target?: string;
  features?: string[];
  numeric?: string[];
  categorical?: string[];
  weight?: string;
  /** `name=value`, as typed. */
  set?: string[];
  /** `name=values`, as typed. */
  try?: string[];
  tries?: number;
  bestBy?: string;
  folds?: number;
  impute?: string;
  scale?: string;
  encode?: string;
  seed: number;
  testFraction: number;
  maxSteps: number;
};

/** Bytes that a run's table and engine memory may take. */
const MAX_BYTES = 1_000_000_000;

/**
 * The algorithm part of a job spec from options and a table's columns: by default every column but target and weight is
 * a feature, of the kind that the table says, and the task is the one that fits the target. `admission`: the terms of
 * the listing that it is for; they raise the default of a tree's smallest leaf. Throws `BAD_INPUT` naming what is wrong.
 */
export function buildTrainSpec(columns: ManifestColumn[], options: TrainOptions, admission?: Admission): JobSpec['train'] {
  const { target, weight } = options;
  const check = checker(columns);
  const numeric = new Set((options.numeric ?? []).map(check));
  const categorical = new Set((options.categorical ?? []).map(check));
  const taken = [target, weight].map((name) => (name === undefined ? undefined : check(name)));
  const features = (options.features ?? columns.map(({ name }) => name).filter((name) => !taken.includes(name))).map(check);
  const kindOf = (name: string): 'numeric' | 'categorical' => (numeric.has(name) ? 'numeric' : categorical.has(name) ? 'categorical' : (columns.find((column) => column.name === name)?.kind ?? 'categorical'));
  if (target !== undefined && features.includes(target)) throw new NeuroError(`"${target}" cannot be target and feature.`, { code: 'BAD_INPUT', remedy: 'Leave it out of --features.' });
  return refusing(() => {
    const algorithm = chooseAlgorithm(columns, options);
    const task = chooseTask(algorithm, columns, options);
    const spec = checkTrainSpec({
      algorithm: algorithm.name, task, target: target ?? null, weight: weight ?? null, features: features.map((name) => ({ name, kind: kindOf(name) })),
      preprocess: Object.fromEntries(Object.entries({ impute: options.impute, scale: options.scale, encode: options.encode }).filter(([, value]) => value !== undefined)),
      split: { rule: 'hash-rank', seed: options.seed, testFraction: options.testFraction },
      parameters: { ...admittedDefaults(algorithm, admission), ...givenParameters(algorithm, options.set ?? []) },
      limits: { maxSteps: options.maxSteps, maxBytes: MAX_BYTES },
      ...(options.folds === undefined ? {} : { validation: { folds: options.folds } }),
      ...searchOf(algorithm, options),
    });
    const problem = findColumnProblem(spec, columns) ?? (admission && findInadmissible(spec, admission));
    if (problem !== undefined) throw new EngineError('BAD_SPEC', problem);
    return spec;
  });
}

function checker(columns: ManifestColumn[]): (name: string) => string {
  return (name) => {
    if (columns.some((column) => column.name === name)) return name;
    throw new NeuroError(`There is no column "${name}".`, { code: 'BAD_INPUT', remedy: `The columns are: ${columns.map((column) => column.name).join(', ')}.` });
  };
}

/** The one that is named, else the first that does what is asked for. */
function chooseAlgorithm(columns: ManifestColumn[], options: TrainOptions): Algorithm {
  if (options.algorithm !== undefined) return findAlgorithm(options.algorithm);
  const task = options.task ?? taskFor(columns, options.target);
  const found = algorithms.find(({ tasks }) => tasks.some((one) => one === task));
  if (found !== undefined) return found;
  throw new EngineError('BAD_SPEC', `No algorithm does ${task ?? 'nothing'}: give --target, or --algorithm with one of ${algorithms.map(({ name }) => name).join(', ')}.`);
}

function chooseTask(algorithm: Algorithm, columns: ManifestColumn[], { task, target }: TrainOptions): Task | string | undefined {
  if (task !== undefined) return task;
  const likely = taskFor(columns, target);
  return algorithm.tasks.find((one) => one === likely) ?? algorithm.tasks[0];
}

function taskFor(columns: ManifestColumn[], target: string | undefined): Task | undefined {
  const column = columns.find(({ name }) => name === target);
  return column && taskOfTarget(column);
}

/** A parameter that terms bound from below begins there. */
function admittedDefaults(algorithm: Algorithm, admission: Admission | undefined): Record<string, number> {
  const leaf = admission && leafRule(algorithm.name, admission);
  const parameter = algorithm.parameters.find(({ name }) => name === leaf?.parameter);
  return leaf !== undefined && typeof parameter?.default === 'number' && parameter.default < leaf.least ? { [leaf.parameter]: leaf.least } : {};
}

function givenParameters(algorithm: Algorithm, pairs: string[]): JobSpec['train']['parameters'] {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    const parameter = parameterNamed(algorithm, at < 0 ? pair : pair.slice(0, at));
    if (at < 0) throw new EngineError('BAD_SPEC', `--set ${pair} has no value: write ${pair}=${String(parameter.default)}.`);
    return [parameter.name, parseParameter(parameter, pair.slice(at + 1))];
  }));
}

function parameterNamed(algorithm: Algorithm, name: string): Parameter {
  const found = algorithm.parameters.find((one) => one.name === name.trim());
  if (found !== undefined) return found;
  throw new EngineError('BAD_SPEC', `${algorithm.name} has no parameter ${JSON.stringify(name)}: it has ${algorithm.parameters.map((one) => one.name).join(', ')}.`);
}

function searchOf(algorithm: Algorithm, { try: pairs = [], tries, bestBy, folds }: TrainOptions): object {
  if (pairs.length === 0 && (tries !== undefined || bestBy !== undefined)) throw new EngineError('BAD_SPEC', 'There is nothing to search: name a parameter and its values by --try.');
  if (pairs.length === 0) return {};
  const parameters = Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 0) throw new EngineError('BAD_SPEC', `--try ${pair} has no values: write ${pair}=1,2,3.`);
    const parameter = parameterNamed(algorithm, pair.slice(0, at));
    return [parameter.name, parseValues(parameter, pair.slice(at + 1))];
  }));
  const optional = Object.entries({ iterations: tries, score: bestBy, folds }).filter(([, value]) => value !== undefined);
  return { search: { method: tries === undefined ? 'grid' : 'random', parameters, ...Object.fromEntries(optional) } };
}

/** What the run of a spec will do, as words; refuses what a worker would refuse, before it is paid for. */
export function planText(train: JobSpec['train'], table: { rows: number; columns: ManifestColumn[] }): string {
  const { fits, candidates, maxSteps } = refusing(() => planRun({ spec: train, ...table }));
  return `${fits === 1 ? '1 fit' : `${fits} fits`}${candidates > 0 ? ` for ${candidates} combinations` : ''}, at most ${maxSteps} steps`;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new NeuroError('The training options are not valid.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: error.message });
  }
}
