import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainReference } from '../reference/index.ts';
import { EngineError, type TrainResult, type TrainSpecInput, checkTrainSpec, findInadmissible, planRun, profileCsv, readModel, replay, replayStep, train } from '../src/index.ts';
import { spreadOf } from '../src/metrics/selection.ts';
import { listCandidates } from '../src/spec/listCandidates.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const parameters = { max_iter: 100, tol: 1e-9 };
type SearchInput = NonNullable<TrainSpecInput['search']>;
const grid = (values: SearchInput['parameters'], more: Partial<SearchInput> = {}): SearchInput => ({ method: 'grid', parameters: values, folds: 3, ...more });

const species: TrainSpecInput = { ...penguinsSpec, parameters, limits, search: grid({ C: [1e-4, 1], fit_intercept: [false, true] }), validation: { folds: 2, seed: 5 } };
const warmth: TrainSpecInput = {
  ...weatherSpec, algorithm: 'gradient-boosting', task: 'regression', target: 'temp_max', limits,
  features: ['precipitation', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })),
  parameters: { max_iter: 3, max_leaf_nodes: 4 }, search: { method: 'random', parameters: { learning_rate: [0.01, 0.1, 0.3, 0.5], max_leaf_nodes: [2, 4] }, iterations: 3, folds: 2, score: 'rmse' },
};
const groups: TrainSpecInput = { algorithm: 'k-means', features: weatherSpec.features, split: weatherSpec.split, limits, parameters: { n_init: 1 }, search: grid({ n_clusters: [2, 5] }) };

test('cross-validation of each candidate: scikit-learn\'s figures on the same folds', async () => {
  // Expected figures: python3 packages/engine/test/sklearn_selection.py node_modules/vega-datasets/data/seattle-weather.csv, with scikit-learn 1.9.1.
  const spec: TrainSpecInput = { ...weatherSpec, parameters: { max_iter: 100, tol: 1e-10 }, limits, validation: { folds: 5, seed: 11 }, search: grid({ C: [0.001, 0.1, 10] }, { folds: 5, seed: 11 }) };
  const { metrics, model, converged } = await train({ csv: weatherCsv(), spec });
  expect(converged).toBe(true);
  const byFold = [0, 1, 2, 3, 4].map(() => expect.any(Number) as number);
  expect(metrics.search).toEqual({
    score: 'accuracy', folds: 5, best: 2,
    candidates: [
      { parameters: { C: 0.001 }, score: { mean: expect.closeTo(0.6806724782067246, 10), deviation: expect.closeTo(0.014640326647487585, 10) }, byFold },
      { parameters: { C: 0.1 }, score: { mean: expect.closeTo(0.7627729348277293, 10), deviation: expect.closeTo(0.022186771914836634, 10) }, byFold },
      { parameters: { C: 10 }, score: { mean: expect.closeTo(0.8302781237027812, 10), deviation: expect.closeTo(0.021975589584614253, 10) }, byFold },
    ],
  });
  expect(metrics.validation?.scores).toMatchObject({
    accuracy: metrics.search?.candidates[2]?.score,
    logLoss: { mean: expect.closeTo(0.5377011125169275, 6), deviation: expect.closeTo(0.0640266570611689, 6) },
    f1: { mean: expect.closeTo(0.39857420268503835, 10), deviation: expect.closeTo(0.03482267368029358, 10) },
  });
  // What stands of each fold is what means and deviations are of, and the two lists of the same fits are the same.
  for (const { score, byFold: values } of metrics.search?.candidates ?? []) expect(spreadOf(values)).toEqual(score);
  expect(Object.entries(metrics.validation?.byFold ?? {}).map(([name, values]) => [name, spreadOf(values)])).toEqual(Object.entries(metrics.validation?.scores ?? {}));
  expect(metrics.validation?.byFold['accuracy']).toEqual(metrics.search?.candidates[2]?.byFold);
  expect(readModel(model).parameters['C']).toBe(10);
});

test('a run is planned from row counts as it will be', async () => {
  for (const [csv, input] of [[penguinsCsv(), species], [weatherCsv(), warmth], [weatherCsv(), groups]] as const) {
    const spec = checkTrainSpec(input);
    const { maxSteps } = await train({ csv, spec, lastStep: 0 });
    expect(planRun({ spec, ...profileCsv(csv) })).toMatchObject({ maxSteps });
  }
  const { columns } = profileCsv(penguinsCsv());
  const spec = checkTrainSpec(species);
  expect(planRun({ spec, rows: 344, columns })).toMatchObject({ candidates: 4, fits: 15 });
  expect(() => planRun({ spec: { ...spec, limits: { ...limits, maxSteps: 99 } }, rows: 344, columns })).toThrow('the 15 fits of this search and validation may take');
  expect(() => planRun({ spec, rows: 4, columns })).toThrow('3 train rows are too few for 3 folds');
  expect(() => planRun({ spec, rows: 2, columns })).toThrow('2 rows with a target leave 2 to train and 0 to test');
});

test('the model is the one that its parameters alone give', async () => {
  const found = await train({ csv: penguinsCsv(), spec: species });
  const plain: TrainSpecInput = { ...penguinsSpec, limits, parameters: readModel(found.model).parameters };
  const alone = await train({ csv: penguinsCsv(), spec: plain });
  expect(found.modelDigest).toBe(alone.modelDigest);
  expect(found.lossCurve).toEqual(alone.lossCurve);
  const { search, validation, ...rest } = found.metrics;
  expect(rest).toEqual(alone.metrics);
  expect([search?.candidates.length, validation?.folds]).toEqual([4, 2]);
  expect(found.steps).toBeLessThanOrEqual(found.maxSteps);
});

test.each([['whole states', penguinsCsv(), species], ['a chain of states', weatherCsv(), warmth], ['clusters', weatherCsv(), groups]] as const)('%s: the twin agrees, threads change nothing, and a run goes on from any state', async (_, csv, spec) => {
  const run = await train({ csv, spec });
  expect(trainReference({ csv, spec })).toEqual(run);
  expect(await train({ csv, spec, threads: 2, startMember: startNodeMember })).toEqual(run);
  const { checkpoints } = run;
  expect(checkpoints.map(({ step }) => step)).toEqual(checkpoints.map((__, index) => index));
  const states = checkpoints.map(({ state }) => state ?? new Uint8Array());
  const starts = states.flatMap((state, step) => (step > 0 && fitOf(state) !== fitOf(states[step - 1] ?? state) ? [step] : []));
  for (const step of [0, 1, ...starts.flatMap((start) => [start - 1, start])]) {
    expect(await replay({ csv, spec, states: states.slice(0, step + 1), steps: 3 })).toEqual(checkpoints.slice(step + 1, step + 4));
  }
  const [second = 0, third = 0] = starts;
  expect(await replay({ csv, spec, states: states.slice(second, third), steps: run.steps })).toEqual(checkpoints.slice(third));
});

function fitOf(state: Uint8Array): number {
  return new DataView(state.buffer, state.byteOffset).getUint32(80, true);
}

test('random tables: the twin agrees, or the run is refused', async () => {
  const cell = fc.oneof(fc.integer({ min: -5, max: 5 }).map(String), fc.constantFrom('', '1e100'));
  const table = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'b'), cell, cell), { minLength: 12, maxLength: 40 });
  let learned = 0;
  await fc.assert(fc.asyncProperty(table, fc.nat(), async (rows, seed) => {
    const csv = bytesOf(['y,n,m', ...rows.map((row) => row.join(','))].join('\n'));
    const spec = specOf('y', [{ name: 'n', kind: 'numeric' }, { name: 'm', kind: 'categorical' }], { limits, search: { method: 'random', parameters: { C: [0.01, 1, 100] }, iterations: 2, folds: 2, seed, score: 'rocAuc' } });
    let run: TrainResult;
    try {
      run = await train({ csv, spec });
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect(['ONE_CLASS', 'UNSEEN_CLASS', 'NOT_FINITE']).toContain((error as EngineError).code);
      return;
    }
    learned += 1;
    expect(trainReference({ csv, spec })).toEqual(run);
  }), { numRuns: 30, seed: 20_260_104 });
  expect(learned).toBeGreaterThan(15);
});

test('a grid is numbered as scikit-learn\'s ParameterGrid, and a random search draws from it without repetition', () => {
  const both = { tol: [1e-3, 1e-4], C: [1, 2, 3] };
  const search = { method: 'grid', parameters: both, iterations: null, folds: 2, seed: 1, score: 'accuracy' } as const;
  const all = listCandidates(search);
  expect(all).toEqual([{ C: 1, tol: 1e-3 }, { C: 1, tol: 1e-4 }, { C: 2, tol: 1e-3 }, { C: 2, tol: 1e-4 }, { C: 3, tol: 1e-3 }, { C: 3, tol: 1e-4 }]);
  expect(listCandidates({ ...search, parameters: { C: both.C, tol: both.tol } })).toEqual(all);
  const drawn = listCandidates({ ...search, method: 'random', iterations: 6 });
  expect(drawn).not.toEqual(all);
  expect(drawn.toSorted((a, b) => all.findIndex((one) => one['C'] === a['C'] && one['tol'] === a['tol']) - all.findIndex((one) => one['C'] === b['C'] && one['tol'] === b['tol']))).toEqual(all);
  expect(listCandidates({ ...search, method: 'random', iterations: 3 })).toEqual(drawn.slice(0, 3));
});

test('equal candidates: the first one is taken; a score that is not defined is the worst', async () => {
  const csv = bytesOf(`y,n\n${Array.from({ length: 60 }, (_, row) => `${row % 2 === 0 ? 'a' : 'b'},${row % 2 === 0 ? row / 100 : 5 + row / 100}`).join('\n')}`);
  const { metrics } = await train({ csv, spec: specOf('y', [{ name: 'n', kind: 'numeric' }], { limits, search: grid({ C: [1, 10, 100] }) }) });
  expect(metrics.search).toMatchObject({ best: 0, candidates: [{ score: { mean: 1, deviation: 0 } }, { score: { mean: 1 } }, { score: { mean: 1 } }] });
  const one = await train({ csv: weatherCsv(), spec: { ...groups, search: grid({ n_clusters: [1, 3] }) } });
  expect(one.metrics.search).toMatchObject({ best: 1, candidates: [{ score: null, byFold: [null, null, null] }, { score: { mean: expect.any(Number) } }] });
});

test('a run that is stopped in its search has the model of the fit under way, and says nothing of the search', async () => {
  const run = { csv: penguinsCsv(), spec: species, lastStep: 9 };
  const part = await train(run);
  expect(await train(run)).toEqual(part);
  expect([part.steps, part.stopped]).toEqual([9, true]);
  expect(part.metrics).not.toHaveProperty('search');
  expect(part.metrics).not.toHaveProperty('validation');
  expect(part.metrics.testRows).toBe(86);
  const whole = await train({ csv: penguinsCsv(), spec: species });
  expect(part.checkpoints).toEqual(whole.checkpoints.slice(0, 10));
});

test('forged ratings, fits and steps are found out', async () => {
  const csv = penguinsCsv();
  const { checkpoints } = await train({ csv, spec: species });
  const states = checkpoints.map(({ state }) => state ?? new Uint8Array());
  const start = states.findIndex((state) => fitOf(state) === 12);
  const changed = (edit: (view: DataView) => void, of = states[start - 1] ?? new Uint8Array()): Uint8Array => {
    const copy = of.slice();
    edit(new DataView(copy.buffer));
    return copy;
  };
  // The first candidate was the worst one: with a better rating it would be taken, and the next state be another one.
  const better = changed((view) => [0, 1, 2].forEach((fold) => view.setFloat64(84 + fold * 8, 9, true)));
  expect((await replayStep({ csv, spec: species, states: [better] })).digest).not.toBe(checkpoints[start]?.digest);
  const refused = (state: Uint8Array): Promise<unknown> => expect(replayStep({ csv, spec: species, states: [state] })).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' });
  await refused(changed((view) => view.setUint32(80, 4_000_000, true)));
  await refused(changed((view) => view.setUint32(80, 16, true)));
  await refused(changed((view) => view.setFloat64(84, NaN, true)));
  await refused(changed((view) => view.setUint32(4, 3, true)));
  await refused(changed((view) => view.setUint32(4, 7, true), states[0]));
});

test('what cannot be searched is refused, with the reason', async () => {
  const refusal = (spec: TrainSpecInput): string => {
    try {
      checkTrainSpec(spec);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  const searching = (search: SearchInput): string => refusal({ ...penguinsSpec, search });
  expect(checkTrainSpec({ ...penguinsSpec, search: null, validation: null })).toEqual(checkTrainSpec(penguinsSpec));
  expect(checkTrainSpec({ ...penguinsSpec, validation: {}, search: { method: 'random', parameters: { C: [1, 2] } } })).toMatchObject({
    validation: { folds: 5, seed: 7 }, search: { method: 'random', parameters: { C: [1, 2] }, iterations: 2, folds: 5, seed: 7, score: 'accuracy' },
  });
  expect([
    refusal({ ...penguinsSpec, validation: { folds: 1 } }),
    searching({ method: 'grid', parameters: {} }),
    searching({ method: 'grid', parameters: { c: [1] } }),
    searching({ method: 'grid', parameters: { C: [1, 0] } }),
    searching({ method: 'grid', parameters: { C: [1, 1] } }),
    searching({ method: 'grid', parameters: { C: [1, 2] }, iterations: 2 }),
    searching({ method: 'random', parameters: { C: [1, 2] }, iterations: 3 }),
    searching({ method: 'grid', parameters: { C: [1, 2] }, score: 'rmse' }),
    searching({ method: 'grid', parameters: { C: Array.from({ length: 11 }, (_, i) => i + 1), max_iter: Array.from({ length: 10 }, (_, i) => i + 1) } }),
  ]).toMatchInlineSnapshot(`
    [
      "spec.validation.folds is 1: it must be an integer from 2 to 10.",
      "spec.search.parameters is empty: list values for at least one parameter.",
      "spec.search.parameters.c is a list of 1: it must be left out: the fields are C, l1_ratio, fit_intercept, class_weight, max_iter, tol.",
      "spec.search.parameters.C is 0: it must be a number from 1e-9 to 1000000000.",
      "spec.search.parameters.C is a list of 2: it must be a list of different values.",
      "spec.search.iterations is 2: it must be null: a grid tries every combination.",
      "spec.search.iterations is 3: it must be an integer from 1 to 2.",
      "spec.search.score is "rmse": it must be "accuracy" or "balancedAccuracy" or "f1" or "rocAuc" or "prAuc" or "logLoss" or "brier".",
      "spec.search.parameters has 110 combinations: a grid tries at most 100, so list fewer values, or take a random search.",
    ]
  `);
  const run = (spec: TrainSpecInput): Promise<string> => train({ csv: penguinsCsv(), spec }).then(() => 'trained', (error: unknown) => (error as EngineError).message);
  expect(await run({ ...species, limits: { ...limits, maxSteps: 1_000 } })).toMatchInlineSnapshot(`"spec.limits.maxSteps is 1000: the 15 fits of this search and validation may take 1514 steps, so raise the limit, or take fewer folds, candidates or iterations."`);
  const rare = bytesOf(`y,n\n${Array.from({ length: 40 }, (_, row) => `${row === 1 ? 'c' : row % 2 === 0 ? 'a' : 'b'},${row}`).join('\n')}`);
  await expect(train({ csv: rare, spec: specOf('y', [{ name: 'n', kind: 'numeric' }], { limits, split: { rule: 'hash-rank', seed: 3, testFraction: 0.1 }, validation: { folds: 4 } }) })).rejects.toMatchObject({ code: 'UNSEEN_CLASS', message: expect.stringMatching(/^In fold \d of 4 of the validation: Class "c"/) });
  expect(findInadmissible(checkTrainSpec({ ...warmth, parameters: { min_samples_leaf: 20 }, search: grid({ min_samples_leaf: [30, 5] }) }), { algorithms: ['gradient-boosting'] })).toContain('is 5: on this data it must be at least 20');
});
