import type { ClassCalibration, ClassCurves, CurvePoint, Metrics } from '../src/metrics/metrics.ts';
import type { TrainSpec } from '../src/spec/types.ts';
import { sum } from './features.ts';
import type { Learned } from './learner.ts';
import { log } from './math.ts';
import { silhouette, squaredDistance } from './silhouette.ts';

/** A test row: its design, the model's outputs for it, and its class index or number. */
export type Tested = { row: number[]; outputs: number[]; actual: number };

/** The metrics of the test rows, by their definitions. */
export function scoreReference(parameters: { spec: TrainSpec; classes: string[]; trainRows: number; droppedRows: number; tests: Tested[]; learned: Learned }): Metrics {
  const { spec, classes, trainRows, droppedRows, tests, learned } = parameters;
  const base = { task: spec.task, trainRows, testRows: tests.length, droppedRows, classes };
  switch (spec.task) {
    case 'classification':
      return { ...base, ...scoreClasses(classes, tests) };
    case 'regression':
      return { ...base, scores: scoreNumbers(tests), confusion: [] };
    case 'clustering':
      return { ...base, scores: scoreClusters(spec, tests, learned), confusion: [] };
    case 'reduction': {
      const { explainedVarianceRatio } = learned;
      if (explainedVarianceRatio === undefined) return { ...base, scores: {}, confusion: [] };
      return { ...base, scores: { explainedVariance: sum(explainedVarianceRatio) }, confusion: [], explainedVarianceRatio };
    }
  }
}

function scoreClasses(classes: string[], tests: Tested[]): Pick<Metrics, 'scores' | 'confusion' | 'curves' | 'calibration'> {
  const guesses = tests.map(({ outputs }) => outputs.indexOf(Math.max(...outputs)));
  const count = (actual: number, guess: number): number => tests.filter((one, index) => one.actual === actual && guesses[index] === guess).length;
  const confusion = classes.map((_, actual) => classes.map((__, guess) => count(actual, guess)));
  const own = (place: number): number => tests.filter(({ actual }) => actual === place).length;
  const guessed = (place: number): number => guesses.filter((guess) => guess === place).length;
  const places = classes.map((_, place) => place);
  const ranked = classes.length === 2 ? [1] : places;
  const samples = ranked.map((place) => ({ name: classes[place] ?? '', rows: tests.map(({ outputs, actual }): Sample => ({ value: outputs[place] ?? 0, own: actual === place })) }));
  const shown = classes.length <= 10 ? samples : [];
  const rocs = samples.map(({ rows }) => rocAuc(rows));
  const prs = samples.map(({ rows }) => averagePrecision(rows));
  return {
    scores: {
      accuracy: tests.filter(({ actual }, index) => guesses[index] === actual).length / tests.length,
      balancedAccuracy: mean(places.filter((place) => own(place) > 0).map((place) => count(place, place) / own(place))),
      f1: mean(places.filter((place) => own(place) + guessed(place) > 0).map((place) => (2 * count(place, place)) / (own(place) + guessed(place)))),
      rocAuc: rocs.includes(null) ? null : mean(rocs.map(Number)),
      prAuc: prs.includes(null) ? null : mean(prs.map(Number)),
      logLoss: sum(tests.map(({ outputs, actual }) => -log(Math.min(Math.max(outputs[actual] ?? 0, 2 ** -52), 1 - 2 ** -52)))) / tests.length,
      brier: sum(tests.flatMap(({ outputs, actual }) => ranked.map((place) => ((outputs[place] ?? 0) - (place === actual ? 1 : 0)) ** 2))) / tests.length,
    },
    confusion,
    curves: shown.filter(({ rows }) => rows.some((one) => one.own) && rows.some((one) => !one.own)).map(({ name, rows }) => curves(name, rows)),
    calibration: shown.map(({ name, rows }) => calibration(name, rows)),
  };
}

/** The probability of a class for a row, and whether the row is of it. */
type Sample = { value: number; own: boolean };

/** Pairs of a row of the class and one of the others that are ranked rightly, ties half. */
function rocAuc(rows: Sample[]): number | null {
  const own = rows.filter((one) => one.own);
  const others = rows.filter((one) => !one.own);
  if (own.length === 0 || others.length === 0) return null;
  const twice = own.flatMap((one) => others.map((other) => (one.value > other.value ? 2 : one.value === other.value ? 1 : 0)));
  return sum(twice) / (2 * own.length * others.length);
}

/** How many of the class, and of the others, are at or above each probability, the highest first. */
function passed(rows: Sample[]): { found: number; wrong: number }[] {
  const values = [...new Set(rows.map(({ value }) => value))].sort((a, b) => b - a);
  return values.map((least) => {
    const above = rows.filter(({ value }) => value >= least);
    return { found: above.filter((one) => one.own).length, wrong: above.filter((one) => !one.own).length };
  });
}

function averagePrecision(rows: Sample[]): number | null {
  const positives = rows.filter((one) => one.own).length;
  if (positives === 0) return null;
  const steps = passed(rows);
  return sum(steps.map(({ found, wrong }, index) => (found - (steps[index - 1]?.found ?? 0)) * (found / (found + wrong)))) / positives;
}

function curves(name: string, rows: Sample[]): ClassCurves {
  const positives = rows.filter((one) => one.own).length;
  const negatives = rows.length - positives;
  const roc = firstOfEach(passed(rows), ({ found, wrong }) => Math.floor(((found / positives + wrong / negatives) / 2) * 100)).filter(([place]) => place >= 1);
  const pr = firstOfEach(passed(rows).filter(({ found }) => found > 0), ({ found }) => Math.floor((found / positives) * 100));
  return {
    class: name,
    roc: [[0, 0], ...roc.map(([, { found, wrong }]): CurvePoint => [round(wrong / negatives), round(found / positives)])],
    precisionRecall: pr.map(([, { found, wrong }]): CurvePoint => [round(found / positives), round(found / (found + wrong))]),
  };
}

/** The first item of each place, with the place. */
function firstOfEach<T>(items: T[], placeOf: (item: T) => number): [number, T][] {
  const firsts = new Map<number, T>();
  for (const item of items) if (!firsts.has(placeOf(item))) firsts.set(placeOf(item), item);
  return [...firsts];
}

function calibration(name: string, rows: Sample[]): ClassCalibration {
  const bins = Array.from({ length: 10 }, (_, bin) => rows.filter(({ value }) => [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((edge) => value > edge * 0.1).length === bin));
  return {
    class: name,
    bins: bins.filter((bin) => bin.length > 0).map((bin) => ({
      predicted: round(sum(bin.map(({ value }) => value)) / bin.length), observed: round(bin.filter((one) => one.own).length / bin.length), rows: bin.length,
    })),
  };
}

function scoreNumbers(tests: Tested[]): Metrics['scores'] {
  const pairs = tests.map(({ outputs, actual }) => ({ actual, guess: outputs[0] ?? 0 }));
  const errors = pairs.map(({ actual, guess }) => guess - actual);
  const squares = sum(errors.map((error) => error * error));
  return { r2: rSquared(pairs), rmse: finite(Math.sqrt(squares / tests.length)), mae: finite(sum(errors.map(Math.abs)) / tests.length) };
}

export function rSquared(pairs: { actual: number; guess: number }[]): number | null {
  if (pairs.length < 2) return null;
  const actuals = pairs.map(({ actual }) => actual);
  const centre = actuals.every((value) => value === actuals[0]) ? (actuals[0] ?? 0) : mean(actuals);
  const squares = sum(pairs.map(({ actual, guess }) => (guess - actual) * (guess - actual)));
  const spread = sum(actuals.map((value) => (value - centre) * (value - centre)));
  if (spread === 0) return squares === 0 ? 1 : 0;
  return finite(1 - squares / spread);
}

function scoreClusters(spec: TrainSpec, tests: Tested[], { centres }: Learned): Metrics['scores'] {
  const clustered = tests.map(({ row, outputs }) => ({ row, cluster: outputs[0] ?? 0 }));
  const score = silhouette(clustered, spec.split.seed);
  if (centres === undefined) return { silhouette: score };
  return { silhouette: score, inertiaPerRow: finite(mean(clustered.map(({ row, cluster }) => squaredDistance(row, centres[cluster] ?? [])))) };
}

function mean(values: number[]): number {
  return sum(values) / values.length;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}

/** To six decimals. */
export function round(value: number): number {
  return Math.floor(value * 1e6 + 0.5) / 1e6 + 0;
}
