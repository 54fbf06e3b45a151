import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TrainSpecInput, predict, train } from '../src/index.ts';
import { bodyDoubles } from '../src/model/body.ts';
import { parseModel } from '../src/model/model.ts';
import { expectAgreement, learnsLikeTwin } from './agreement.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const gaussian = (spec: TrainSpecInput): TrainSpecInput => ({ ...spec, algorithm: 'gaussian-naive-bayes', parameters: {} });
const multinomial = (spec: TrainSpecInput): TrainSpecInput => ({ ...spec, algorithm: 'multinomial-naive-bayes', parameters: {} });

test('Gaussian: the twin, all threads and resumed runs agree', async () => {
  const penguins = await expectAgreement(penguinsCsv(), gaussian(penguinsSpec));
  expect([penguins.steps, penguins.converged]).toEqual([1, true]);
  expect(penguins.lossCurve[1]).toBeLessThan(penguins.lossCurve[0] ?? 0);
  await expectAgreement(weatherCsv(), { ...gaussian(weatherSpec), preprocess: { scale: 'none' } });
  await expectAgreement(weatherCsv(), { ...gaussian(weatherSpec), features: weatherSpec.features.slice(0, 3), weight: 'wind' });
});

test('multinomial: the twin, all threads and resumed runs agree', async () => {
  await expectAgreement(penguinsCsv(), multinomial(penguinsSpec));
  const spec = { ...multinomial(weatherSpec), features: weatherSpec.features.filter(({ name }) => !name.startsWith('temp')) };
  await expectAgreement(weatherCsv(), { ...spec, parameters: { fit_prior: false, alpha: 0.25 } });
  await expectAgreement(weatherCsv(), { ...spec, features: [{ name: 'precipitation', kind: 'numeric' }], weight: 'wind' });
});

async function values(csv: Uint8Array, spec: TrainSpecInput): Promise<number[]> {
  const { body } = parseModel((await train({ csv, spec })).model);
  return [...bodyDoubles(body, body.length / 8)];
}

// GaussianNB() and MultinomialNB() of scikit-learn 1.9.1 on the same train rows: of the first class, prior, means and
// variances; log prior and log shares.
const SKLEARN_GAUSSIAN = [0.457364341085, -0.91955204708, 0.606899874958, 0.25327900239, 0.38567190735];
const SKLEARN_MULTINOMIAL = [-0.782274960456, -0.388204677149, -1.134053479368];

test('the numbers of scikit-learn', async () => {
  const features = penguinsSpec.features.slice(0, 2);
  const normal = await values(penguinsCsv(), { ...gaussian(penguinsSpec), features });
  expect(normal.slice(0, 5)).toEqual(SKLEARN_GAUSSIAN.map((value) => expect.closeTo(value, 9)));
  const counts = await values(penguinsCsv(), { ...multinomial(penguinsSpec), features });
  expect(counts.slice(0, 3)).toEqual(SKLEARN_MULTINOMIAL.map((value) => expect.closeTo(value, 9)));
});

test('negative counts, classes without weight and forged bodies are refused', async () => {
  const csv = bytesOf(`y,n,w\n${Array.from({ length: 20 }, (_, i) => `${i % 2},${i === 7 ? -1 : i},${i % 2}`).join('\n')}`);
  const spec = specOf('y', [{ name: 'n', kind: 'numeric' }], { parameters: {} });
  await expect(train({ csv, spec: multinomial(spec) })).rejects.toMatchObject({ code: 'BAD_NUMBER', message: expect.stringContaining('negative') });
  await expect(train({ csv, spec: { ...gaussian(spec), weight: 'w' } })).rejects.toMatchObject({ code: 'BAD_NUMBER', message: expect.stringContaining('class "0"') });
  const { model } = await train({ csv, spec: gaussian(spec) });
  for (const at of [0, 2]) {
    const forged = model.slice();
    new DataView(forged.buffer).setFloat64(model.length - 6 * 8 + at * 8, -1, true);
    await expect(predict({ model: forged, csv })).rejects.toMatchObject({ code: 'BAD_MODEL' });
  }
  await expect(predict({ model, csv: bytesOf('n\n1e200') })).rejects.toMatchObject({ code: 'NOT_FINITE' });
});

test('constant columns and duplicate rows are learned', async () => {
  const csv = bytesOf(`y,n,k\n${Array.from({ length: 24 }, (_, i) => `${i % 2},${i % 2},7`).join('\n')}`);
  const spec = specOf('y', ['n', 'k'].map((name) => ({ name, kind: 'numeric' as const })), { parameters: {} });
  expect((await expectAgreement(csv, gaussian(spec))).metrics.scores['accuracy']).toBe(1);
  const constant = bytesOf(`y,n,k\n${Array.from({ length: 24 }, (_, i) => `${i % 2},3,7`).join('\n')}`);
  await expectAgreement(constant, gaussian(spec));
});

const cell = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(1e-300, 1e140, -0, '')).map(String);
const row = fc.tuple(fc.constantFrom('yes', 'no', 'maybe'), cell, cell, fc.constantFrom('red', 'green', ''), fc.integer({ min: 0, max: 3 }));

test('the twin agrees on random tables', async () => {
  let learned = 0;
  const settings = fc.record({ algorithm: fc.constantFrom('gaussian-naive-bayes', 'multinomial-naive-bayes'), weight: fc.constantFrom('w', null) });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 8, maxLength: 60 }), settings, async (rows, { algorithm, weight }) => {
      const csv = bytesOf(['y,a,b,c,w', ...rows.map((one) => one.join(','))].join('\n'));
      const features: TrainSpecInput['features'] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }];
      if (await learnsLikeTwin(csv, specOf('y', features, { algorithm, weight, parameters: {} }), ['ONE_CLASS', 'UNSEEN_CLASS', 'NOT_FINITE', 'BAD_NUMBER'])) learned += 1;
    }),
    { numRuns: 80, seed: 20_260_104 },
  );
  expect(learned).toBeGreaterThan(40);
});
