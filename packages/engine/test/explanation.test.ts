import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { splitRows } from '../reference/split.ts';
import { type ColumnSpec, type TrainResult, type TrainSpecInput, predict, train } from '../src/index.ts';
import { roundPoints } from '../src/metrics/explanation/roundPoints.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const numeric = (name: string): ColumnSpec => ({ name, kind: 'numeric' });
const noise = (row: number): number => (Math.imul(row + 1, 2_654_435_761) >>> 0) / 2 ** 32;

/** y is decided by `size`, never by `noise`; `colour` is rare in one value. */
function tableOf(rows: number, cell = (row: number): string => `${row % 50}`): Uint8Array {
  const line = (row: number): string => `${row % 50 >= 25 ? 'big' : 'small'},${cell(row)},${noise(row).toFixed(4)},${row === 3 ? 'secret' : row % 2 === 0 ? 'red' : 'blue'}`;
  return bytesOf(['y,size,noise,colour', ...Array.from({ length: rows }, (_, row) => line(row))].join('\n'));
}
const features: ColumnSpec[] = [numeric('noise'), numeric('size'), { name: 'colour', kind: 'categorical' }];

async function agreed(csv: Uint8Array, spec: TrainSpecInput): Promise<TrainResult['metrics']> {
  const { metrics } = await train({ csv, spec });
  expect(trainReference({ csv, spec }).metrics).toEqual(metrics);
  return metrics;
}

test('what decides is important, what does not is not', async () => {
  const { explanation, scores, testRows } = await agreed(tableOf(1_000), specOf('y', features));
  const { importance } = explanation ?? {};
  expect(importance).toMatchObject({ score: 'accuracy', rows: testRows, repeats: 5, baseline: scores['accuracy'] });
  const [ofNoise, ofSize, ofColour] = importance?.features ?? [];
  expect(ofSize?.mean).toBeGreaterThan(0.4);
  for (const none of [ofNoise, ofColour]) expect(Math.abs(none?.mean ?? 1)).toBeLessThan(0.02);
});

test('dependence: round numbers, frequent categories, and the mean of what the model predicts for them', async () => {
  const csv = tableOf(400);
  const spec = specOf('y', features);
  const { model, metrics } = await train({ csv, spec });
  const { dependence } = metrics.explanation ?? {};
  expect(dependence).toMatchObject({ rows: 100, classes: ['small'] });
  expect(dependence?.features[0]).toMatchObject({ name: 'size', points: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45] });
  const colours = dependence?.features.find(({ name }) => name === 'colour');
  expect(colours?.points).toEqual(['blue', 'red']);
  expect(JSON.stringify(metrics)).not.toContain('secret');
  // The same by the public way: a file in which the column is overwritten.
  const lines = new TextDecoder().decode(csv).split('\n');
  const { test } = splitRows(Array.from({ length: 400 }, (_, row) => row), { seed: 1, testFraction: 0.25 });
  for (const [index, point] of (dependence?.features[0]?.points ?? []).entries()) {
    const changed = test.map((row) => (lines[row + 1] ?? '').split(',').with(1, String(point)).join(','));
    const { outputs } = await predict({ model, csv: bytesOf([lines[0], ...changed].join('\n')) });
    const mean = outputs.reduce((sum, value, place) => sum + (place % 2 === 1 ? value : 0), 0) / test.length;
    expect(dependence?.features[0]?.means[index]).toEqual([expect.closeTo(mean, 12)]);
  }
});

test('regression is explained by R²', async () => {
  const spec: TrainSpecInput = { ...specOf('size', [numeric('noise'), { name: 'y', kind: 'categorical' }]), algorithm: 'gradient-boosting', task: 'regression', parameters: { max_iter: 10 }, limits: { maxSteps: 1_000, maxBytes: 1 << 26 } };
  const { explanation } = await agreed(tableOf(1_000), spec);
  expect(explanation?.importance?.score).toBe('r2');
  expect(explanation?.importance?.features[1]?.mean).toBeGreaterThan(0.5);
  expect(explanation?.dependence).toMatchObject({ classes: [], features: [{ name: 'y', points: ['big', 'small'], means: [[expect.closeTo(37, -1)], [expect.closeTo(12, -1)]] }, { name: 'noise' }] });
});

test('more than two classes: a mean for each; threads change nothing', async () => {
  const { explanation } = (await train({ csv: penguinsCsv(), spec: penguinsSpec })).metrics;
  expect(explanation?.notes).toEqual([]);
  expect(explanation?.dependence?.classes).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
  for (const { points, means } of explanation?.dependence?.features ?? []) {
    expect(means).toHaveLength(points.length);
    for (const mean of means) expect(mean.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
  }
  expect(explanation?.dependence?.features[0]?.name).toBe('Beak Length (mm)');
});

test('what cannot be told is left out, with the reason', async () => {
  const constant = bytesOf(`y,n\n${Array.from({ length: 20 }, (_, row) => `${row % 2 === 0 ? 'a' : 'b'},7`).join('\n')}`);
  expect((await agreed(constant, specOf('y', [numeric('n')]))).explanation).toMatchObject({
    importance: { features: [{ name: 'n', mean: 0, deviation: 0 }] },
    notes: ['Partial dependence is left out: no feature has a range, or two categories of at least 20 train rows.'],
  });
  const slow: TrainSpecInput = { ...weatherSpec, algorithm: 'k-nearest-neighbours', parameters: {} };
  const rows = new TextDecoder().decode(weatherCsv()).trim().split('\n');
  const many = bytesOf([rows[0], ...Array.from({ length: 12 }, () => rows.slice(1)).flat()].join('\n'));
  const { explanation } = (await train({ csv: many, spec: slow })).metrics;
  expect(explanation).toEqual({ notes: ['Permutation importance is left out: the model has too many columns or is too slow for it.', 'Partial dependence is left out: the model is too slow for it.'] });
});

test('clusters are not explained', async () => {
  const spec: TrainSpecInput = { algorithm: 'k-means', features: weatherSpec.features, split: weatherSpec.split, limits: weatherSpec.limits };
  expect((await train({ csv: weatherCsv(), spec })).metrics).not.toHaveProperty('explanation');
});

test('points are round, lie within the range, and are never more than 21', () => {
  expect(roundPoints(0.13, 0.87)).toEqual([0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85]);
  expect(roundPoints(-3, 3).slice(0, 3)).toEqual([-3, -2.5, -2]);
  expect(roundPoints(172_000, 231_500).at(0)).toBe(175_000);
  for (const [least, most] of [[0, 1], [-1e300, 1e300], [1e-290, 3e-290], [0, 1e-320], [-1e308, 1e308], [5, 5], [1e17, 1e17 + 64], [Infinity, -Infinity], [-0.001, 7]] as const) {
    const points = roundPoints(least, most);
    expect(points.length === 0 || (points.length >= 2 && points.length <= 21)).toBe(true);
    expect(points.every((point, index) => point >= least && point <= most && !Object.is(point, -0) && point > (points[index - 1] ?? -Infinity))).toBe(true);
  }
});
