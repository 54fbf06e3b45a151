import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eigen as eigenReference } from '../reference/eigen.ts';
import { eigen } from '../src/algorithms/pca/eigen.ts';
import { readPca } from '../src/algorithms/pca/pca.ts';
import { type TrainSpecInput, predict, train } from '../src/index.ts';
import { createKernels } from '../src/kernels/index.ts';
import { parseModel } from '../src/model/model.ts';
import { expectAgreement, learnsLikeTwin } from './agreement.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

const reducing = (spec: TrainSpecInput, parameters: TrainSpecInput['parameters'] = {}): TrainSpecInput => ({ ...spec, algorithm: 'pca', target: null, parameters });

test('the twin, all threads and resumed runs agree', async () => {
  const all = await expectAgreement(penguinsCsv(), reducing(penguinsSpec));
  expect(all.lossCurve).toEqual([1, expect.closeTo(0, 12)]);
  const some = await expectAgreement(penguinsCsv(), reducing(penguinsSpec, { n_components: 2, whiten: true }));
  expect(some.lossCurve[1]).toBeGreaterThan(0.1);
  await expectAgreement(weatherCsv(), { ...reducing(weatherSpec), preprocess: { scale: 'none' } });
});

// PCA(svd_solver='covariance_eigh') of scikit-learn 1.9.1 on the same train rows: variances and first component.
const SKLEARN_VARIANCES = [1.985493167031, 1.213462468042, 0.693866060785, 0.110831272178];
const SKLEARN_FIRST = [-0.272141672806, 0.673214019969, 0.637443228967, -0.257658539706];

test('the components of scikit-learn', async () => {
  const { model, metrics } = await train({ csv: weatherCsv(), spec: reducing(weatherSpec) });
  const { variances, components, total } = readPca(parseModel(model).body, { width: 4, parameters: { n_components: null, whiten: false } });
  expect([...variances]).toEqual(SKLEARN_VARIANCES.map((value) => expect.closeTo(value, 9)));
  expect([...components.subarray(0, 4)]).toEqual(SKLEARN_FIRST.map((value) => expect.closeTo(value, 9)));
  expect(metrics.explainedVarianceRatio).toEqual([...variances].map((variance) => variance / total));
  expect(metrics.scores['explainedVariance']).toBeCloseTo(1, 12);
});

test('whitened components of the train rows have the variance 1', async () => {
  const spec = reducing({ ...weatherSpec, split: { rule: 'hash-rank', seed: 1, testFraction: 0.001 } }, { n_components: 2, whiten: true });
  const { model } = await train({ csv: weatherCsv(), spec });
  const { outputs, rows, columns } = await predict({ model, csv: weatherCsv() });
  expect(columns).toEqual(['component 1', 'component 2']);
  for (const column of [0, 1]) {
    const values = Array.from({ length: rows }, (_, row) => outputs[row * 2 + column] ?? 0);
    expect(values.reduce((sum, value) => sum + value * value, 0) / rows).toBeCloseTo(1, 1);
  }
});

test('constant and repeated columns, and more columns than rows, have components without variance', async () => {
  const csv = bytesOf(`a,b,k\n${Array.from({ length: 30 }, (_, i) => `${i % 7},${i % 7},3`).join('\n')}`);
  const features = ['a', 'b', 'k'].map((name) => ({ name, kind: 'numeric' as const }));
  const { model } = await expectAgreement(csv, { ...reducing(specOf('', features)), target: null });
  expect([...readPca(parseModel(model).body, { width: 3, parameters: { n_components: null } }).variances]).toEqual([expect.closeTo(2, 0), expect.closeTo(0, 12), expect.closeTo(0, 12)]);
  const wide = Array.from({ length: 12 }, (_, index) => `x${index}`);
  const short = bytesOf([wide.join(','), ...Array.from({ length: 6 }, (_, row) => wide.map((__, column) => Math.sin(row * (1.3 + column * column))).join(','))].join('\n'));
  await expectAgreement(short, reducing(specOf('', wide.map((name) => ({ name, kind: 'numeric' }))), { whiten: true }));
});

test('too many components, huge numbers and forged bodies are refused', async () => {
  await expect(train({ csv: weatherCsv(), spec: reducing(weatherSpec, { n_components: 9 }) })).rejects.toMatchObject({ code: 'BAD_SPEC', message: expect.stringContaining('at most 4') });
  const csv = bytesOf(`a\n${Array.from({ length: 20 }, (_, i) => `${i}e200`).join('\n')}`);
  await expect(train({ csv, spec: { ...reducing(specOf('', [{ name: 'a', kind: 'numeric' }])), preprocess: { scale: 'none' } } })).rejects.toMatchObject({ code: 'NOT_FINITE' });
  const { model } = await train({ csv: weatherCsv(), spec: reducing(weatherSpec) });
  for (const at of [4, 8]) {
    const forged = model.slice();
    new DataView(forged.buffer).setFloat64(model.length - 25 * 8 + at * 8, -1, true);
    await expect(predict({ model: forged, csv: weatherCsv() })).rejects.toMatchObject({ code: 'BAD_MODEL' });
  }
});

test('eigenvectors: A v = value v, of length 1, and the twin\'s to the bit', async () => {
  const entry = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.constantFrom(0, 0, 1, 1e-200));
  const square = fc.integer({ min: 1, max: 12 }).chain((size) => fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }));
  await fc.assert(fc.asyncProperty(square, async (half) => {
    const size = half.length;
    const matrix = half.map((row, i) => row.map((value, j) => value + (half[j]?.[i] ?? 0)));
    const { values, vectors } = await eigen(createKernels(), Float64Array.from(matrix.flat()), size, () => undefined);
    expect({ values: [...values], vectors: [...vectors] }).toEqual({ values: eigenReference(matrix).values, vectors: eigenReference(matrix).vectors.flat() });
    for (const [index, value] of values.entries()) {
      const vector = [...vectors.subarray(index * size, (index + 1) * size)];
      expect(vector.reduce((sum, one) => sum + one * one, 0)).toBeCloseTo(1, 12);
      for (const [row, line] of matrix.entries()) expect(line.reduce((sum, one, column) => sum + one * (vector[column] ?? 0), 0)).toBeCloseTo(value * (vector[row] ?? 0), 10);
    }
  }), { numRuns: 200, seed: 20_260_105 });
});

const cell = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(1e-300, 1e140, -0, '')).map(String);

test('the twin agrees on random tables', async () => {
  let learned = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell, fc.constantFrom('red', 'green', '')), { minLength: 4, maxLength: 50 }), fc.boolean(), fc.constantFrom('standard', 'none'), async (rows, whiten, scale) => {
      const csv = bytesOf(['a,b,c', ...rows.map((one) => one.join(','))].join('\n'));
      const features: TrainSpecInput['features'] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }];
      const spec = { ...reducing(specOf('', features), { whiten }), preprocess: { scale: scale as 'none' } };
      if (await learnsLikeTwin(csv, spec, ['TOO_FEW_ROWS', 'NOT_FINITE'])) learned += 1;
    }),
    { numRuns: 80, seed: 20_260_106 },
  );
  expect(learned).toBeGreaterThan(50);
});

test('components of hundreds of columns: more numbers than a call has room for arguments', async () => {
  const names = Array.from({ length: 400 }, (_, column) => `c${column}`);
  const csv = bytesOf(`${names.join(',')}\n${Array.from({ length: 40 }, (_, row) => names.map((_name, column) => ((row + 1) * (column + 3) ** 2) % 101).join(',')).join('\n')}\n`);
  const { model, metrics } = await train({ csv, spec: { algorithm: 'pca', features: names.map((name) => ({ name, kind: 'numeric' })), split: { rule: 'hash-rank', seed: 1, testFraction: 0.25 }, limits: { maxSteps: 10, maxBytes: 2 ** 28 } } });
  const { components, variances } = readPca(parseModel(model).body, { width: 400, parameters: { n_components: null, whiten: false } });
  expect([components.length, variances.length, metrics.explainedVarianceRatio?.length]).toEqual([160_000, 400, 400]);
  expect(metrics.scores['explainedVariance']).toBeCloseTo(1, 9);
});
