import type { Algorithm } from '../../algorithms/algorithm.ts';
import { EngineError } from '../../errors.ts';
import { listCandidates } from '../../spec/listCandidates.ts';
import type { ParameterValues } from '../../spec/parameters.ts';
import type { TrainSpec } from '../../spec/types.ts';

/** One training of a run. The last one makes the model; those before it leave a fold out and are scored on it. */
export type Fit =
  | { purpose: 'search'; candidate: number; fold: number; folds: number; seed: number }
  | { purpose: 'validation'; fold: number; folds: number; seed: number }
  | { purpose: 'model' };

/** A run as a list of fits. Those after the search take the parameters of the best candidate. */
export type Plan = {
  fits: Fit[];
  /** Parameters of each candidate, all of them; none without a search. */
  candidates: ParameterValues[];
  /** Steps at most of each fit. */
  mostSteps: number[];
  /** Steps at most of the run: those of the fits, and one to each next fit. */
  maxSteps: number;
};

/** What a plan follows from: no row is looked at. */
export type Planned = { spec: TrainSpec; algorithm: Algorithm; trainRows: number; classes: { readonly length: number } };

/** @throws EngineError BAD_SPEC where the fits may take more steps than the spec allows, TOO_FEW_ROWS where a fold would be empty */
export function planFits({ spec, algorithm, trainRows, classes }: Planned): Plan {
  const candidates = spec.search === undefined ? [] : listCandidates(spec.search).map((tried) => ({ ...spec.parameters, ...tried }));
  const fits = fitsOf(spec, candidates.length);
  for (const folds of [spec.search?.folds ?? 0, spec.validation?.folds ?? 0]) {
    if (trainRows < folds + 1) throw new EngineError('TOO_FEW_ROWS', `${trainRows} train rows are too few for ${folds} folds: add rows, or take fewer folds.`);
  }
  const stepsOf = (fit: Fit): number => {
    const rows = fit.purpose === 'model' ? trainRows : trainRows - foldRows(trainRows, fit.folds, fit.fold);
    const possible = fit.purpose === 'search' ? candidates.slice(fit.candidate, fit.candidate + 1) : candidates.length === 0 ? [spec.parameters] : candidates;
    return possible.reduce((most, parameters) => Math.max(most, algorithm.maxSteps(parameters, rows, classes.length)), 0);
  };
  const steps = fits.map(stepsOf);
  if (fits.length === 1) {
    const most = Math.min(steps[0] ?? 0, spec.limits.maxSteps);
    return { fits, candidates, mostSteps: [most], maxSteps: most };
  }
  const needed = steps.reduce((sum, count) => sum + count, fits.length - 1);
  if (needed > spec.limits.maxSteps) {
    throw new EngineError('BAD_SPEC', `spec.limits.maxSteps is ${spec.limits.maxSteps}: the ${fits.length} fits of this search and validation may take ${needed} steps, so raise the limit, or take fewer folds, candidates or iterations.`, { refused: { field: 'spec.limits.maxSteps' } });
  }
  return { fits, candidates, mostSteps: steps, maxSteps: needed };
}

function fitsOf({ search, validation }: TrainSpec, candidates: number): Fit[] {
  const fits: Fit[] = [];
  if (search !== undefined) {
    const { folds, seed } = search;
    for (let candidate = 0; candidate < candidates; candidate += 1) for (let fold = 0; fold < folds; fold += 1) fits.push({ purpose: 'search', candidate, fold, folds, seed });
  }
  if (validation !== undefined) {
    const { folds, seed } = validation;
    for (let fold = 0; fold < folds; fold += 1) fits.push({ purpose: 'validation', fold, folds, seed });
  }
  return [...fits, { purpose: 'model' }];
}

/** Rows of a fold: those of the ranks from `rows * fold / folds` on, rounded down. */
export function foldRows(rows: number, folds: number, fold: number): number {
  return Math.floor((rows * (fold + 1)) / folds) - Math.floor((rows * fold) / folds);
}
