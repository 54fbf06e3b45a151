import type { Metrics } from '../../metrics/metrics.ts';
import { type SearchResult, type ValidationResult, spreadOf } from '../../metrics/selection.ts';
import type { TrainSpec } from '../../spec/types.ts';
import type { Course } from '../course.ts';
import { bestCandidate } from './bestCandidate.ts';

/** What search and validation found, for the metrics; nothing of one that the run did not get through. */
export function selectionResults({ spec, course }: { spec: TrainSpec; course: Course }): Pick<Metrics, 'validation' | 'search'> {
  const { plan, scores, ratings } = course;
  const searched = plan.fits.filter(({ purpose }) => purpose === 'search').length;
  const validated = plan.fits.length - 1;
  return {
    ...(spec.search === undefined || scores.length < searched ? {} : { search: searchResult(spec.search, { scores, ratings, candidates: plan.candidates }) }),
    ...(spec.validation === undefined || scores.length < validated ? {} : { validation: validationResult(spec.validation.folds, scores.slice(searched)) }),
  };
}

function searchResult(search: NonNullable<TrainSpec['search']>, { scores, ratings, candidates }: Pick<Course, 'scores' | 'ratings'> & Pick<Course['plan'], 'candidates'>): SearchResult {
  const { score, folds } = search;
  const names = Object.keys(search.parameters).sort();
  return {
    score, folds,
    best: bestCandidate(search, candidates.length, ratings),
    candidates: candidates.map((parameters, candidate) => {
      const byFold = scores.slice(candidate * folds, (candidate + 1) * folds).map((one) => one[score] ?? null);
      return { parameters: Object.fromEntries(names.map((name) => [name, parameters[name] ?? null])), score: spreadOf(byFold), byFold };
    }),
  };
}

function validationResult(folds: number, scores: readonly Metrics['scores'][]): ValidationResult {
  const names = Object.keys(scores[0] ?? {});
  const byFold = Object.fromEntries(names.map((name) => [name, scores.map((one) => one[name] ?? null)]));
  return { folds, scores: Object.fromEntries(names.map((name) => [name, spreadOf(byFold[name] ?? [])])), byFold };
}
