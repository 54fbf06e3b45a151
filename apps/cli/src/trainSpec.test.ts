import { algorithms } from '@neurodata/engine';
import { expect, test } from 'vitest';
import { buildTrainSpec } from './trainSpec.ts';

const columns = [
  { name: 'size', kind: 'numeric', missing: 0, distinct: 9 }, { name: 'island', kind: 'categorical', missing: 0, distinct: 3 }, { name: 'code', kind: 'numeric', missing: 0, distinct: 4 }, { name: 'species', kind: 'categorical', missing: 0, distinct: 3 }, { name: 'mass', kind: 'numeric', missing: 0, distinct: 90 },
] as const;
const options = { target: 'species', seed: 7, testFraction: 0.25, maxSteps: 100_000 };

test('by default every other column is a feature, of the kind that the manifest says', () => {
  expect(buildTrainSpec([...columns], options).features).toEqual([{ name: 'size', kind: 'numeric' }, { name: 'island', kind: 'categorical' }, { name: 'code', kind: 'numeric' }, { name: 'mass', kind: 'numeric' }]);
  expect(buildTrainSpec([...columns], { ...options, features: ['code', 'size'], categorical: ['code'] }).features).toEqual([{ name: 'code', kind: 'categorical' }, { name: 'size', kind: 'numeric' }]);
});

test('what does not fit is named', () => {
  expect(() => buildTrainSpec([...columns], { ...options, target: 'nope' })).toThrow('There is no column "nope". The columns are: size, island, code, species, mass.');
  expect(() => buildTrainSpec([...columns], { ...options, features: ['species', 'size'] })).toThrow('"species" cannot be target and feature.');
  expect(() => buildTrainSpec([...columns], { ...options, numeric: ['x'] })).toThrow('There is no column "x".');
});

test('algorithm and task fit the target unless they are named', () => {
  expect(buildTrainSpec([...columns], options)).toMatchObject({ algorithm: 'logistic-regression', task: 'classification', parameters: { C: 1, max_iter: 100 } });
  const clusters = buildTrainSpec([...columns], { seed: 7, testFraction: 0.25, maxSteps: 50, algorithm: 'k-means', set: ['n_clusters=3', 'init=random'], scale: 'none' });
  expect(clusters).toMatchObject({ algorithm: 'k-means', task: 'clustering', target: null, preprocess: { scale: 'none' }, parameters: { n_clusters: 3, init: 'random' }, limits: { maxSteps: 50 } });
  expect(clusters.features).toHaveLength(5);
  // An own algorithm is nothing without its module.
  for (const { name, tasks } of algorithms.filter((one) => one.name !== 'custom' && one.tasks.includes('classification') && one.tasks.includes('regression'))) {
    expect([name, tasks.length, buildTrainSpec([...columns], { ...options, algorithm: name, target: 'mass' }).task]).toEqual([name, tasks.length, 'regression']);
    expect(buildTrainSpec([...columns], { ...options, algorithm: name }).task).toBe('classification');
  }
});

test('wrong parameters are named with what is allowed', () => {
  const wrong: [object, string][] = [
    [{ set: ['C=-1'] }, 'C is "-1": it must be a number from 1e-9 to 1000000000.'],
    [{ set: ['tolerance=1'] }, 'logistic-regression has no parameter "tolerance": it has C, '],
    [{ set: ['C'] }, '--set C has no value: write C=1.'],
    [{ algorithm: 'magic' }, 'spec.algorithm is "magic"'],
    [{ algorithm: 'logistic-regression', task: 'regression' }, 'spec.task is "regression": it must be "classification"'],
    [{ impute: 'guess' }, 'spec.preprocess.impute is "guess": it must be "mean" or "median"'],
    [{ algorithm: 'k-means' }, 'spec.target is "species": it must be null: clustering has no target'],
  ];
  for (const [change, details] of wrong) expect(() => buildTrainSpec([...columns], { ...options, ...change })).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: expect.stringContaining(details) }));
});

test('a search and a validation are asked for by values and folds', () => {
  expect(buildTrainSpec([...columns], { ...options, try: ['C=0.1,1', 'fit_intercept=true,false'], folds: 3 })).toMatchObject({
    validation: { folds: 3, seed: 7 }, search: { method: 'grid', parameters: { C: [0.1, 1], fit_intercept: [true, false] }, iterations: null, folds: 3, score: 'accuracy' },
  });
  expect(buildTrainSpec([...columns], { ...options, algorithm: 'multilayer-perceptron', try: ['hidden_layer_sizes=10;20,5'], tries: 1, bestBy: 'logLoss' }).search).toMatchObject({
    method: 'random', parameters: { hidden_layer_sizes: [[10], [20, 5]] }, iterations: 1, folds: 5, score: 'logLoss',
  });
  expect(buildTrainSpec([...columns], options)).not.toHaveProperty('search');
  for (const [change, details] of [[{ try: ['C'] }, '--try C has no values: write C=1,2,3.'], [{ try: ['C=1,-1'] }, 'C is "-1"'], [{ tries: 3 }, 'There is nothing to search'], [{ folds: 99 }, 'spec.validation.folds is 99: it must be an integer from 2 to 10.']] as const) {
    expect(() => buildTrainSpec([...columns], { ...options, ...change } as Parameters<typeof buildTrainSpec>[1])).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: expect.stringContaining(details) }));
  }
});

test('the terms of a listing are kept', () => {
  expect(() => buildTrainSpec([...columns], options, { algorithms: ['k-means'] })).toThrow(expect.objectContaining({ details: 'The publisher does not admit logistic-regression to this data: choose k-means.' }));
  for (const { name, smallestLeaf = '' } of algorithms.filter((one) => one.smallestLeaf !== undefined)) {
    const admission = { algorithms: [name], smallestLeaf: 33 };
    expect(buildTrainSpec([...columns], { ...options, algorithm: name }, admission).parameters[smallestLeaf]).toBe(33);
    expect(() => buildTrainSpec([...columns], { ...options, algorithm: name, set: [`${smallestLeaf}=32`] }, admission)).toThrow(expect.objectContaining({ details: expect.stringContaining('must be at least 33') }));
  }
});
