import type { Parameter } from '../../../spec/parameters.ts';
import type { Algorithm } from '../../algorithm.ts';
import { createForest } from './forest.ts';
import { forestMemory, forestSteps, readForest, treeParameters } from './forestModel.ts';
import { forestSettings } from './forestSettings.ts';
import { treeWork } from '../treeWork.ts';

const parameters: readonly Parameter[] = [
  { name: 'n_estimators', kind: 'integer', title: 'Trees', help: 'How many trees are averaged. More are steadier and slower.', default: 100, least: 1, most: 10_000 },
  { name: 'bootstrap', kind: 'boolean', title: 'Draw rows', help: 'Whether each tree learns from as many rows as there are, drawn with putting back, or from all.', default: true },
  ...treeParameters,
];

/** Many trees on drawn rows and columns: scikit-learn's RandomForestClassifier and -Regressor, on bins. */
export const randomForest: Algorithm = {
  name: 'random-forest',
  title: 'Random forest',
  about: 'The mean of many trees, each grown on drawn rows and columns. Good without tuning; models are large. Numbers are sorted into at most 255 bins first, so splits can differ a little from scikit-learn.',
  tasks: ['classification', 'regression'],
  parameters,
  preprocess: { impute: 'none', scale: 'none', encode: 'ordinal' },
  takesMissing: true,
  takesWeights: true,
  copiesRows: false,
  smallestLeaf: 'min_samples_leaf',
  checkpoints: 'chain',
  memory: forestMemory,
  maxSteps: forestSteps,
  start: (start, states) => createForest(start, forestSettings(start.problem), states?.slice(1) ?? []),
  predictionWork: treeWork,
  read: readForest,
};
