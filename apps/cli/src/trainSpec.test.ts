import { expect, test } from 'vitest';
import { buildTrainSpec } from './trainSpec.ts';

const columns = [
  { name: 'size', kind: 'numeric', missing: 0, distinct: 9 }, { name: 'island', kind: 'categorical', missing: 0, distinct: 3 }, { name: 'code', kind: 'numeric', missing: 0, distinct: 4 }, { name: 'species', kind: 'categorical', missing: 0, distinct: 3 },
] as const;
const options = { target: 'species', C: 1, maxIterations: 100, tolerance: 1e-6, seed: 7, testFraction: 0.25 };

test('by default every other column is a feature, of the kind that the manifest says', () => {
  expect(buildTrainSpec([...columns], options).features).toEqual([{ name: 'size', kind: 'numeric' }, { name: 'island', kind: 'categorical' }, { name: 'code', kind: 'numeric' }]);
  expect(buildTrainSpec([...columns], { ...options, features: ['code', 'size'], categorical: ['code'] }).features).toEqual([{ name: 'code', kind: 'categorical' }, { name: 'size', kind: 'numeric' }]);
});

test('what does not fit is named', () => {
  expect(() => buildTrainSpec([...columns], { ...options, target: 'nope' })).toThrow('There is no column "nope". The columns are: size, island, code, species.');
  expect(() => buildTrainSpec([...columns], { ...options, features: ['species', 'size'] })).toThrow('"species" cannot be target and feature.');
  expect(() => buildTrainSpec([...columns], { ...options, numeric: ['x'] })).toThrow('There is no column "x".');
});
