import { findAlgorithm } from '../src/algorithms/index.ts';
import type { Dependence, Explanation, Importance } from '../src/metrics/explanation/explanation.ts';
import type { FittedFeature } from '../src/prepare/fittedFeature.ts';
import type { TrainSpec } from '../src/spec/types.ts';
import { type Cell, encodeCell, sum } from './features.ts';
import type { Learned } from './learner.ts';
import { rSquared, type Tested } from './metrics.ts';
import { randomKey } from './random.ts';
import { pickRows } from './silhouette.ts';

/** A fitted model, its test rows, and the train rows' cells by feature. */
type Asked = { spec: TrainSpec; classes: string[]; features: FittedFeature[]; learned: Learned; tests: Tested[]; trainCells: Cell[][] };

/** What `explain` tells of a supervised model, by its definition. */
export function explainReference(asked: Asked): Explanation | undefined {
  if (asked.spec.task !== 'classification' && asked.spec.task !== 'regression') return undefined;
  const importance = orNote('Permutation importance', () => importanceOf(asked));
  const dependence = orNote('Partial dependence', () => dependenceOf(asked, typeof importance === 'string' ? undefined : importance));
  return {
    ...(typeof importance === 'string' ? {} : { importance }),
    ...(typeof dependence === 'string' ? {} : { dependence }),
    notes: [importance, dependence].filter((part) => typeof part === 'string'),
  };
}

function orNote<T>(what: string, measure: () => T): T | string {
  try {
    return measure();
  } catch (error) {
    if (error instanceof RangeError) return `${what} is left out: the model has no finite answers to rows with changed cells.`;
    throw error;
  }
}

function predictFinite({ learned }: Asked, rows: number[][]): number[][] {
  const outputs = rows.map((row) => learned.predict(row));
  if (!outputs.flat().every(Number.isFinite)) throw new RangeError('Not finite');
  return outputs;
}

/** The test rows that are asked, or undefined where that takes too much work. */
function askedRows({ spec, classes, learned, tests }: Asked, { most, least, designs, mostWork }: { most: number; least: number; designs: number; mostWork: number }): Tested[] | undefined {
  const width = tests[0]?.row.length ?? 0;
  const shape = { width, classes, task: spec.task, parameters: spec.parameters };
  const work = width + (findAlgorithm(spec.algorithm).predictionWork?.(learned.body, shape) ?? Math.ceil(learned.body.length / 8));
  const affordable = Math.floor(mostWork / (work * designs));
  if (affordable < Math.min(least, tests.length)) return undefined;
  return pickRows(tests, Math.min(most, affordable), spec.split.seed);
}

function importanceOf(asked: Asked): Importance | string {
  const { spec, features } = asked;
  const rows = askedRows(asked, { most: 2_000, least: 100, designs: features.length * 5 + 1, mostWork: 2 ** 25 });
  if (rows === undefined) return 'Permutation importance is left out: the model has too many columns or is too slow for it.';
  const score = spec.task === 'classification' ? 'accuracy' : 'r2';
  const scoreOf = (designs: number[][]): number | null => {
    const outputs = predictFinite(asked, designs);
    if (score === 'r2') return rSquared(rows.map(({ actual }, index) => ({ actual, guess: outputs[index]?.[0] ?? 0 })));
    return rows.filter(({ actual }, index) => outputs[index]?.indexOf(Math.max(...(outputs[index] ?? []))) === actual).length / rows.length;
  };
  const baseline = scoreOf(rows.map(({ row }) => row));
  if (baseline === null) return 'Permutation importance is left out: R² is not defined for the test rows.';
  const measured: Importance['features'] = [];
  for (const [place, { name }] of features.entries()) {
    const falls = [0, 1, 2, 3, 4].map((repeat) => {
      const order = shuffled(rows.length, randomKey(BigInt(spec.split.seed), place * 5 + repeat));
      const after = scoreOf(rows.map(({ row }, index) => replaced(features, row, place, columnsOf(features, rows[order[index] ?? 0]?.row ?? [])[place] ?? [])));
      return after === null ? null : baseline - after;
    });
    const mean = sum(falls.map(Number)) / 5;
    const deviation = Math.sqrt(sum(falls.map((fall) => (Number(fall) - mean) * (Number(fall) - mean))) / 5);
    if (falls.includes(null) || !Number.isFinite(deviation)) return 'Permutation importance is left out: R² is too low to be told once cells are shuffled.';
    measured.push({ name, mean: mean + 0, deviation });
  }
  return { score, rows: rows.length, repeats: 5, baseline, features: measured };
}

/** Fisher and Yates' shuffle of 0 to rows - 1, from the last place down. */
function shuffled(rows: number, stream: bigint): number[] {
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let place = rows - 1; place > 0; place -= 1) {
    const other = Number(((randomKey(stream, place) >> 32n) * BigInt(place + 1)) >> 32n);
    [order[place], order[other]] = [order[other] ?? 0, order[place] ?? 0];
  }
  return order;
}

/** A row's encoded columns by feature. */
function columnsOf(features: FittedFeature[], row: number[]): number[][] {
  const widths = features.map((feature) => encodeCell(feature, null).length);
  return widths.map((width, place) => {
    const first = sum(widths.slice(0, place));
    return row.slice(first, first + width);
  });
}

function replaced(features: FittedFeature[], row: number[], place: number, cells: number[]): number[] {
  return columnsOf(features, row).flatMap((own, index) => (index === place ? cells : own));
}

function dependenceOf(asked: Asked, importance: Importance | undefined): Dependence | string {
  const { classes, features, trainCells } = asked;
  if (classes.length > 10) return 'Partial dependence is left out: there are more than 10 classes.';
  const mean = (place: number): number => importance?.features[place]?.mean ?? 0;
  const places = features.map((_, place) => place).sort((a, b) => mean(b) - mean(a) || a - b).slice(0, 20);
  const curves = places.map((place) => ({ place, points: pointsOf(features[place], trainCells[place] ?? []) })).filter(({ points }) => points.length > 1);
  if (curves.length === 0) return 'Partial dependence is left out: no feature has a range, or two categories of at least 20 train rows.';
  const rows = askedRows(asked, { most: 200, least: 30, designs: sum(curves.map(({ points }) => points.length)), mostWork: 2 ** 24 });
  if (rows === undefined) return 'Partial dependence is left out: the model is too slow for it.';
  const shown = classes.length === 2 ? [1] : classes.length === 0 ? [0] : classes.map((_, place) => place);
  return {
    rows: rows.length,
    classes: classes.length === 2 ? classes.slice(1) : classes,
    features: curves.map(({ place, points }) => {
      const feature = features[place];
      const means = points.map((point) => {
        const cells = feature === undefined ? [] : encodeCell(feature, point);
        const outputs = predictFinite(asked, rows.map(({ row }) => replaced(features, row, place, cells)));
        return shown.map((output) => sum(outputs.map((values) => values[output] ?? 0)) / rows.length + 0);
      });
      return { name: feature?.name ?? '', points, means };
    }),
  };
}

/** Round numbers in the train rows' range, or the categories of at least 20 train rows: the 20 most frequent, sorted. */
function pointsOf(feature: FittedFeature | undefined, cells: Cell[]): number[] | string[] {
  if (feature?.kind === 'numeric') return roundNumbers(cells.filter((cell) => typeof cell === 'number'));
  const count = (text: string): number => cells.filter((cell) => cell === text).length;
  const frequent = (feature?.categories ?? []).filter((text) => count(text) >= 20);
  return frequent.toSorted((a, b) => count(b) - count(a) || (a < b ? -1 : 1)).slice(0, 20).sort();
}

function roundNumbers(values: number[]): number[] {
  const least = values.reduce((a, b) => (b < a ? b : a), Infinity);
  const most = values.reduce((a, b) => (b > a ? b : a), -Infinity);
  if (!(most > least)) return [];
  const decades = Array.from({ length: 601 }, (_, index) => index - 300);
  const powers = Array.from({ length: 300 }).reduce<number[]>((all) => [...all, (all.at(-1) ?? 1) * 10], [1]);
  const times = (decade: number, count: number): number => (decade < 0 ? count / (powers[-decade] ?? 1) : count * (powers[decade] ?? 1)) + 0;
  const step = decades.flatMap((decade) => [1, 2, 5].map((unit) => ({ unit, decade }))).find(({ unit, decade }) => times(decade, unit) >= (most - least) / 20);
  if (step === undefined) return [];
  const first = Math.ceil(least / times(step.decade, step.unit));
  const points = new Set(Array.from({ length: 21 }, (_, index) => times(step.decade, (first + index) * step.unit)));
  const within = [...points].filter((point) => point >= least && point <= most);
  return within.length < 2 ? [] : within;
}
