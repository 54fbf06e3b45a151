import type { Algorithm } from '../../algorithm.ts';
import { createForest } from './forest.ts';
import { forestMemory, forestSteps, readForest, treeParameters } from './forestModel.ts';
import { forestSettings } from './forestSettings.ts';
import { treeWork } from '../treeWork.ts';

/** One tree: scikit-learn's DecisionTreeClassifier and -Regressor, on bins. */
export const decisionTree: Algorithm = {
  name: 'decision-tree',
  title: 'Decision tree',
  about: 'Questions on one column after the other. Easy to read when it is small; limit its levels or leaves. Numbers are sorted into at most 255 bins first, so splits can differ a little from scikit-learn.',
  tasks: ['classification', 'regression'],
  parameters: treeParameters,
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
