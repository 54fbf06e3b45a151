import { algorithms } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';
import { trainSpecSchema } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { type Draft, algorithmsFor, draftFor, tasks, withTask, withValue } from './draft.ts';
import { specOf } from './draftSpec.ts';

const columns: ManifestColumn[] = [
  { name: 'id', kind: 'categorical', missing: 0, distinct: 344 },
  { name: 'species', kind: 'categorical', missing: 0, distinct: 3 },
  { name: 'beak', kind: 'numeric', missing: 2, distinct: 165 },
  { name: 'constant', kind: 'numeric', missing: 0, distinct: 1 },
  { name: 'sex', kind: 'categorical', missing: 10, distinct: 2 },
];
const all = { algorithms: algorithms.map(({ name }) => name) };

function problemOf(draft: Draft): string | undefined {
  const made = specOf(draft, columns, all);
  return 'problem' in made ? made.problem : undefined;
}

test('a fresh draft leaves out names and constants and can be started', () => {
  const made = specOf(draftFor(columns, all), columns, all);
  if (!('spec' in made)) throw new Error(made.problem);
  expect(trainSpecSchema.parse(made.spec)).toEqual(made.spec);
  expect(made.spec).toMatchObject({ task: 'classification', target: 'species', features: [{ name: 'beak', kind: 'numeric' }, { name: 'sex', kind: 'categorical' }] });
  expect(specOf(draftFor(columns.filter(({ kind }) => kind === 'numeric'), { algorithms: ['k-means'] }), columns, all)).toMatchObject({ spec: { task: 'clustering', target: null } });
});

test('each algorithm can be started as it is, for each of its tasks', () => {
  for (const task of tasks) {
    // A module of one's own has to be chosen first.
    for (const { name } of algorithmsFor(task, all).filter((one) => one.name !== 'custom')) {
      const draft = { ...withTask(draftFor(columns, all), task, columns, all), algorithm: name };
      expect([name, task, specOf(draft, columns, all)]).toEqual([name, task, { spec: expect.objectContaining({ algorithm: name, task }) }]);
    }
  }
});

test('a wrong value is named with its range, and what was typed is kept for each algorithm', () => {
  const draft = draftFor(columns, all);
  const wrong = withValue({ ...draft, algorithm: 'logistic-regression' }, 'max_iter', '2.5');
  expect(problemOf(wrong)).toBe('Most iterations must be a whole number from 1 to 10000.');
  expect(problemOf({ ...wrong, algorithm: 'gradient-boosting' })).toBeUndefined();
  expect(problemOf(withValue(wrong, 'max_iter', ''))).toBe('Most iterations must be a whole number from 1 to 10000.');
  expect(problemOf({ ...draft, testFraction: '2' })).toBe('Test fraction must be a number from 0.001 to 0.999.');
  expect(problemOf({ ...draft, features: [] })).toBe('Choose at least one feature.');
});

test('nothing typed means no limit where there is none, and terms raise the smallest leaf', () => {
  const draft = { ...draftFor(columns, all), algorithm: 'gradient-boosting' };
  expect(specOf(withValue(draft, 'max_depth', ''), columns, all)).toMatchObject({ spec: { parameters: { max_depth: null, min_samples_leaf: 20 } } });
  const strict = { ...all, smallestLeaf: 50 };
  expect(specOf(draft, columns, strict)).toMatchObject({ spec: { parameters: { min_samples_leaf: 50 } } });
  expect(specOf(withValue(draft, 'min_samples_leaf', '49'), columns, strict)).toEqual({ problem: expect.stringContaining('must be 50 or more on this data') });
});

test('another task keeps what fits it', () => {
  const draft = draftFor(columns, all);
  const regression = withTask(draft, 'regression', columns, all);
  expect(regression).toMatchObject({ task: 'regression', target: 'beak', features: ['sex', 'species'] });
  expect(withTask(regression, 'classification', columns, all)).toMatchObject({ target: 'species' });
  const clusters = withTask(draft, 'clustering', columns, all);
  expect(clusters).toMatchObject({ target: '', algorithm: 'k-means' });
  expect(clusters.features).toContain('species');
});
