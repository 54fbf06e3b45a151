import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf } from '../src/spec/parameters.ts';
import { sum } from './features.ts';
import type { Data, Learner } from './learner.ts';
import { laneDot } from './logisticPoint.ts';
import { exp, log } from './math.ts';
import { type Matrix, at } from './matrix.ts';
import { shiftOf } from './moments.ts';
import { lineOf, slotsOf, sumInSlots } from './slots.ts';

const LOG_TWO_PI = 1.8378770664093453;

/** By class: the weight of its rows; by class and column: sums of the rows less a shift, and of their squares. */
type ClassSums = { weights: number[]; total: number; sums: Matrix; squares: Matrix };

function classSums({ rows, targets, weights, classes }: Data, shift: number[]): ClassSums {
  const slots = slotsOf(rows.length, classes * (4 + 2 * lineOf(shift.length)));
  const places = Array.from({ length: classes }, (_, place) => place);
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const over = (place: number, term: (row: number) => number): number => sumInSlots(slots.map((own) => own.filter((row) => targets[row] === place)), term);
  const away = (row: number, column: number): number => at(rows, row, column) - (shift[column] ?? 0);
  const own = places.map((place) => over(place, weightOf));
  return {
    weights: own, total: sum(own),
    sums: places.map((place) => shift.map((_, column) => over(place, (row) => weightOf(row) * away(row, column)))),
    squares: places.map((place) => shift.map((_, column) => over(place, (row) => weightOf(row) * away(row, column) * away(row, column)))),
  };
}

export const gaussianNaiveBayes: Learner = (data) => {
  const shift = shiftOf(data.rows);
  const { weights, total, sums, squares } = classSums(data, shift);
  const all = shift.map((_, column) => variance(total, sum(sums.map((own) => own[column] ?? 0)), sum(squares.map((own) => own[column] ?? 0))));
  const largest = Math.max(...all, 0);
  const floor = numberOf(data.parameters, 'var_smoothing') * (largest > 0 ? largest : 1);
  const fitted = weights.map((weight, place) => {
    const raw = shift.map((_, column) => variance(weight, at(sums, place, column), at(squares, place, column)));
    return { prior: weight / total, raw, means: shift.map((value, column) => value + at(sums, place, column) / weight), variances: raw.map((value) => value + floor) };
  });
  let after = 0;
  for (const { prior, raw } of fitted) after += prior * (likelihood(raw, floor) - log(prior));
  const predict = (row: number[]): number[] => softmax(fitted.map(({ prior, means, variances }) => {
    const squares = row.map((value, column) => (value - (means[column] ?? 0)) * (value - (means[column] ?? 0)));
    return log(prior) - 0.5 * sum(variances.map((value) => LOG_TWO_PI + log(value))) - 0.5 * laneDot(squares, variances.map((value) => 1 / value));
  }));
  return oneStep([likelihood(all, floor) + log(weights.length), after], fitted.flatMap(({ prior, means, variances }) => [prior, ...means, ...variances]), predict);
};

function variance(weight: number, total: number, squares: number): number {
  const mean = total / weight;
  return Math.max(squares / weight - mean * mean, 0);
}

/** The mean negative log-likelihood of normal columns whose variances are taken larger by `floor`. */
function likelihood(raw: number[], floor: number): number {
  return 0.5 * sum(raw.map((value) => LOG_TWO_PI + log(value + floor) + value / (value + floor)));
}

export const multinomialNaiveBayes: Learner = (data) => {
  const { weights, total, sums } = classSums(data, (data.rows[0] ?? []).map(() => 0));
  const alpha = numberOf(data.parameters, 'alpha');
  const fitted = weights.map((weight, place) => {
    const counts = (sums[place] ?? []).map((count) => count + alpha);
    const prior = data.parameters['fit_prior'] === true ? log(weight / total) : -log(weights.length);
    return [prior, ...counts.map((count) => log(count) - log(sum(counts)))];
  });
  let counts = 0;
  let found = 0;
  for (const [place, weight] of weights.entries()) {
    found += weight * at(fitted, place, 0);
    for (const [column, count] of (sums[place] ?? []).entries()) {
      counts += count;
      found += count * at(fitted, place, column + 1);
    }
  }
  const before = log(weights.length) + (counts / total) * log(sums[0]?.length ?? 0);
  return oneStep([before, -(found / total)], fitted.flat(), (row) => softmax(fitted.map((own) => laneDot(own, [1, ...row]))));
};

function softmax(scores: number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => exp(score - most));
  return powers.map((power) => power / sum(powers));
}

function oneStep([before, after]: [number, number], values: number[], predict: (row: number[]) => number[]): ReturnType<Learner> {
  const states = [{ loss: before, kept: doublesToBytes([0]) }, { loss: after, kept: doublesToBytes([1, ...values]) }];
  return { states, converged: true, body: doublesToBytes(values), predict };
}
