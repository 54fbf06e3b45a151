import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TrainSpecInput, predict, train } from '../src/index.ts';
import { bodyDoubles } from '../src/model/body.ts';
import { parseModel } from '../src/model/model.ts';
import { expectAgreement, learnsLikeTwin } from './agreement.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const massSpec: TrainSpecInput = {
  ...penguinsSpec, algorithm: 'linear-regression', target: 'Body Mass (g)', parameters: {},
  features: [...penguinsSpec.features.filter(({ name }) => name !== 'Body Mass (g)'), { name: 'Species', kind: 'categorical' }],
};
const temperatureSpec: TrainSpecInput = { ...weatherSpec, algorithm: 'ridge-regression', target: 'temp_max', features: weatherSpec.features.filter(({ name }) => name !== 'temp_max'), parameters: { alpha: 0.5 } };

async function coefficients(csv: Uint8Array, spec: TrainSpecInput): Promise<Float64Array> {
  const { body } = parseModel((await train({ csv, spec })).model);
  return bodyDoubles(body, body.length / 8);
}

test.each(['linear-regression', 'ridge-regression'])('%s: the twin, all threads and resumed runs agree', async (algorithm) => {
  for (const fit_intercept of [true, false]) {
    expect((await expectAgreement(penguinsCsv(), { ...massSpec, algorithm, parameters: { fit_intercept } })).converged).toBe(true);
    expect((await expectAgreement(weatherCsv(), { ...temperatureSpec, algorithm, parameters: { fit_intercept } })).converged).toBe(true);
  }
  await expectAgreement(weatherCsv(), { ...temperatureSpec, algorithm, weight: 'precipitation', parameters: {}, features: [{ name: 'wind', kind: 'numeric' }, { name: 'weather', kind: 'categorical' }] });
});

// Ridge(alpha=0.5) and LinearRegression() of scikit-learn 1.9.1 on the same train rows of Seattle's weather, scaled.
const SKLEARN_RIDGE = [16.422171532847, -1.042446457111, 6.337363648008, -0.477474882454];
const SKLEARN_LINEAR = [16.422171532847, -1.042767229354, 6.340242500814, -0.477365002525];

test('the weights of scikit-learn', async () => {
  const ridge = await coefficients(weatherCsv(), temperatureSpec);
  const linear = await coefficients(weatherCsv(), { ...temperatureSpec, algorithm: 'linear-regression', parameters: {} });
  expect([...ridge]).toEqual(SKLEARN_RIDGE.map((value) => expect.closeTo(value, 9)));
  expect([...linear]).toEqual(SKLEARN_LINEAR.map((value) => expect.closeTo(value, 9)));
});

test('columns that repeat each other share a weight, constant ones have none', async () => {
  const csv = bytesOf(`y,a,b,k\n${Array.from({ length: 50 }, (_, i) => `${3 * i + 2},${i},${i},0.1`).join('\n')}`);
  const features = ['a', 'b', 'k'].map((name) => ({ name, kind: 'numeric' as const }));
  const [intercept = 0, a = 0, b = 0, k = 1] = await coefficients(csv, specOf('y', features, { algorithm: 'linear-regression', parameters: {}, preprocess: { scale: 'none' } }));
  expect([intercept, a, b, k]).toEqual([expect.closeTo(2, 6), expect.closeTo(1.5, 6), expect.closeTo(1.5, 6), 0]);
});

test('more columns than rows: the train rows are met, with the smallest weights', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `x${index}`);
  const value = (row: number, column: number): number => Math.sin(row * (1.3 + column * column));
  const csv = bytesOf([['y', ...names].join(','), ...Array.from({ length: 16 }, (_, row) => [Math.cos(row), ...names.map((__, column) => value(row, column))].join(','))].join('\n'));
  const spec = specOf('y', names.map((name) => ({ name, kind: 'numeric' })), { algorithm: 'linear-regression', parameters: {} });
  const { model, lossCurve } = await expectAgreement(csv, spec);
  expect(lossCurve.at(-1)).toBeLessThan(1e-9);
  expect((await predict({ model, csv })).outputs).toHaveLength(16);
});

test('large means do not drown small differences', async () => {
  const csv = bytesOf(`y,a\n${Array.from({ length: 400 }, (_, i) => `${5 + 2 * (i % 7)},${1e9 + (i % 7)}`).join('\n')}`);
  const [, weight] = await coefficients(csv, specOf('y', [{ name: 'a', kind: 'numeric' }], { algorithm: 'linear-regression', parameters: {}, preprocess: { scale: 'none' } }));
  expect(weight).toBeCloseTo(2, 9);
});

test('sums that overflow, and bodies that no training wrote, are refused', async () => {
  const csv = bytesOf(`y,a\n${Array.from({ length: 20 }, (_, i) => `${i},${i}e200`).join('\n')}`);
  await expect(train({ csv, spec: specOf('y', [{ name: 'a', kind: 'numeric' }], { algorithm: 'linear-regression', parameters: {}, preprocess: { scale: 'none' } }) })).rejects.toMatchObject({ code: 'NOT_FINITE' });
  const { model } = await train({ csv: weatherCsv(), spec: { ...temperatureSpec, parameters: { fit_intercept: false } } });
  const forged = model.slice();
  forged[model.length - 8 * 4 + 6] = 1;
  await expect(predict({ model: forged, csv: weatherCsv() })).rejects.toThrow('an intercept, which its parameters exclude');
  await expect(predict({ model: model.slice(0, -8), csv: weatherCsv() })).rejects.toThrow('has a body of 24 bytes');
});

const cell = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(1e-300, 1e140, -0, '')).map(String);
const row = fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }).map(String), cell, cell, fc.constantFrom('red', 'green', ''), fc.integer({ min: 0, max: 3 }));

test('the twin agrees on random tables', async () => {
  let learned = 0;
  const settings = fc.record({ algorithm: fc.constantFrom('linear-regression', 'ridge-regression'), fit_intercept: fc.boolean(), scale: fc.constantFrom('standard', 'none'), weight: fc.constantFrom('w', null) });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 3, maxLength: 60 }), settings, async (rows, { algorithm, fit_intercept, scale, weight }) => {
      const csv = bytesOf(['y,a,b,c,w', ...rows.map((one) => one.join(','))].join('\n'));
      const features: TrainSpecInput['features'] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }];
      const spec = specOf('y', features, { algorithm, weight, parameters: { fit_intercept }, preprocess: { scale: scale as 'standard' } });
      if (await learnsLikeTwin(csv, spec, ['TOO_FEW_ROWS', 'NOT_FINITE', 'BAD_NUMBER'])) learned += 1;
    }),
    { numRuns: 80, seed: 20_260_103 },
  );
  expect(learned).toBeGreaterThan(50);
});
