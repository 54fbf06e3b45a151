import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type ParameterValues, type TrainSpecInput, predict, replay, train } from '../src/index.ts';
import { parseModel, writeModel } from '../src/model/model.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf } from './spec.ts';

function specOf(base: Pick<TrainSpecInput, 'features'>, parameters: Partial<ParameterValues>, changes: Partial<TrainSpecInput> = {}): TrainSpecInput {
  return { algorithm: 'k-means', features: base.features, split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters, limits: { maxSteps: 1_000, maxBytes: 1 << 26 }, ...changes };
}

test.each([{ n_clusters: 3 }, { n_clusters: 12, n_init: 3 }, { n_clusters: 8, init: 'random', tol: 0 }, { n_clusters: 1 }])('the twin agrees on penguins: %o', async (parameters) => {
  const run = { csv: penguinsCsv(), spec: specOf(penguinsSpec, parameters) };
  const result = await train(run);
  expect(trainReference(run)).toEqual(result);
  expect(result.converged).toBe(true);
});

test('the twin agrees on the weather, threads change no bit, and any state goes on to the same end', async () => {
  const run = { csv: weatherCsv(), spec: specOf(weatherSpec, { n_clusters: 5, n_init: 2, random_state: 3 }) };
  const alone = await train(run);
  expect(trainReference(run)).toEqual(alone);
  for (const threads of [2, 4]) expect(await train({ ...run, threads, startMember: startNodeMember })).toEqual(alone);
  for (const at of [0, Math.floor(alone.steps / 2), alone.steps - 1]) {
    const rest = await replay({ ...run, states: [alone.checkpoints[at]?.state ?? new Uint8Array()], steps: alone.steps });
    expect(rest).toEqual(alone.checkpoints.slice(at + 1));
  }
});

// [KMeans(k, n_init=10, random_state=0).fit(X).inertia_ for k in (3, 5)] of scikit-learn 1.9.1, X being the same scaled train rows.
test.each([[3, 2054.7029], [5, 1358.1589]])('%s clusters: the inertia of scikit-learn', async (clusters, expected) => {
  const { lossCurve } = await train({ csv: weatherCsv(), spec: specOf(weatherSpec, { n_clusters: clusters, n_init: 10 }) });
  expect(Math.min(...lossCurve)).toBeLessThan(expected * 1.0005);
  expect(Math.min(...lossCurve)).toBeGreaterThan(expected * 0.999);
});

const cell = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }).map(String) }, { weight: 2, arbitrary: fc.constantFrom('1e-300', '5e-324', '-0', '1e140', '-1e100', '0.1', '') });
const table = fc.array(fc.tuple(cell, cell, fc.constantFrom('red', 'green', 'NA')), { minLength: 4, maxLength: 60 });

test('the twin agrees on random tables, with ties, duplicates, empty clusters and extreme numbers', async () => {
  let learned = 0;
  const parameters = fc.record({
    n_clusters: fc.integer({ min: 1, max: 11 }), random_state: fc.nat(), init: fc.constantFrom('k-means++', 'random'), tol: fc.constantFrom(0, 1e-4), n_init: fc.integer({ min: 1, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(table, parameters, fc.constantFrom('standard' as const, 'none' as const), async (rows, values, scale) => {
      const csv = bytesOf(['a,b,c', ...rows.map((row) => row.join(','))].join('\n'));
      const features = [{ name: 'a', kind: 'numeric' as const }, { name: 'b', kind: 'numeric' as const }, { name: 'c', kind: 'categorical' as const }];
      const run = { csv, spec: specOf({ features }, { ...values, max_iter: 20 }, { preprocess: { scale } }) };
      const result = await train(run).catch((error: unknown) => error);
      if (result instanceof EngineError) {
        expect(['TOO_FEW_ROWS', 'NOT_FINITE']).toContain(result.code);
        return;
      }
      learned += 1;
      expect(trainReference(run)).toEqual(result);
      expect(await train({ ...run, threads: 2, startMember: startNodeMember })).toEqual(result);
    }),
    { numRuns: 60, seed: 20_260_102 },
  );
  expect(learned).toBeGreaterThan(30);
});

test('more clusters than rows are refused', async () => {
  const run = { csv: bytesOf('a\n1\n2\n3\n4'), spec: specOf({ features: [{ name: 'a', kind: 'numeric' }] }, { n_clusters: 4 }) };
  await expect(train(run)).rejects.toMatchObject({ code: 'TOO_FEW_ROWS', message: expect.stringContaining('n_clusters') });
});

test('rows are put into clusters; bodies that no training wrote are refused', async () => {
  const csv = bytesOf(`a,b\n${Array.from({ length: 40 }, (_, i) => `${i % 2 === 0 ? 0 : 10},${i % 4 < 2 ? 0 : 10}`).join('\n')}`);
  const spec = specOf({ features: ['a', 'b'].map((name) => ({ name, kind: 'numeric' as const })) }, { n_clusters: 4 });
  const { model } = await train({ csv, spec });
  const { labels, columns, outputs } = await predict({ model, csv });
  expect(columns).toEqual(['cluster']);
  expect(new Set(labels.slice(0, 4)).size).toBe(4);
  expect([...outputs.subarray(4)]).toEqual([...outputs.subarray(0, 36)]);
  const parts = parseModel(model);
  const again = (body: Uint8Array): Uint8Array => writeModel({ spec: { ...parts, algorithm: 'k-means', target: null }, features: parts.features, classes: [], engineId: parts.engineId, body });
  await expect(predict({ csv, model: again(parts.body.subarray(8)) })).rejects.toMatchObject({ code: 'BAD_MODEL' });
  const infinite = parts.body.slice();
  new DataView(infinite.buffer).setFloat64(0, Infinity, true);
  await expect(predict({ csv, model: again(infinite) })).rejects.toMatchObject({ code: 'BAD_MODEL' });
});
