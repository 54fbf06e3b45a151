import type { Metrics } from '../src/metrics/metrics.ts';
import { scoresOf } from '../src/metrics/scores.ts';
import type { Spread } from '../src/metrics/selection.ts';
import type { ParameterValues } from '../src/spec/parameters.ts';
import type { Search, TrainSpec } from '../src/spec/types.ts';
import { sum } from './features.ts';
import type { Fitted } from './fit.ts';
import { randomKey, uniform } from './random.ts';
import { hashRank } from './split.ts';

/** Fits some train rows with some parameters, and scores the model on other rows. */
type FitRows = (parameters: ParameterValues, rows: { train: number[]; test: number[] }) => Fitted;

/** The fits of a spec's search and validation, how each rates, and what they say together. */
export type Selected = { fits: Fitted[]; ratings: number[]; parameters: ParameterValues; results: Pick<Metrics, 'search' | 'validation'>; candidates: ParameterValues[] };

/** Cross-validates each candidate of the search, then the best one. */
export function select(spec: TrainSpec, train: number[], fitRows: FitRows): Selected {
  const { search, validation } = spec;
  const tried = search === undefined ? [] : candidatesOf(search);
  const candidates = tried.map((changed) => ({ ...spec.parameters, ...changed }));
  const byCandidate = search === undefined ? [] : candidates.map((parameters) => foldsOf(train, search).map((rows) => fitRows(parameters, rows)));
  const ratings = byCandidate.map((fits) => fits.map(({ scored }) => rating(spec, search?.score, scored)));
  const means = ratings.map((values) => sum(values) / values.length);
  const best = means.indexOf(Math.max(...means));
  const parameters = candidates[best] ?? spec.parameters;
  const checks = validation === undefined ? [] : foldsOf(train, validation).map((rows) => fitRows(parameters, rows));
  const results: Selected['results'] = {};
  if (search !== undefined) {
    const byFold = byCandidate.map((fits) => fits.map(({ scored }) => scored.scores[search.score] ?? null));
    results.search = { score: search.score, folds: search.folds, best, candidates: tried.map((changed, place) => ({ parameters: changed, score: spread(byFold[place] ?? []), byFold: byFold[place] ?? [] })) };
  }
  if (validation !== undefined) {
    const names = scoresOf(spec.task).map(({ name }) => name).filter((name) => name in (checks[0]?.scored.scores ?? {}));
    const onFolds = (name: string): (number | null)[] => checks.map(({ scored }) => scored.scores[name] ?? null);
    results.validation = { folds: validation.folds, scores: Object.fromEntries(names.map((name) => [name, spread(onFolds(name))])), byFold: Object.fromEntries(names.map((name) => [name, onFolds(name)])) };
  }
  return { fits: [...byCandidate.flat(), ...checks], ratings: [...ratings.flat(), ...checks.map(({ scored }) => rating(spec, undefined, scored))], parameters, results, candidates };
}

/** The train rows by folds of their hash ranks, each fold once the test rows. */
export function foldsOf(train: number[], { folds, seed }: { folds: number; seed: number }): { train: number[]; test: number[] }[] {
  const ranked = train.toSorted((a, b) => (hashRank(seed, a) < hashRank(seed, b) ? -1 : 1));
  return Array.from({ length: folds }, (_, fold) => {
    const out = ranked.slice(Math.floor((train.length * fold) / folds), Math.floor((train.length * (fold + 1)) / folds));
    return { train: train.filter((row) => !out.includes(row)), test: train.filter((row) => out.includes(row)) };
  });
}

/** All combinations in order; a random search draws places in that order. */
function candidatesOf({ parameters, iterations, seed }: Search): ParameterValues[] {
  const names = Object.keys(parameters).sort();
  const grid = names.reduce<ParameterValues[]>((all, name) => all.flatMap((one) => (parameters[name] ?? []).map((value) => ({ ...one, [name]: value }))), [{}]);
  if (iterations === null) return grid;
  const chosen: ParameterValues[] = [];
  for (let index = 0; chosen.length < iterations; index += 1) {
    const one = grid[Math.floor(uniform(randomKey(BigInt(seed), 0), index) * grid.length)] ?? {};
    if (!chosen.includes(one)) chosen.push(one);
  }
  return chosen;
}

/** A score turned so that higher is better; the lowest where it is not defined. The task's main one if none is named. */
function rating(spec: TrainSpec, name: string | undefined, { scores }: Metrics): number {
  const score = scoresOf(spec.task).find((one) => name === undefined || one.name === name);
  const value = scores[score?.name ?? ''] ?? null;
  if (value === null) return -Infinity;
  return score?.better === 'lower' ? 0 - value : value;
}

function spread(values: (number | null)[]): Spread {
  if (values.includes(null)) return null;
  const mean = sum(values.map(Number)) / values.length;
  return { mean: mean + 0, deviation: Math.sqrt(sum(values.map((value) => (Number(value) - mean) * (Number(value) - mean))) / values.length) };
}
