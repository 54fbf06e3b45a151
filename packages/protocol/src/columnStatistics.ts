import { z } from 'zod';
import { LEAST_ROWS, type MeasuredHistogram, columnHistogramSchema, findHistogramProblem, publishedHistogram } from './columnHistogram.ts';

const finite = z.number().refine(Number.isFinite);
const MOST_TOP = 10;

/** What a publisher says of a column's values. Public for ever, as the manifest is. */
export const columnStatisticsSchema = z.union([
  z.strictObject({
    /** No value lies below; a value lies within `step` of it. */
    min: finite,
    /** No value lies above; a value lies within `step` of it. */
    max: finite,
    mean: finite,
    /** Of the population. */
    deviation: finite.nonnegative().exactOptional(),
    /** 25, 50 and 75 %, interpolated between neighbours. */
    quartiles: z.tuple([finite, finite, finite]),
    /** All of them are rounded to multiples of it, `min` downwards and `max` upwards: no figure is off by more. */
    step: finite.positive(),
    /** Where the numbers lie; absent of manifests before it was told, and where too few rows are in a bucket. */
    histogram: columnHistogramSchema.exactOptional(),
  }),
  z.strictObject({
    /** The commonest values and their parts of the cells that are not missing, rounded to hundredths. */
    top: z.array(z.strictObject({ value: z.string().min(1).max(200), share: z.number().min(0).max(1) })).max(MOST_TOP),
  }),
]);
export type ColumnStatistics = z.output<typeof columnStatisticsSchema>;
type NumberStatistics = Extract<ColumnStatistics, { step: number }>;

/** A column as it was measured, by the engine's profile. */
export type MeasuredColumn = {
  name: string; kind: 'numeric' | 'categorical'; missing: number; distinct: number;
  min?: number; max?: number; mean?: number; deviation?: number; quartiles?: readonly [number, number, number]; histogram?: MeasuredHistogram;
  top?: readonly { value: string; count: number }[];
  /** Described while a large table passed by. */
  estimated?: true;
  /** Of those: quartiles are no finer. */
  resolution?: number;
};

/** How much of a column is told. */
export type StatisticsChoice = {
  /** Figures are no finer than a ten-to-this-th of the difference between the largest and the smallest value; {@link DEFAULT_DIGITS} by default, 0: no statistics at all. */
  digits?: number;
  /** Categorical columns whose commonest values may be public; none by default. */
  topOf?: readonly string[];
  /** Fewest rows of a bucket or of a value that is told: {@link LEAST_ROWS} by default, and never fewer. */
  leastRows?: number;
};

export const DEFAULT_DIGITS = 2;
export const MOST_DIGITS = 6;
/** Figures of fewer cells would nearly be the cells. */
const LEAST_CELLS = 20;

/**
 * What a publisher says of a column: nothing but counts where it has fewer than 20 cells, figures rounded to a part of the column's spread (a hundredth for two digits),
 * values only where they may be told and at least ten rows have them, histograms with at least ten rows in each
 * bucket; more where the publisher wants more.
 */
export function publishedStatistics(parameters: { measured: MeasuredColumn; rows: number; choice?: StatisticsChoice }): ColumnStatistics | undefined {
  const { measured, rows, choice: { digits = DEFAULT_DIGITS, topOf = [], leastRows = LEAST_ROWS } = {} } = parameters;
  const cells = rows - measured.missing;
  if (digits === 0 || cells < LEAST_CELLS) return undefined;
  if (measured.kind === 'numeric') return roundNumbers(measured, digits, leastRows);
  if (!topOf.includes(measured.name)) return undefined;
  const told = (measured.top ?? []).filter(({ value, count }) => count >= Math.max(LEAST_ROWS, leastRows) && value !== '' && value.length <= 200);
  return { top: told.map(({ value, count }) => ({ value, share: Math.round((count / cells) * 100) / 100 })) };
}

function roundNumbers({ min, max, mean, deviation, quartiles, histogram: counted, resolution = 0 }: MeasuredColumn, digits: number, leastRows: number): NumberStatistics | undefined {
  if (min === undefined || max === undefined || mean === undefined || !quartiles) return undefined;
  const step = Math.max(stepOf(min, max, digits), roundAbove(resolution * 2));
  const near = (value: number): number => multiple(Math.round(value / step), step);
  const histogram = counted && publishedHistogram({ measured: counted, leastRows, step });
  const said: NumberStatistics = {
    min: multiple(Math.floor(min / step), step), max: multiple(Math.ceil(max / step), step), mean: near(mean),
    ...(deviation === undefined ? {} : { deviation: near(deviation) }), quartiles: [near(quartiles[0]), near(quartiles[1]), near(quartiles[2])], step,
    ...(histogram ? { histogram } : {}),
  };
  const figures = [said.min, said.max, said.mean, said.deviation ?? 0, ...said.quartiles];
  return figures.every(Number.isFinite) && figures.every((figure) => Math.abs(figure) < 2 ** 52 * step) ? said : undefined;
}

/** One, two or five times a power of ten, at least the spread's part of ten to the `digits`. A column that is constant is rounded by its own size. */
function stepOf(min: number, max: number, digits: number): number {
  const half = max / 2 - min / 2 || Math.max(Math.abs(max) / 2, 0.5);
  return roundAbove((half / 10 ** digits) * 2);
}

/** The least of one, two or five times a power of ten that is not below; 0 for 0. */
function roundAbove(least: number): number {
  if (least === 0) return 0;
  const exponent = Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => Number(`${factor}e${exponent}`)).find((step) => step >= least) ?? Number(`1e${exponent + 1}`);
}

/** Dividing by the inverse rounds once, so that three tenths are 0.3. */
function multiple(count: number, step: number): number {
  return (step < 1 ? count / Number((1 / step).toPrecision(1)) : count * step) + 0;
}

/** Part of `step`, and of the figure itself, by which arithmetic may differ. */
const ROUNDING = 1e-6;
const ULPS = 2 ** -49;

/**
 * Where what was said of a column is not true of what was measured, in words that do not tell the truth itself; undefined where it holds. `min` and
 * `max` must enclose all values and, as every figure, be within one `step` of the truth; the shares of `top` within a hundredth.
 */
export function findStatisticsProblem(parameters: { said: ColumnStatistics; measured: MeasuredColumn; rows: number }): string | undefined {
  const { said, measured, rows } = parameters;
  if ('top' in said) return findTopProblem(said.top, measured, rows - measured.missing);
  const { step } = said;
  if (measured.kind !== 'numeric') return 'figures of a column that holds texts';
  const slack = step * ROUNDING + Math.max(Math.abs(said.min), Math.abs(said.max)) * ULPS;
  if (said.min > (measured.min ?? NaN) + slack || said.max < (measured.max ?? NaN) - slack) return 'bounds that do not enclose its values';
  const pairs: [string, number | undefined, number | undefined][] = [
    ['min', said.min, measured.min], ['max', said.max, measured.max], ['mean', said.mean, measured.mean], ['deviation', said.deviation, measured.deviation],
    ...said.quartiles.map((quartile, index): [string, number, number | undefined] => [`quartile ${index + 1}`, quartile, measured.quartiles?.[index]]),
  ];
  const wrong = pairs.find(([, figure, truth]) => figure !== undefined && !(Math.abs(figure - (truth ?? NaN)) <= step + slack));
  if (wrong) return `a ${wrong[0]} that is off by more than the step`;
  return said.histogram && findHistogramProblem(said.histogram, measured.histogram);
}

function findTopProblem(top: readonly { value: string; share: number }[], measured: MeasuredColumn, cells: number): string | undefined {
  if (measured.kind !== 'categorical') return 'commonest values of a column that holds numbers';
  const counts = new Map((measured.top ?? []).map(({ value, count }) => [value, count]));
  for (const { value, share } of top) {
    const count = counts.get(value);
    if (count === undefined) return 'a commonest value that is none';
    if (Math.abs(share - count / cells) > 0.01) return 'a share of a value that is off by more than a hundredth';
  }
  return undefined;
}
