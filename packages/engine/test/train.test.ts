import { expect, test, vi } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { type Checkpoint, type TrainProgress, type TrainSpecInput, predict, readModel, replayStep, train } from '../src/index.ts';
import { splitRows } from '../reference/split.ts';
import { bodyDoubles } from '../src/model/body.ts';
import { parseModel } from '../src/model/model.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const numeric = (name: string): { name: string; kind: 'numeric' } => ({ name, kind: 'numeric' });

test('penguins: the same bytes twice, and a good model', async () => {
  const first = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const second = await train({ csv: penguinsCsv(), spec: structuredClone(penguinsSpec) });
  expect(second).toEqual(first);
  expect(first.converged).toBe(true);
  expect(first.metrics).toMatchObject({ classes: ['Adelie', 'Chinstrap', 'Gentoo'], trainRows: 258, testRows: 86, droppedRows: 0 });
  expect(first.metrics.scores['accuracy']).toBeGreaterThan(0.95);
  expect(first.metrics.confusion.flat().reduce((sum, count) => sum + count)).toBe(86);
  const categories: Record<string, string[]> = { Island: ['Biscoe', 'Dream', 'Torgersen'], Sex: ['.', 'FEMALE', 'MALE'] };
  expect(readModel(first.model)).toEqual({
    algorithm: 'logistic-regression', task: 'classification', target: 'Species', features: penguinsSpec.features.map((feature) => (feature.kind === 'numeric' ? feature : { ...feature, categories: categories[feature.name] })), classes: first.metrics.classes, engineId: first.engineId,
    parameters: { ...penguinsSpec.parameters, l1_ratio: 0, fit_intercept: true, class_weight: 'none' },
  });
});

test('a file that a function gives makes the same model, and is freed once it is read', async () => {
  const bytes = Uint8Array.from(penguinsCsv());
  const kept = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const freed = await train({ csv: () => bytes, spec: penguinsSpec });
  expect(freed.modelDigest).toBe(kept.modelDigest);
  expect(bytes).toHaveLength(0);
});

test('weather: far better than the most frequent class (0.44)', async () => {
  const { metrics, converged } = await train({ csv: weatherCsv(), spec: weatherSpec });
  expect(converged).toBe(true);
  expect(metrics.scores['accuracy']).toBeGreaterThan(0.75);
  expect(metrics.scores['logLoss']).toBeLessThan(0.75);
});

test('progress and checkpoints are reported as they come, and the loss only falls', async () => {
  const checkpoints: Checkpoint[] = [];
  const progress: TrainProgress[] = [];
  const result = await train({
    csv: penguinsCsv(), spec: penguinsSpec,
    onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
    onProgress: (report) => progress.push(report),
  });
  expect(checkpoints).toEqual(result.checkpoints);
  expect(checkpoints.map(({ step }) => step)).toEqual(Array.from({ length: result.steps + 1 }, (_, step) => step));
  expect(progress.map(({ loss }) => loss)).toEqual(result.lossCurve);
  expect(progress[0]).toEqual({ step: 0, maxSteps: 50, loss: expect.closeTo(Math.log(3), 12), trainRows: 258 });
  expect(result.lossCurve.toSorted((a, b) => b - a)).toEqual(result.lossCurve);
});

test('maxSteps stops deterministically, with the longer run\'s checkpoints', async () => {
  const whole = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const spec = { ...penguinsSpec, limits: { ...penguinsSpec.limits, maxSteps: 3 } };
  const part = await train({ csv: penguinsCsv(), spec });
  expect([part.steps, part.converged]).toEqual([3, false]);
  expect(part.lossCurve).toEqual(whole.lossCurve.slice(0, 4));
});

test('every step can be replayed alone', async () => {
  const { checkpoints } = await train({ csv: weatherCsv(), spec: weatherSpec });
  for (const [index, { state }] of checkpoints.slice(0, -1).entries()) {
    expect(await replayStep({ csv: weatherCsv(), spec: weatherSpec, states: [state ?? new Uint8Array()] })).toEqual(checkpoints[index + 1]);
  }
});

test('a state of another run, a forged state and the last state cannot be replayed', async () => {
  const csv = penguinsCsv();
  const { checkpoints } = await train({ csv, spec: penguinsSpec });
  const state = checkpoints[1]?.state ?? new Uint8Array();
  const other = { ...penguinsSpec, split: { ...penguinsSpec.split, seed: 8 } };
  await expect(replayStep({ csv, spec: other, states: [state] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT', message: expect.stringContaining('another table or spec') });
  const forged = state.slice();
  forged[74] = (forged[74] ?? 0) ^ 1;
  await expect(replayStep({ csv, spec: penguinsSpec, states: [forged] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  await expect(replayStep({ csv, spec: penguinsSpec, states: [state.slice(0, 70)] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  await expect(replayStep({ csv, spec: penguinsSpec, states: [checkpoints.at(-1)?.state ?? state] })).rejects.toMatchObject({ message: expect.stringContaining('the run ends there') });
});

test('an abort stops the run, before it and between steps', async () => {
  await expect(train({ csv: penguinsCsv(), spec: penguinsSpec, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  const controller = new AbortController();
  const run = train({ csv: penguinsCsv(), spec: penguinsSpec, signal: controller.signal, onCheckpoint: ({ step }) => step === 2 && controller.abort() });
  await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
});

test('an abort while threads start does not wait for them, and they end', async () => {
  let terminated = 0;
  let start = (): void => {};
  const late = new Promise<void>((resolve) => { start = resolve; });
  const controller = new AbortController();
  const run = train({
    csv: penguinsCsv(), spec: penguinsSpec, threads: 2, signal: controller.signal,
    startMember: async () => {
      setTimeout(() => controller.abort(), 10);
      await late;
      return { terminate: () => { terminated += 1; } };
    },
  });
  await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
  expect(terminated).toBe(0);
  start();
  await vi.waitFor(() => expect(terminated).toBe(1));
});

test('timers fire while it trains', async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 0);
  const [header, ...rows] = new TextDecoder().decode(weatherCsv()).trim().split('\n');
  await train({ csv: bytesOf([header, ...Array.from({ length: 40 }, () => rows).flat()].join('\n')), spec: weatherSpec });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('rows without a target are dropped and counted; missing and constant columns are learned', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 8 === 7 ? 'NA' : i % 2 ? 'b' : 'a'},${i % 5 === 0 ? '' : i},7,,${i % 3 === 0 ? 'NA' : 'x'}`);
  const csv = bytesOf(['y,n,constant,nothing,c', ...rows].join('\n'));
  const spec = specOf('y', [numeric('n'), numeric('constant'), numeric('nothing'), { name: 'c', kind: 'categorical' }]);
  const result = await train({ csv, spec });
  expect(result.metrics).toMatchObject({ droppedRows: 5, trainRows: 27, testRows: 8 });
  expect(parseModel(result.model).features.slice(1)).toEqual([
    { name: 'constant', kind: 'numeric', fill: 7, mean: 7, deviation: 1 },
    { name: 'nothing', kind: 'numeric', fill: 0, mean: 0, deviation: 1 },
    { name: 'c', kind: 'categorical', encode: 'one-hot', categories: ['x'], missing: true },
  ]);
  expect(result).toEqual(trainReference({ csv, spec }));
});

test('separable classes with hardly any penalty still end', async () => {
  const csv = bytesOf(`y,n\n${Array.from({ length: 60 }, (_, i) => `${i < 30 ? 'low' : 'high'},${i}`).join('\n')}`);
  const { metrics, converged } = await train({ csv, spec: specOf('y', [numeric('n')], { parameters: { C: 1e9, max_iter: 100, tol: 1e-9 } }) });
  expect(converged).toBe(true);
  expect(metrics.scores['accuracy']).toBe(1);
});

test('predictions for the test rows are those that the metrics counted', async () => {
  const csv = penguinsCsv();
  const { model, metrics } = await train({ csv, spec: penguinsSpec });
  const { labels, outputs, classes } = await predict({ model, csv });
  const actual = new TextDecoder().decode(csv).split('\n').slice(1).map((line) => line.split(',')[0] ?? '');
  const confusion = classes.map(() => classes.map(() => 0));
  let logLoss = 0;
  for (const row of splitRows([...labels.keys()], penguinsSpec.split).test) {
    const values = [...outputs.subarray(row * classes.length, (row + 1) * classes.length)];
    const at = classes.indexOf(actual[row] ?? '');
    const counts = confusion[at] ?? [];
    counts[classes.indexOf(labels[row] ?? '')] = (counts[classes.indexOf(labels[row] ?? '')] ?? 0) + 1;
    logLoss -= Math.log(values[at] ?? 0) / metrics.testRows;
    expect(values.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    expect(labels[row]).toBe(classes[values.indexOf(Math.max(...values))]);
  }
  expect(classes).toEqual(metrics.classes);
  expect(confusion).toEqual(metrics.confusion);
  expect(logLoss).toBeCloseTo(metrics.scores['logLoss'] ?? 0, 12);
});

/** The largest difference of a model's weights from those of scikit-learn, intercept first. */
async function distance(csv: Uint8Array, spec: TrainSpecInput, expected: number[][]): Promise<number> {
  const { model } = await train({ csv, spec });
  const weights = bodyDoubles(parseModel(model).body, expected.flat().length);
  expect(weights).toHaveLength(expected.flat().length);
  return Math.max(...expected.flat().map((value, index) => Math.abs(value - (weights[index] ?? 0))));
}

// LogisticRegression(C=1, tol=1e-12, max_iter=100000) of scikit-learn 1.9.1 on the same train rows.
const SKLEARN_THREE = [[0.4379455, -2.8083441, 2.0792468], [0.3457294, 1.0892748, 0.9676811], [-0.783675, 1.7190693, -3.0469279]];
const SKLEARN_TWO = [[-2.1383642, 3.7497651, -1.1021636]];

test('three classes: the weights of scikit-learn', async () => {
  const spec: TrainSpecInput = { ...penguinsSpec, features: penguinsSpec.features.slice(0, 2) };
  expect(await distance(penguinsCsv(), spec, SKLEARN_THREE)).toBeLessThan(1e-5);
});

test('two classes: the weights of scikit-learn, which fits one vector', async () => {
  const csv = withoutGentoo();
  const spec: TrainSpecInput = { ...penguinsSpec, features: penguinsSpec.features.slice(0, 2) };
  expect(await distance(csv, spec, SKLEARN_TWO)).toBeLessThan(1e-5);
  expect(await train({ csv, spec })).toEqual(trainReference({ csv, spec }));
});
