import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type ParameterValues, type TrainSpecInput, predict, replay, train } from '../src/index.ts';
import { parseModel, writeModel } from '../src/model/model.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

function neighboursOf(base: TrainSpecInput, parameters: Partial<ParameterValues>): TrainSpecInput {
  return { ...base, algorithm: 'k-nearest-neighbours', parameters };
}

const rain: TrainSpecInput = { ...weatherSpec, task: 'regression', target: 'precipitation', features: (weatherSpec.features).slice(1) };

test.each([{}, { n_neighbors: 1 }, { n_neighbors: 12, weights: 'distance' }])('the twin agrees on penguins and the weather: %o', async (parameters) => {
  for (const run of [{ csv: penguinsCsv(), spec: neighboursOf(penguinsSpec, parameters) }, { csv: weatherCsv(), spec: neighboursOf(rain, parameters) }]) {
    const result = await train(run);
    expect(trainReference(run)).toEqual(result);
    expect(await train({ ...run, threads: 4, startMember: startNodeMember })).toEqual(result);
  }
});

test('a state goes on to the same end, and one of other rows is refused', async () => {
  const run = { csv: weatherCsv(), spec: neighboursOf(weatherSpec, {}) };
  const { checkpoints, steps, converged } = await train(run);
  expect([steps, converged]).toEqual([1, true]);
  const state = checkpoints[0]?.state ?? new Uint8Array();
  expect(await replay({ ...run, states: [state] })).toEqual(checkpoints.slice(1));
  const forged = state.slice();
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  await expect(replay({ ...run, states: [forged] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT', message: expect.stringContaining('other rows') });
});

// On the same split of the scaled rows, scikit-learn 1.9.1: KNeighborsClassifier(5).fit(X, y).score(Xt, yt).
test('the accuracy of scikit-learn', async () => {
  const penguins = await train({ csv: penguinsCsv(), spec: neighboursOf(penguinsSpec, {}) });
  const weather = await train({ csv: weatherCsv(), spec: neighboursOf(weatherSpec, {}) });
  expect(penguins.metrics.scores['accuracy']).toBeCloseTo(1.0, 12);
  expect(weather.metrics.scores['accuracy']).toBeCloseTo(0.673972602739726, 12);
});

const cell = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }).map(String) }, { weight: 2, arbitrary: fc.constantFrom('1e-300', '5e-324', '-0', '1e140', '-1e100', '0.1', '') });
const table = fc.array(fc.tuple(fc.constantFrom('1', '2.5', '-7'), cell, cell, fc.constantFrom('red', 'green', 'NA')), { minLength: 4, maxLength: 200 });

test('the twin agrees on random tables, with ties, duplicates and extreme numbers', async () => {
  let learned = 0;
  const parameters = fc.record({ n_neighbors: fc.integer({ min: 1, max: 7 }), weights: fc.constantFrom('uniform', 'distance') });
  await fc.assert(
    fc.asyncProperty(table, parameters, fc.constantFrom('standard' as const, 'none' as const), fc.constantFrom('classification' as const, 'regression' as const), async (rows, values, scale, task) => {
      const csv = bytesOf(['y,a,b,c', ...rows.map((row) => row.join(','))].join('\n'));
      const features = [{ name: 'a', kind: 'numeric' as const }, { name: 'b', kind: 'numeric' as const }, { name: 'c', kind: 'categorical' as const }];
      const run = { csv, spec: neighboursOf(specOf('y', features, { task, preprocess: { scale } }), values) };
      const result = await train(run).catch((error: unknown) => error);
      if (result instanceof EngineError) {
        expect(['TOO_FEW_ROWS', 'NOT_FINITE', 'ONE_CLASS', 'UNSEEN_CLASS']).toContain(result.code);
        return;
      }
      learned += 1;
      expect(trainReference(run)).toEqual(result);
    }),
    { numRuns: 100, seed: 20_260_103 },
  );
  expect(learned).toBeGreaterThan(60);
});

test('many columns, and more columns than rows', async () => {
  const names = Array.from({ length: 70 }, (_, index) => `f${index}`);
  const rows = Array.from({ length: 60 }, (_, row) => [row % 3 === 0 ? 'a' : 'b', ...names.map((_name, index) => ((row * 37 + index * index * 11) % 101) / 7)].join(','));
  const run = { csv: bytesOf([['y', ...names].join(','), ...rows].join('\n')), spec: neighboursOf(specOf('y', names.map((name) => ({ name, kind: 'numeric' }))), {}) };
  expect(trainReference(run)).toEqual(await train(run));
});

test('more neighbours than rows are refused, and bodies that no training wrote', async () => {
  const csv = bytesOf('y,a\nu,1\nv,2\nu,3\nv,4\nu,5\nv,6\nu,7\nv,8');
  const features = [{ name: 'a', kind: 'numeric' as const }];
  await expect(train({ csv, spec: neighboursOf(specOf('y', features), { n_neighbors: 7 }) })).rejects.toMatchObject({ code: 'TOO_FEW_ROWS', message: expect.stringContaining('n_neighbors') });
  const { model } = await train({ csv, spec: neighboursOf(specOf('y', features), { n_neighbors: 3 }) });
  const { body, ...parts } = parseModel(model);
  const again = (bytes: Uint8Array): Uint8Array => writeModel({ spec: parts, features: parts.features, classes: parts.classes, engineId: parts.engineId, body: bytes });
  expect(again(body)).toEqual(model);
  const otherClass = body.slice();
  new DataView(otherClass.buffer).setFloat64(body.length - 8, 2, true);
  for (const bad of [body.subarray(0, 32), body.subarray(8), otherClass]) await expect(predict({ csv, model: again(bad) })).rejects.toMatchObject({ code: 'BAD_MODEL' });
});
