import { expect, test } from 'vitest';
import { type Task, type TrainSpecInput, algorithms, train } from '../src/index.ts';
import { exportOnnx } from '../src/export/index.ts';
import { compareOnnx } from './onnxRun.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec, withoutGentoo } from './datasets.ts';
import { bytesOf } from './spec.ts';

const strange = bytesOf('Beak Length (mm),Beak Depth (mm),Flipper Length (mm),Body Mass (g),Island,Sex\n40,18,200,4000,Atlantis,MALE\n,NA,,,NA,\n1e6,-3,0,1e-300,Biscoe,FEMALE\n');

const numbersOf = penguinsSpec.features.filter(({ name }) => name !== 'Body Mass (g)');
const limits = { maxSteps: 100_000, maxBytes: 1 << 28 };

/** Two classes, three and five, and numbers; on the rows of the data and on strange ones. */
async function compareAll(algorithm: string, parameters: TrainSpecInput['parameters'], tasks: readonly Task[]): Promise<void> {
  const species = { ...penguinsSpec, algorithm, parameters: parameters ?? {}, limits };
  const mass = { ...species, task: 'regression' as const, target: 'Body Mass (g)', features: numbersOf };
  const weather = { ...species, target: 'weather', features: weatherSpec.features };
  const cases = [
    ...(tasks.includes('classification') ? [{ csv: penguinsCsv(), spec: species }, { csv: withoutGentoo(), spec: species }, // Temperatures below 0 are no counts.
      ...(algorithm === 'multinomial-naive-bayes' ? [] : [{ csv: weatherCsv(), spec: weather }])] : []),
    ...(tasks.includes('regression') ? [{ csv: penguinsCsv(), spec: mass }] : []),
  ];
  for (const { csv, spec } of cases) {
    const { model } = await train({ csv, spec });
    for (const rows of spec === weather ? [csv] : [penguinsCsv(), strange]) {
      const found = await compareOnnx(model, rows);
      expect({ algorithm, target: spec.target, ...found, near: found.furthest < (algorithm === 'multilayer-perceptron' ? 1e-5 : 1e-10) }).toMatchObject({ otherLabels: 0, near: true });
    }
  }
}

/** A custom module is code of its own: it has no graph. */
const supervised = algorithms.filter(({ name, tasks }) => name !== 'custom' && (tasks.includes('classification') || tasks.includes('regression')));
const small: Record<string, TrainSpecInput['parameters']> = { 'gradient-boosting': { max_iter: 30 }, 'random-forest': { n_estimators: 40 }, 'multilayer-perceptron': { hidden_layer_sizes: [16, 8], max_iter: 20 } };

test.each(supervised.map(({ name, tasks }) => [name, tasks] as const))('%s runs in onnxruntime as it does here', async (name, tasks) => {
  await compareAll(name, small[name] ?? {}, tasks);
}, 120_000);

test('nearest neighbours that count by distance', () => compareAll('k-nearest-neighbours', { weights: 'distance', n_neighbors: 7 }, ['classification', 'regression']));

test('what has no target has no graph', async () => {
  const { model } = await train({ csv: weatherCsv(), spec: { algorithm: 'k-means', features: weatherSpec.features, split: weatherSpec.split, limits } });
  expect(() => exportOnnx(model)).toThrow(expect.objectContaining({ code: 'NO_EXPORT' }));
});
