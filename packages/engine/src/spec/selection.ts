import type { Algorithm } from '../algorithms/algorithm.ts';
import { scoresOf } from '../metrics/scores.ts';
import { EngineError } from '../errors.ts';
import { fields, integer, oneOf, refuse } from './fields.ts';
import { type Parameter, type ParameterValue, checkParameter } from './parameters.ts';
import type { Search, Task, Validation } from './types.ts';

const FOLDS = [2, 10] as const;
const SEEDS = [0, Number.MAX_SAFE_INTEGER] as const;
const MOST_CANDIDATES = 100;
const MOST_VALUES = 50;
/** Combinations that a random search draws from: their numbers must be exact. */
const MOST_COMBINATIONS = 2 ** 31;

type Known = { algorithm: Algorithm; task: Task; seed: number };

/** `seed` stands where the value has none. @throws EngineError BAD_SPEC */
export function checkValidation(value: unknown, { seed }: Known): Validation {
  const given = fields(value, 'spec.validation', ['folds', 'seed']);
  return { folds: integer(given['folds'] ?? 5, 'spec.validation.folds', FOLDS), seed: integer(given['seed'] ?? seed, 'spec.validation.seed', SEEDS) };
}

/** @throws EngineError BAD_SPEC */
export function checkSearch(value: unknown, { algorithm, task, seed }: Known): Search {
  const given = fields(value, 'spec.search', ['method', 'parameters', 'iterations', 'folds', 'seed', 'score']);
  const method = oneOf(given['method'], 'spec.search.method', ['grid', 'random'] as const);
  const parameters = checkLists(given['parameters'], algorithm);
  const combinations = combinationsOf(parameters);
  const names = scoresOf(task).map(({ name }) => name);
  if (method === 'grid' && combinations > MOST_CANDIDATES) throw tooMany(combinations, `a grid tries at most ${MOST_CANDIDATES}, so list fewer values, or take a random search`);
  if (combinations > MOST_COMBINATIONS) throw tooMany(combinations, `list fewer values, for at most ${MOST_COMBINATIONS}`);
  return {
    method, parameters,
    iterations: checkIterations(given['iterations'], method, combinations),
    folds: integer(given['folds'] ?? 5, 'spec.search.folds', FOLDS),
    seed: integer(given['seed'] ?? seed, 'spec.search.seed', SEEDS),
    score: oneOf(given['score'] ?? names[0], 'spec.search.score', names),
  };
}

function tooMany(combinations: number, remedy: string): EngineError {
  return new EngineError('BAD_SPEC', `spec.search.parameters has ${combinations} combinations: ${remedy}.`, { refused: { field: 'spec.search.parameters' } });
}

/** Whether a search can try values of it: not of files, and not of what a spec leaves out. */
export function isSearchable({ kind, leftOut }: Parameter): boolean {
  return kind !== 'bytes' && leftOut !== true;
}

/** How many combinations the lists have. */
export function combinationsOf(parameters: Search['parameters']): number {
  return Object.values(parameters).reduce((product, { length }) => product * length, 1);
}

function checkIterations(value: unknown, method: Search['method'], combinations: number): number | null {
  const most = Math.min(combinations, MOST_CANDIDATES);
  if (method === 'random') return integer(value ?? Math.min(10, most), 'spec.search.iterations', [1, most]);
  if (value === undefined || value === null) return null;
  throw refuse('spec.search.iterations', value, 'null: a grid tries every combination');
}

function checkLists(value: unknown, algorithm: Algorithm): Search['parameters'] {
  const searchable = algorithm.parameters.filter(isSearchable);
  const names = searchable.map(({ name }) => name);
  const lists = Object.entries(fields(value, 'spec.search.parameters', names)).map(([name, list]): [string, ParameterValue[]] => {
    const at = `spec.search.parameters.${name}`;
    if (!Array.isArray(list) || list.length === 0 || list.length > MOST_VALUES) throw refuse(at, list, `a list of 1 to ${MOST_VALUES} values`);
    const [parameter] = searchable.filter((one) => one.name === name);
    const checked = list.map((entry: unknown) => (parameter === undefined ? null : checkParameter(parameter, entry, at)));
    if (new Set(checked.map((entry) => JSON.stringify(entry))).size < checked.length) throw refuse(at, list, 'a list of different values');
    return [name, checked];
  });
  if (lists.length === 0) throw new EngineError('BAD_SPEC', 'spec.search.parameters is empty: list values for at least one parameter.', { refused: { field: 'spec.search.parameters' } });
  return Object.fromEntries(lists);
}
