import { expect, test } from 'vitest';
import { type Parameter, algorithms, allowedValues, checkParameters, findInadmissible, parseParameter } from '../src/index.ts';

const common = { name: 'x', title: 'X', help: 'What it does.' };
const number: Parameter = { ...common, kind: 'number', default: 1, least: 0.5, most: 4 };
const limit: Parameter = { ...common, kind: 'integer', default: null, least: 1, most: 9, orNull: 'no limit' };
const choice: Parameter = { ...common, kind: 'choice', default: 'a', options: [{ value: 'a', help: '' }, { value: 'b', help: '' }] };
const flag: Parameter = { ...common, kind: 'boolean', default: true };
const list: Parameter = { ...common, kind: 'integers', default: [100], least: 1, most: 500, longest: 3 };

test('typed texts become values', () => {
  expect(parseParameter(number, ' 1e0 ')).toBe(1);
  expect(parseParameter(limit, '3')).toBe(3);
  expect(parseParameter(limit, 'null')).toBe(null);
  expect(parseParameter(choice, 'b')).toBe('b');
  expect(parseParameter(flag, 'false')).toBe(false);
  expect(parseParameter(list, '100, 50')).toEqual([100, 50]);
  expect(parseParameter(list, '[7]')).toEqual([7]);
});

test('what does not fit is refused with what is allowed', () => {
  const wrong: [Parameter, string, string][] = [
    [number, '', 'x is "": it must be a number from 0.5 to 4.'], [number, '5', 'x is "5": it must be a number from 0.5 to 4.'], [number, 'null', 'x is "null": it must be a number from 0.5 to 4.'],
    [limit, '2.5', 'x is "2.5": it must be a whole number from 1 to 9, or null (no limit).'], [choice, 'c', 'x is "c": it must be a or b.'], [flag, 'yes', 'x is "yes": it must be true or false.'],
    [list, '', 'x is "": it must be 1 to 3 whole numbers from 1 to 500, separated by commas.'], [list, '1,2,3,4', 'x is "1,2,3,4": it must be 1 to 3 whole numbers from 1 to 500, separated by commas.'],
  ];
  for (const [parameter, text, message] of wrong) expect(() => parseParameter(parameter, text)).toThrow(expect.objectContaining({ code: 'BAD_SPEC', message }));
});

test('every algorithm can be shown and filled in by its schema alone', () => {
  for (const algorithm of algorithms) {
    const values = checkParameters(algorithm.parameters, {});
    for (const parameter of algorithm.parameters) {
      const value = parameter.leftOut ? parameter.default : (values[parameter.name] ?? null);
      expect({ [parameter.name]: parseParameter(parameter, Array.isArray(value) ? value.join(',') : String(value)) }).toEqual({ [parameter.name]: value });
      expect(allowedValues(parameter)).not.toBe('');
      expect(`${parameter.title} ${parameter.help}`.length).toBeGreaterThan(10);
    }
    expect([algorithm.name, algorithm.smallestLeaf]).toEqual([algorithm.name, algorithm.parameters.find(({ name }) => name === 'min_samples_leaf')?.name]);
  }
});

test('terms admit algorithms by name, and leaves of enough rows', () => {
  const spec = { algorithm: 'logistic-regression', parameters: {} };
  expect(findInadmissible(spec, { algorithms: ['logistic-regression'] })).toBeUndefined();
  expect(findInadmissible(spec, { algorithms: ['k-means', 'pca'] })).toBe('The publisher does not admit logistic-regression to this data: choose k-means or pca.');
  for (const { name, smallestLeaf } of algorithms.filter((algorithm) => algorithm.smallestLeaf !== undefined)) {
    const small = { algorithm: name, parameters: { [smallestLeaf ?? '']: 19 } };
    expect(findInadmissible(small, { algorithms: [name] })).toContain('is 19: on this data it must be at least 20');
    expect(findInadmissible(small, { algorithms: [name], smallestLeaf: 19 })).toBeUndefined();
    expect(findInadmissible(small, { algorithms: [name], smallestLeaf: 1 })).toBeUndefined();
  }
});
