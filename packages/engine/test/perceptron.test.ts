import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type ParameterValues, type TrainSpecInput, checkTrainSpec, predict, replay, train } from '../src/index.ts';
import { parseModel, writeModel } from '../src/model/model.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const limits = { maxSteps: 5_000, maxBytes: 1 << 26 };

function networkOf(base: TrainSpecInput, parameters: Partial<ParameterValues>): TrainSpecInput {
  return { ...base, algorithm: 'multilayer-perceptron', parameters, limits };
}

const rain: TrainSpecInput = { ...weatherSpec, task: 'regression', target: 'temp_max', features: weatherSpec.features.filter(({ name }) => name !== 'temp_max') };

test.each([
  ['three classes', penguinsCsv(), networkOf(penguinsSpec, { hidden_layer_sizes: [9], max_iter: 12 })],
  ['two classes, two layers, dropout', withoutGentoo(), networkOf(penguinsSpec, { hidden_layer_sizes: [7, 5], max_iter: 8, dropout: 0.3, batch_size: 32 })],
  ['a number', weatherCsv(), networkOf(rain, { hidden_layer_sizes: [6], max_iter: 4, batch_size: 30 })],
  ['steps within an epoch', weatherCsv(), networkOf(weatherSpec, { hidden_layer_sizes: [5], max_iter: 2, batch_size: 16, alpha: 0.5 })],
  ['early stopping, classes', penguinsCsv(), networkOf(penguinsSpec, { hidden_layer_sizes: [6], max_iter: 40, learning_rate_init: 0.02, early_stopping: true, n_iter_no_change: 3 })],
  ['early stopping, two classes, dropout', withoutGentoo(), networkOf(penguinsSpec, { hidden_layer_sizes: [5], max_iter: 10, dropout: 0.2, batch_size: 16, early_stopping: true, validation_fraction: 0.3, tol: 0 })],
  ['early stopping, a number', weatherCsv(), networkOf(rain, { hidden_layer_sizes: [6], max_iter: 5, batch_size: 30, early_stopping: true, validation_fraction: 0.25 })],
])('the twin agrees: %s', async (_, csv, spec) => {
  const result = await train({ csv, spec });
  expect(result.steps).toBeGreaterThan(3);
  expect(trainReference({ csv, spec })).toEqual(result);
});

test('threads change no bit', async () => {
  for (const run of [{ csv: penguinsCsv(), spec: networkOf(penguinsSpec, { max_iter: 30, dropout: 0.2 }) }, { csv: weatherCsv(), spec: networkOf(rain, { hidden_layer_sizes: [40, 30], max_iter: 4, batch_size: 50 }) }]) {
    const alone = await train(run);
    for (const threads of [2, 3, 4, 5]) expect(await train({ ...run, threads, startMember: startNodeMember })).toEqual(alone);
  }
});

test('gradients that do not fit into a round are told in pieces', async () => {
  const run = { csv: penguinsCsv(), spec: networkOf(penguinsSpec, { hidden_layer_sizes: [520, 520], max_iter: 1 }) };
  const alone = await train(run);
  for (const threads of [2, 4]) expect(await train({ ...run, threads, startMember: startNodeMember })).toEqual(alone);
});

test('any state goes on to the same end, in any number of threads', async () => {
  const run = { csv: weatherCsv(), spec: networkOf(weatherSpec, { hidden_layer_sizes: [8], max_iter: 4, batch_size: 10, dropout: 0.1 }) };
  const { checkpoints, steps } = await train(run);
  expect(steps).toBe(16);
  for (const at of [0, 2, 7, 15]) {
    const rest = await replay({ ...run, states: [checkpoints[at]?.state ?? new Uint8Array()], steps, threads: at === 7 ? 2 : 1, startMember: startNodeMember });
    expect(rest).toEqual(checkpoints.slice(at + 1));
  }
});

test('early stopping: threads change no bit, any state goes on to the same end, and the model has the best epoch\'s weights', async () => {
  const run = { csv: weatherCsv(), spec: networkOf(weatherSpec, { hidden_layer_sizes: [12], max_iter: 40, batch_size: 20, learning_rate_init: 0.02, early_stopping: true, n_iter_no_change: 4 }) };
  const alone = await train(run);
  expect(alone.converged).toBe(true);
  expect(alone.steps).toBeLessThan(40 * 2);
  for (const threads of [2, 4]) expect(await train({ ...run, threads, startMember: startNodeMember })).toEqual(alone);
  const { checkpoints, steps } = alone;
  for (const at of [0, 1, steps - 3]) {
    expect(await replay({ ...run, states: [checkpoints[at]?.state ?? new Uint8Array()], steps })).toEqual(checkpoints.slice(at + 1));
  }
  // Patience ran out after the best epoch: its weights are the model's, and the last ones are not.
  const body = Buffer.from(parseModel(alone.model).body);
  const last = Buffer.from(checkpoints.at(-1)?.state ?? []);
  expect(last.subarray(-body.length).equals(body)).toBe(true);
  expect(last.subarray(-4 * body.length, -3 * body.length).equals(body)).toBe(false);
});

test('without early stopping a spec has nothing of it, and the model the bytes that it had', async () => {
  const plain = await train({ csv: penguinsCsv(), spec: networkOf(penguinsSpec, { max_iter: 3 }) });
  const said = await train({ csv: penguinsCsv(), spec: networkOf(penguinsSpec, { max_iter: 3, early_stopping: false, validation_fraction: 0.1 }) });
  expect(said).toEqual(plain);
  expect(Object.keys(parseModel(plain.model).parameters)).not.toContain('early_stopping');
  expect(() => checkTrainSpec({ ...networkOf(penguinsSpec, {}), search: { method: 'grid', parameters: { early_stopping: [true, false] } } })).toThrow('spec.search.parameters.early_stopping');
});

test('states that no run wrote are refused', async () => {
  const run = { csv: penguinsCsv(), spec: networkOf(penguinsSpec, { hidden_layer_sizes: [3], max_iter: 4 }) };
  const { checkpoints } = await train(run);
  const state = checkpoints[2]?.state ?? new Uint8Array();
  const changed = (at: number, write: (view: DataView) => void): Uint8Array => {
    const bytes = state.slice();
    write(new DataView(bytes.buffer, at));
    return bytes;
  };
  const infinite = changed(80 + 88, (view) => view.setFloat32(0, Infinity, true));
  const other = changed(80 + 8, (view) => view.setFloat64(0, 1, true));
  for (const bad of [infinite, other, state.slice(0, -4)]) await expect(replay({ ...run, states: [bad] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
});

// On the same split of the scaled rows, scikit-learn 1.9.1, means over random_state s = 0..4 of
// MLPClassifier(max_iter=100, random_state=s).fit(X, y): log_loss(yt, predict_proba(Xt)), and score(Xt, yt).
test.each([['penguins', penguinsCsv(), penguinsSpec, 0.044, 0.9907], ['weather', weatherCsv(), weatherSpec, 0.6863, 0.76]])('the quality of scikit-learn: %s', async (_, csv, base, logLoss, accuracy) => {
  const results = await Promise.all([0, 1, 2, 3, 4].map((seed) => train({ csv, spec: networkOf(base, { max_iter: 100, random_state: seed }) })));
  const mean = (name: string): number => results.reduce((sum, { metrics }) => sum + (metrics.scores[name] ?? 0), 0) / results.length;
  expect(mean('logLoss')).toBeLessThan(logLoss * 1.02);
  expect(mean('accuracy')).toBeGreaterThan(accuracy - 0.01);
});

test('it stops where epochs no longer help, and says so', async () => {
  const { converged, steps } = await train({ csv: penguinsCsv(), spec: networkOf(penguinsSpec, { learning_rate_init: 0.05, n_iter_no_change: 5 }) });
  expect(converged).toBe(true);
  expect(steps).toBeLessThan(150);
});

const cell = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }).map(String) }, { weight: 2, arbitrary: fc.constantFrom('1e-300', '5e-324', '-0', '1e140', '-1e30', '0.1', '') });
const table = fc.array(fc.tuple(fc.constantFrom('1', '2.5', '-7'), cell, cell, fc.constantFrom('red', 'green', 'NA')), { minLength: 4, maxLength: 60 });

test('the twin agrees on random tables, with few rows, duplicates and extreme numbers', async () => {
  let learned = 0;
  const parameters = fc.record({
    hidden_layer_sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), batch_size: fc.constantFrom(null, 1, 2, 7), max_iter: fc.integer({ min: 1, max: 4 }),
    dropout: fc.constantFrom(0, 0.5), alpha: fc.constantFrom(0, 0.01), random_state: fc.nat(), learning_rate_init: fc.constantFrom(0.001, 0.5),
  });
  await fc.assert(
    fc.asyncProperty(table, parameters, fc.constantFrom('standard' as const, 'none' as const), fc.constantFrom('classification' as const, 'regression' as const), async (rows, values, scale, task) => {
      const csv = bytesOf(['y,a,b,c', ...rows.map((row) => row.join(','))].join('\n'));
      const features = [{ name: 'a', kind: 'numeric' as const }, { name: 'b', kind: 'numeric' as const }, { name: 'c', kind: 'categorical' as const }];
      const run = { csv, spec: networkOf(specOf('y', features, { task, preprocess: { scale } }), values) };
      const result = await train(run).catch((error: unknown) => error);
      if (result instanceof EngineError) {
        expect(['TOO_FEW_ROWS', 'NOT_FINITE', 'ONE_CLASS', 'UNSEEN_CLASS']).toContain(result.code);
        return;
      }
      learned += 1;
      expect(trainReference(run)).toEqual(result);
    }),
    { numRuns: 80, seed: 20_260_104 },
  );
  expect(learned).toBeGreaterThan(40);
});

test('bodies that no training wrote are refused', async () => {
  const csv = weatherCsv();
  const { model } = await train({ csv, spec: networkOf(rain, { hidden_layer_sizes: [3], max_iter: 1 }) });
  const { body, ...parts } = parseModel(model);
  const again = (bytes: Uint8Array): Uint8Array => writeModel({ spec: parts, features: parts.features, classes: parts.classes, engineId: parts.engineId, body: bytes });
  expect(again(body)).toEqual(model);
  const changed = (write: (view: DataView) => void): Uint8Array => {
    const bytes = body.slice();
    write(new DataView(bytes.buffer));
    return bytes;
  };
  const bad = [body.subarray(4), changed((view) => view.setFloat64(8, 0, true)), changed((view) => view.setFloat32(20, NaN, true))];
  for (const bytes of bad) await expect(predict({ csv, model: again(bytes) })).rejects.toMatchObject({ code: 'BAD_MODEL' });
});
