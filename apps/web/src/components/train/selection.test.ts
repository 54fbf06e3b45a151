import { algorithms } from '@neurodata/engine';
import { type ManifestColumn, trainSpecSchema } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { type Draft, type SelectionDraft, draftFor, withTask, withValue } from './draft.ts';
import { specOf } from './draftSpec.ts';
import { planOf } from './planOf.ts';
import { readSelection, untried, withTry } from './selection.ts';

const columns: ManifestColumn[] = [
  { name: 'species', kind: 'categorical', missing: 4, distinct: 3 },
  { name: 'beak', kind: 'numeric', missing: 2, distinct: 165 },
  { name: 'flipper', kind: 'numeric', missing: 0, distinct: 55 },
];
const all = { algorithms: algorithms.map(({ name }) => name) };
const fresh = draftFor(columns, all);

function asking(algorithm: string, selection: Partial<SelectionDraft>, tries: Record<string, string> = {}): Draft {
  const draft = { ...fresh, algorithm, selection: { ...fresh.selection, ...selection } };
  return Object.entries(tries).reduce((so, [name, text]) => withTry(so, name, text), draft);
}

function problemsOf(draft: Draft): Record<string, string> {
  const read = readSelection(draft, all);
  return 'problems' in read ? Object.fromEntries(read.problems) : {};
}

test('nothing is asked for unless somebody asks', () => {
  expect(readSelection(fresh, all)).toEqual({});
  expect(readSelection(asking('logistic-regression', {}, { C: 'nonsense' }), all)).toEqual({});
});

test('a grid and a validation make a spec that the protocol takes, and the fits are counted', () => {
  const draft = asking('logistic-regression', { validate: true, search: 'grid', folds: '4', score: 'logLoss' }, { C: '0.1, 1,10', fit_intercept: 'true,false' });
  const made = specOf(draft, columns, all);
  if (!('spec' in made)) throw new Error(made.problem);
  expect(trainSpecSchema.parse(made.spec)).toEqual(made.spec);
  expect(made.spec).toMatchObject({
    validation: { folds: 4, seed: 7 },
    search: { method: 'grid', parameters: { C: [0.1, 1, 10], fit_intercept: [true, false] }, iterations: null, folds: 4, seed: 7, score: 'logLoss' },
  });
  // 6 combinations on 4 folds, the validation's 4, the model; of each at most 100 steps, and one from each to the next.
  expect(planOf(made.spec, columns, 344)).toEqual({ plan: { candidates: 6, fits: 29, maxSteps: 2_928 } });
});

test('random draws take as many as asked for, and lists of numbers have semicolons between them', () => {
  const draft = asking('multilayer-perceptron', { search: 'random', iterations: '3' }, { hidden_layer_sizes: '8;16,8', alpha: '0.001,0.01' });
  expect(readSelection(draft, all)).toMatchObject({ search: { method: 'random', iterations: 3, score: 'accuracy', parameters: { hidden_layer_sizes: [[8], [16, 8]] } } });
  expect(untried(draft).map(({ name }) => name)).not.toContain('alpha');
  expect(untried(withTry(draft, 'alpha', undefined)).map(({ name }) => name)).toContain('alpha');
});

test('each wrong field says what it must be', () => {
  expect(problemsOf(asking('logistic-regression', { validate: true, folds: '1' }))).toEqual({ folds: 'Folds must be an integer from 2 to 10.' });
  expect(problemsOf(asking('logistic-regression', { search: 'grid' }))).toEqual({ search: 'The search is empty: list values for at least one parameter.' });
  expect(problemsOf(asking('logistic-regression', { search: 'random', iterations: '4' }, { C: '1,2,x', max_iter: '10,20' }))).toEqual({
    'try C': expect.stringMatching(/^Each value of .* must be a number from /),
  });
  expect(problemsOf(asking('logistic-regression', { search: 'random', iterations: '4' }, { C: '1,2' }))).toEqual({ iterations: 'Combinations must be an integer from 1 to 2.' });
  expect(problemsOf(asking('logistic-regression', { search: 'grid' }, { C: '1,1.0' }))).toEqual({ 'try C': expect.stringContaining('must be a list of different values') });
  expect(problemsOf(asking('logistic-regression', { validate: true, search: 'grid', folds: '' }, { C: '' }))).toEqual({ 'folds': expect.any(String), 'try C': expect.any(String) });
  expect(readSelection(asking('logistic-regression', { search: 'random' }, { C: '1,2' }), all)).toMatchObject({ search: { iterations: 2 } });
  const many = Array.from({ length: 11 }, (_, index) => index + 1).join(',');
  expect(problemsOf(asking('logistic-regression', { search: 'grid' }, { C: many, max_iter: many }))).toEqual({ search: 'The search has 121 combinations: a grid tries at most 100, so list fewer values, or take a random search.' });
});

test("leaves smaller than the publisher admits are refused in a search too, and another field's values are not", () => {
  expect(problemsOf(asking('random-forest', { search: 'grid' }, { min_samples_leaf: '20,5' }))).toEqual({ 'try min_samples_leaf': expect.stringContaining('it must be at least 20') });
  expect(problemsOf(asking('random-forest', { search: 'grid' }, { min_samples_leaf: '20,50', n_estimators: '5,10' }))).toEqual({});
});

test('what a worker would refuse is told before it is paid for', () => {
  const draft = asking('gradient-boosting', { search: 'grid' }, { learning_rate: '0.01,0.1,0.3,0.5', l2_regularization: '0,1' });
  const made = specOf(draft, columns, all);
  if (!('spec' in made)) throw new Error(made.problem);
  expect(planOf(made.spec, columns, 344)).toEqual({ problem: expect.stringMatching(/^Most steps is 100000: the 41 fits .* may take \d+ steps/) });
  const smaller = specOf(withValue(draft, 'max_iter', '10'), columns, all);
  expect('spec' in smaller && planOf(smaller.spec, columns, 344)).toEqual({ plan: { candidates: 8, fits: 41, maxSteps: expect.any(Number) } });
  expect('spec' in smaller && planOf(smaller.spec, columns, 10)).toEqual({ problem: '5 train rows are too few for 5 folds: add rows, or take fewer folds.' });
});

test('another task begins with its own main score', () => {
  const draft = asking('gradient-boosting', { search: 'grid', score: 'f1' }, { learning_rate: '0.1' });
  expect(withTask(draft, 'regression', columns, all).selection).toMatchObject({ search: 'grid', score: '' });
});
