import { expect, test } from 'vitest';
import { type ColumnSpec, type TrainSpecInput, train } from '../src/index.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

const numeric = (name: string): ColumnSpec => ({ name, kind: 'numeric' });
const categorical = (name: string): ColumnSpec => ({ name, kind: 'categorical' });
const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const sky: TrainSpecInput = { ...weatherSpec, parameters: {}, limits };
const warmth: TrainSpecInput = { ...weatherSpec, parameters: {}, limits, task: 'regression', target: 'temp_max', features: [...['precipitation', 'temp_min', 'wind'].map(numeric), categorical('weather')] };
const mass: TrainSpecInput = { ...penguinsSpec, parameters: {}, limits, task: 'regression', target: 'Body Mass (g)', features: [...['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)'].map(numeric), categorical('Species'), categorical('Sex')] };

// The mean over the splits by seeds 1 to 5 of what scikit-learn 1.9.1 reaches on the same design rows (NaN for missing,
// categories as their indices): HistGradientBoostingClassifier(random_state=0) and -Regressor(random_state=0),
// DecisionTreeRegressor(min_samples_leaf=20, random_state=0), RandomForestRegressor(random_state=0).
test.each([
  ['boosting, log-loss', weatherCsv(), { ...sky, algorithm: 'gradient-boosting' }, 'logLoss', 1.0036],
  ['boosting, degrees', weatherCsv(), { ...warmth, algorithm: 'gradient-boosting' }, 'rmse', 3.0767],
  ['boosting, grams', penguinsCsv(), { ...mass, algorithm: 'gradient-boosting' }, 'rmse', 310.2209],
  ['a tree, degrees', weatherCsv(), { ...warmth, algorithm: 'decision-tree', parameters: { min_samples_leaf: 20 } }, 'rmse', 3.0835],
  ['a tree, grams', penguinsCsv(), { ...mass, algorithm: 'decision-tree', parameters: { min_samples_leaf: 20 } }, 'rmse', 338.0467],
  ['a forest, degrees', weatherCsv(), { ...warmth, algorithm: 'random-forest' }, 'rmse', 3.1821],
  ['a forest, grams', penguinsCsv(), { ...mass, algorithm: 'random-forest' }, 'rmse', 322.2099],
] as const)('%s: at most half a percent from scikit-learn', async (_, csv, spec, score, sklearn) => {
  let sum = 0;
  for (let seed = 1; seed <= 5; seed += 1) {
    const { metrics } = await train({ csv, spec: { ...spec, split: { ...spec.split, seed } } });
    sum += metrics.scores[score] ?? Infinity;
  }
  expect(sum / 5).toBeLessThan(sklearn * 1.005);
  expect(sum / 5).toBeGreaterThan(sklearn * 0.98);
}, 60_000);
