import type { FittedFeature } from '../../prepare/fittedFeature.ts';
import type { Prepared } from '../../prepare/problem.ts';
import { numbersOf, textsOf } from '../../table/table.ts';
import type { Dependence, DependenceCurve, Importance } from './explanation.ts';
import { type Probe, type ProbeSetup, columnsOf, createProbe } from './probe.ts';
import { roundPoints } from './roundPoints.ts';

const MOST_FEATURES = 20;
const MOST_CATEGORIES = 20;
/** Rarer categories could point at people. */
const LEAST_CATEGORY_ROWS = 20;
const MOST_ROWS = 200;
const LEAST_ROWS = 30;
/** Half of what importance may take. */
const MOST_WORK = 2 ** 24;
const MOST_CLASSES = 10;

/** Partial dependence on the most important features, or a sentence on why there is none. @throws EngineError NOT_FINITE */
export async function measureDependence(setup: ProbeSetup & { prepared: Prepared; importance: Importance | undefined }): Promise<Dependence | string> {
  const { prepared, importance, problem } = setup;
  if (problem.classes.length > MOST_CLASSES) return `Partial dependence is left out: there are more than ${MOST_CLASSES} classes.`;
  const places = mostImportant(problem.features.map((_, place) => place), importance);
  const points: { place: number; points: number[] | string[] }[] = [];
  for (const place of places) {
    const own = pointsOf(prepared, problem.features[place]);
    if (own.length > 1) points.push({ place, points: own });
    await setup.pause();
  }
  const designs = points.reduce((sum, one) => sum + one.points.length, 0);
  if (designs === 0) return 'Partial dependence is left out: no feature has a range, or two categories of at least 20 train rows.';
  const probe = createProbe(setup, { most: MOST_ROWS, least: LEAST_ROWS, designs, mostWork: MOST_WORK });
  if (probe === undefined) return 'Partial dependence is left out: the model is too slow for it.';
  const curves: DependenceCurve[] = [];
  for (const one of points) curves.push(await dependOn(probe, one));
  return { rows: probe.rows, classes: shownClasses(problem.classes), features: curves };
}

function mostImportant(places: number[], importance: Importance | undefined): number[] {
  const mean = (place: number): number => importance?.features[place]?.mean ?? 0;
  return places.sort((a, b) => mean(b) - mean(a) || a - b).slice(0, MOST_FEATURES);
}

function shownClasses(classes: string[]): string[] {
  return classes.length === 2 ? classes.slice(1) : classes;
}

/** Where a feature is looked at: round numbers in the range of the train rows, or their frequent categories. */
function pointsOf({ table, order, problem }: Prepared, feature: FittedFeature | undefined): number[] | string[] {
  if (feature === undefined) return [];
  const rows = order.subarray(0, problem.trainRows);
  if (feature.kind === 'numeric') {
    const values = numbersOf(table, feature.name);
    let least = Infinity;
    let most = -Infinity;
    for (let at = 0; at < rows.length; at += 1) {
      const value = values[rows[at] as number] ?? NaN;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return roundPoints(least, most);
  }
  const { codes, texts } = textsOf(table, feature.name);
  const counts = new Int32Array(texts.length + 1);
  for (const row of rows) counts[(codes[row] ?? -1) + 1] = (counts[(codes[row] ?? -1) + 1] ?? 0) + 1;
  const countOf = new Map(texts.map((text, code) => [text, counts[code + 1] ?? 0]));
  const frequent = feature.categories.filter((category) => (countOf.get(category) ?? 0) >= LEAST_CATEGORY_ROWS);
  const ranked = frequent.toSorted((a, b) => (countOf.get(b) ?? 0) - (countOf.get(a) ?? 0) || (a < b ? -1 : 1));
  return ranked.slice(0, MOST_CATEGORIES).sort();
}

async function dependOn({ problem, rows, design, predict }: Probe, { place, points }: { place: number; points: number[] | string[] }): Promise<DependenceCurve> {
  const { width, features, classes } = problem;
  const feature = features[place];
  const { first = 0 } = columnsOf(problem)[place] ?? {};
  const changed = design.slice();
  const means: number[][] = [];
  for (const point of points) {
    const cells = feature === undefined ? [] : encodePoint(feature, point);
    for (const [column, cell] of cells.entries()) {
      for (let row = 0; row < rows; row += 1) changed[row * width + first + column] = cell;
    }
    const outputs = await predict(changed);
    means.push(meansOf(outputs, rows).slice(classes.length === 2 ? 1 : 0));
  }
  return { name: feature?.name ?? '', points, means };
}

/** The encoded columns of a cell, as `encodeRows` writes them. */
function encodePoint(feature: FittedFeature, point: number | string): number[] {
  if (feature.kind === 'numeric') return [(Number(point) - feature.mean) / feature.deviation];
  const code = feature.categories.indexOf(String(point));
  if (feature.encode === 'ordinal') return [code];
  return Array.from({ length: feature.categories.length + (feature.missing ? 1 : 0) }, (_, index) => (index === code ? 1 : 0));
}

/** The mean of each output over the rows. */
function meansOf(outputs: Float64Array, rows: number): number[] {
  const width = outputs.length / rows;
  return Array.from({ length: width }, (_, output) => {
    let sum = 0;
    for (let row = 0; row < rows; row += 1) sum += outputs[row * width + output] ?? 0;
    return sum / rows + 0;
  });
}
