import type { Kernels } from '../../../kernels/index.ts';
import { numberOf, optionalNumberOf } from '../../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Shape, Trainer } from '../../algorithm.ts';
import { sampleRows } from '../bins.ts';
import { readTreeBody, writeTrees } from '../treeBody.ts';
import { treeForest } from '../treeForest.ts';
import { treeWork } from '../treeWork.ts';
import { writeBase, writeGrown } from './boostStates.ts';
import { type Booster, createBooster, mostNodes, resumeBooster, stepBooster, treesOf } from './booster.ts';
import { columnBytes } from './histograms.ts';
import { boostingParameters } from './parameters.ts';

/** Histogram gradient boosting: scikit-learn's HistGradientBoostingClassifier and -Regressor. */
export const gradientBoosting: Algorithm = {
  name: 'gradient-boosting',
  title: 'Gradient boosting',
  about: 'Many small trees, each correcting the ones before. Usually the most accurate on tables; takes missing numbers as they are. Numbers are sorted into at most 255 bins.',
  tasks: ['classification', 'regression'],
  parameters: boostingParameters,
  preprocess: { impute: 'none', scale: 'none', encode: 'ordinal' },
  takesMissing: true,
  takesWeights: true,
  copiesRows: false,
  smallestLeaf: 'min_samples_leaf',
  checkpoints: 'chain',
  memory: memoryOf,
  maxSteps: (values, trainRows, classes) => numberOf(values, 'max_iter') * outputsOf(classes) * Math.max(1, leavesOf(values, trainRows) - 1),
  start: async (start, states) => trainerOf(await createBooster(start, states ?? [])),
  predictionWork: treeWork,
  read: readBoosting,
};

function outputsOf(classes: number): number {
  return classes > 2 ? classes : 1;
}

function leavesOf(values: Shape['parameters'], trainRows: number): number {
  const limits = { mostLeaves: optionalNumberOf(values, 'max_leaf_nodes') ?? Infinity, mostDepth: optionalNumberOf(values, 'max_depth') ?? Infinity, leastRows: numberOf(values, 'min_samples_leaf') };
  return mostNodes(limits, trainRows) / 2;
}

/** Rows, a histogram for each open leaf, the sample for thresholds. A thread more takes one more histogram. */
function memoryOf({ trainRows, width, classes, parameters }: Shape): number {
  const stride = (width + 3) & ~3;
  const leaves = leavesOf(parameters, trainRows);
  const row = stride + width + 8 * outputsOf(classes) + 8 + 8 + 8 + 1 + (classes > 2 ? 16 : 0) + 3 * 4;
  return trainRows * row + (leaves + 1) * (stride * columnBytes + 32) + Math.min(trainRows, sampleRows) * 16 + width * 2_048 + (1 << 21);
}

function trainerOf(booster: Booster): Trainer {
  return {
    get step() {
      return booster.step;
    },
    get loss() {
      return booster.loss;
    },
    get converged() {
      return booster.converged;
    },
    advance: () => stepBooster(booster),
    state: () => (booster.last === null ? writeBase(booster.objective.base) : writeGrown(booster.last)),
    body: () => writeTrees({ base: booster.objective.base, valuesOfLeaf: 1, trees: treesOf(booster) }),
    resume: (states) => resumeBooster(booster, states),
  };
}

/** The raw scores are the base and the sum of the trees; tree t adds to output t modulo the outputs. */
function readBoosting(body: Uint8Array, { width, classes, task }: ModelShape, kernels: Kernels): Predictor {
  const sums = task === 'regression' ? 1 : outputsOf(classes.length);
  const outputs = task === 'regression' ? 1 : classes.length;
  const forest = readTreeBody(body, { width, base: sums, valuesOfLeaf: 1 });
  return {
    outputs,
    predict: treeForest({
      kernels, forest, width, sums, outputs,
      outputOf: (tree) => tree % sums,
      link: (raw, out, rows) => {
        if (task === 'regression') return raw;
        if (sums > 1) kernels.softmaxLink(raw, sums, rows);
        else kernels.logisticLink(raw, out, rows);
        return sums > 1 ? raw : out;
      },
    }),
  };
}
