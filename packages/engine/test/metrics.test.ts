import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreReference } from '../reference/metrics.ts';
import { pickRows as pickReference, silhouette } from '../reference/silhouette.ts';
import { type Metrics, checkTrainSpec, scoresOf, train } from '../src/index.ts';
import { createKernels } from '../src/kernels/index.ts';
import { pickRows } from '../src/metrics/pickRows.ts';
import { scoreClasses } from '../src/metrics/scoreClasses.ts';
import { scoreClusters } from '../src/metrics/scoreClusters.ts';
import { scoreNumbers } from '../src/metrics/scoreNumbers.ts';
import { createProblem } from '../src/prepare/problem.ts';
import { penguinsCsv, penguinsSpec, withoutGentoo } from './datasets.ts';
import { specOf } from './spec.ts';

// Expected figures: python3 packages/engine/test/sklearn_metrics.py, with scikit-learn 1.9.1.

const pause = (): undefined => undefined;

/** The numbers of the Python file's generator. */
function draws(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

function closeTo(scores: Record<string, number>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, expect.closeTo(value, 12)]));
}

/** Scores by the engine, which must be the twin's. */
async function scored(classes: string[], rows: number[][], actual: number[]): Promise<Metrics> {
  const found = await scoreClasses({ outputs: Float64Array.from(rows.flat()), classes, actual: Float64Array.from(actual), pause });
  const metrics = { task: 'classification' as const, trainRows: 1, testRows: rows.length, droppedRows: 0, classes, ...found };
  const tests = rows.map((outputs, row) => ({ row: [], outputs, actual: actual[row] ?? 0 }));
  const learned = { states: [], converged: true, body: new Uint8Array(), predict: () => [] };
  expect(scoreReference({ spec: checkTrainSpec(specOf('y', [{ name: 'n', kind: 'numeric' }])), classes, trainRows: 1, droppedRows: 0, tests, learned })).toEqual(metrics);
  return metrics;
}

test('two classes, many ties: scikit-learn\'s scores, confusion and calibration', async () => {
  const u = draws(1, 400);
  const chances = u.slice(0, 200).map((value) => Math.round(value * 20) / 20);
  const metrics = await scored(['no', 'yes'], chances.map((p) => [1 - p, p]), chances.map((p, row) => ((u[200 + row] ?? 0) < p ? 1 : 0)));
  expect(metrics.scores).toEqual(closeTo({
    accuracy: 0.78, balancedAccuracy: 0.7797779777977798, f1: 0.7798018216394755, rocAuc: 0.8878387838783879, prAuc: 0.8809515664870731, logLoss: 0.42792990541297626, brier: 0.140275,
  }));
  expect(metrics.confusion).toEqual([[81, 20], [24, 75]]);
  const [bins] = metrics.calibration ?? [];
  expect(bins?.bins.map(({ predicted }) => predicted)).toEqual([0.046296, 0.169231, 0.275, 0.374, 0.4775, 0.581818, 0.675, 0.773684, 0.861538, 0.968421]);
  expect(bins?.bins.map(({ observed }) => observed)).toEqual([0, 0.153846, 0.15, 0.32, 0.55, 0.5, 0.772727, 0.842105, 0.923077, 1]);
  expect(bins?.bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(200);
});

test('three classes: scikit-learn\'s scores, one against the rest', async () => {
  const u = draws(2, 800);
  const rows = Array.from({ length: 150 }, (_, row) => {
    const parts = [0, 1, 2].map((place) => (u[row * 4 + place] ?? 0) + 0.01);
    return parts.map((part) => part / ((parts[0] ?? 0) + (parts[1] ?? 0) + (parts[2] ?? 0)));
  });
  const actual = rows.map(([a = 0, b = 0], row) => ((u[row * 4 + 3] ?? 0) < a ? 0 : (u[row * 4 + 3] ?? 0) < a + b ? 1 : 2));
  const { scores, curves } = await scored(['a', 'b', 'c'], rows, actual);
  expect(scores).toEqual(closeTo({
    accuracy: 0.5133333333333333, balancedAccuracy: 0.5163174913725171, f1: 0.5136662981944863, rocAuc: 0.7080137208899542, prAuc: 0.538675397436265, logLoss: 0.9699078786418217, brier: 0.5921712876007955,
  }));
  expect(curves?.map((one) => one.class)).toEqual(['a', 'b', 'c']);
  for (const { roc, precisionRecall } of curves ?? []) {
    for (const points of [roc, precisionRecall]) {
      expect(points.length).toBeLessThanOrEqual(101);
      expect(points.map(([x]) => x)).toEqual(points.map(([x]) => x).toSorted((a, b) => a - b));
    }
    expect([roc[0], roc.at(-1), precisionRecall.at(-1)?.[0]]).toEqual([[0, 0], [1, 1], 1]);
  }
});

test('what is not defined for the test rows is null, and not a number that looks like one', async () => {
  const oneKind = await scored(['no', 'yes'], [[0.2, 0.8], [0.6, 0.4]], [0, 0]);
  expect(oneKind.scores).toMatchObject({ accuracy: 0.5, balancedAccuracy: 0.5, rocAuc: null, prAuc: null });
  expect(oneKind.curves).toEqual([]);
  const absent = await scored(['a', 'b', 'c'], [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]], [0, 1]);
  expect(absent.scores).toMatchObject({ accuracy: 1, balancedAccuracy: 1, f1: 1, rocAuc: null, prAuc: null });
  expect(absent.curves).toHaveLength(2);
  const numbers = (outputs: number[], actual: number[]): Metrics['scores'] => scoreNumbers(Float64Array.from(outputs), Float64Array.from(actual)).scores;
  expect(numbers([1], [2])).toEqual({ r2: null, rmse: 1, mae: 1 });
  expect(numbers([0.1, 0.1, 0.1], [0.1, 0.1, 0.1])).toEqual({ r2: 1, rmse: 0, mae: 0 });
  expect(numbers([1, 2], [0.1, 0.1])).toMatchObject({ r2: 0 });
  expect(numbers([1e300, 0], [0, 1])).toEqual({ r2: null, rmse: null, mae: 5e299 });
});

test('more than ten classes have scores and no curves', async () => {
  const classes = Array.from({ length: 11 }, (_, index) => String(index).padStart(2, '0'));
  const rows = classes.flatMap((_, own) => [0, 1].map((again) => classes.map((__, place) => (place === (own + again) % 11 ? 0.5 : 0.05))));
  const { scores, curves, calibration } = await scored(classes, rows, rows.map((_, row) => Math.floor(row / 2)));
  expect(scores).toMatchObject({ accuracy: 0.5, rocAuc: expect.closeTo(0.725, 12) });
  expect([curves, calibration]).toEqual([[], []]);
});

test('any probabilities, ties and classes: the twin agrees', async () => {
  const table = fc.integer({ min: 2, max: 5 }).chain((classes) =>
    fc.array(fc.tuple(fc.array(fc.oneof(fc.constantFrom(0, 0.25, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: classes, maxLength: classes }), fc.nat({ max: classes - 1 })), { minLength: 1, maxLength: 60 }));
  await fc.assert(fc.asyncProperty(table, async (rows) => {
    const classes = Array.from({ length: rows[0]?.[0].length ?? 0 }, (_, index) => `c${index}`);
    const { scores } = await scored(classes, rows.map(([outputs]) => outputs), rows.map(([, actual]) => actual));
    for (const name of ['accuracy', 'balancedAccuracy', 'f1', 'rocAuc', 'prAuc']) {
      const score = scores[name] ?? 0;
      expect(score >= 0 && score <= 1 + 1e-12).toBe(true);
    }
  }), { numRuns: 200, seed: 20_260_103 });
});

test('numbers: scikit-learn\'s scores', () => {
  const u = draws(3, 200);
  const actual = u.slice(0, 100).map((value) => value * 10 - 3);
  const outputs = actual.map((value, row) => value + (u[100 + row] ?? 0) - 0.5);
  expect(scoreNumbers(Float64Array.from(outputs), Float64Array.from(actual)).scores).toEqual(closeTo({ r2: 0.9895761933051774, rmse: 0.2833735541736894, mae: 0.24587090424727648 }));
});

test('clusters: scikit-learn\'s silhouette, and the squared way to the centres', async () => {
  const u = draws(4, 300);
  const rows = Array.from({ length: 100 }, (_, row) => u.slice(row * 3, row * 3 + 3));
  const labels = rows.map(([x = 0]) => (x < 0.3 ? 0 : x < 0.97 ? 1 : 2));
  const names = ['x', 'y', 'z'];
  const spec = checkTrainSpec({ algorithm: 'k-means', features: names.map((name) => ({ name, kind: 'numeric' })), preprocess: { scale: 'none' }, split: { rule: 'hash-rank', seed: 1, testFraction: 0.5 }, limits: { maxSteps: 1, maxBytes: 1 << 24 } });
  const table = { rows: 100, columns: names.map((name, column) => ({ name, kind: 'numeric' as const, values: Float64Array.from(rows, (row) => row[column] ?? 0) })) };
  const test = Int32Array.from(rows.keys());
  const problem = createProblem({ table, spec, split: { train: test.slice(0, 50), test } });
  const predictor = { outputs: 1, predict: () => new Float64Array(), centres: Float64Array.of(0.2, 0.5, 0.5, 0.6, 0.5, 0.5, 1, 0.5, 0.5) };
  const { scores } = await scoreClusters({ problem, predictor, outputs: Float64Array.from(labels), pause });
  const distance = rows.reduce((sum, [x = 0, y = 0, z = 0], row) => sum + (x - ([0.2, 0.6, 1][labels[row] ?? 0] ?? 0)) ** 2 + (y - 0.5) ** 2 + (z - 0.5) ** 2, 0);
  expect(scores).toEqual({ silhouette: expect.closeTo(0.07425333520839825, 12), inertiaPerRow: expect.closeTo(distance / 100, 12) });
  expect(scores['silhouette']).toBe(silhouette(rows.map((row, index) => ({ row, cluster: labels[index] ?? 0 })), 1));
});

test('rows are picked by their key, the same ones as the twin\'s', () => {
  const picked = pickRows({ kernels: createKernels(), rows: 5_000, most: 2_000, seed: 3 });
  expect(picked).toHaveLength(2_000);
  expect([...picked]).toEqual(pickReference(Array.from({ length: 5_000 }, (_, row) => row), 2_000, 3));
  expect([...pickRows({ kernels: createKernels(), rows: 3, most: 3, seed: 1 })]).toEqual([0, 1, 2]);
});

test('a run has exactly the scores that its task lists', async () => {
  const { metrics } = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  expect(Object.keys(metrics.scores).sort()).toEqual(scoresOf('classification').map(({ name }) => name).sort());
  expect(metrics.curves?.map((one) => one.class)).toEqual(metrics.classes);
  expect((await train({ csv: withoutGentoo(), spec: penguinsSpec })).metrics.curves?.map((one) => one.class)).toEqual(['Chinstrap']);
});
