import type { Kernels } from '../../../kernels/index.ts';
import { numberOf } from '../../../spec/parameters.ts';
import type { Parameter } from '../../../spec/parameters.ts';
import type { ModelShape, Predictor, Shape } from '../../algorithm.ts';
import { sampleRows } from '../bins.ts';
import { badModel } from '../../../model/body.ts';
import { readTreeBody } from '../treeBody.ts';
import { treeForest } from '../treeForest.ts';
import { budgetOf, forestSettings } from './forestSettings.ts';
import { growerBytes } from './growers.ts';

/** Parameters of a tree and of a forest, with scikit-learn's names, defaults and meanings. */
export const treeParameters: readonly Parameter[] = [
  { name: 'criterion', kind: 'choice', title: 'Impurity', help: 'What a split lowers. Regression always lowers the squared error.', default: 'gini', options: [
    { value: 'gini', help: 'The chance to name a wrong class by drawing it.' }, { value: 'entropy', help: 'The information that is missing to name the class.' },
  ] },
  { name: 'max_depth', kind: 'integer', title: 'Most levels', help: 'Splits on the way from the root to a leaf at most.', default: null, least: 1, most: 100_000, orNull: 'no limit' },
  { name: 'max_leaf_nodes', kind: 'integer', title: 'Most leaves', help: 'Leaves of each tree at most. With a limit, the node that gains most is split first.', default: null, least: 2, most: 1_000_000, orNull: 'no limit' },
  { name: 'min_samples_split', kind: 'integer', title: 'Least rows to split', help: 'A node with fewer rows is a leaf.', default: 2, least: 2, most: 1_000_000_000 },
  { name: 'min_samples_leaf', kind: 'integer', title: 'Least rows of a leaf', help: 'A split must leave so many rows on both sides.', default: 1, least: 1, most: 1_000_000_000 },
  { name: 'max_features', kind: 'choice', title: 'Columns of a split', help: 'How many columns, drawn anew, each node looks at.', default: 'auto', options: [
    { value: 'auto', help: 'As scikit-learn: the square root in a forest that classifies, else all.' }, { value: 'sqrt', help: 'The square root of all.' }, { value: 'log2', help: 'The binary logarithm of all.' }, { value: 'all', help: 'All.' },
  ] },
  { name: 'class_weight', kind: 'choice', title: 'Class weights', help: 'How much each class counts. Classification only.', default: 'none', options: [
    { value: 'none', help: 'Every row alike.' }, { value: 'balanced', help: 'Rare classes count more, so that all count alike.' },
  ] },
  { name: 'max_bins', kind: 'integer', title: 'Most bins', help: 'Into so many groups are the numbers of a column sorted, at quantiles; scikit-learn looks at every number instead.', default: 255, least: 2, most: 255 },
  { name: 'random_state', kind: 'integer', title: 'Seed', help: 'Draws columns, and rows in a forest.', default: 0, least: 0, most: Number.MAX_SAFE_INTEGER },
];

/** One thread's memory: each further one holds all rows, too. */
export function forestMemory({ trainRows, width, classes, parameters, task }: Shape): number {
  const { columns, trees, mostLeaves } = forestSettings({ parameters, width, spec: { task } });
  return growerBytes({ trainRows, width, classes, columns, mostLeaves, budget: budgetOf(trainRows, trees) }) + Math.min(trainRows, sampleRows) * 16 + width * 2_048 + (1 << 21);
}

/** A bound: each tree has fewer than 2 rows nodes, and passes its rows once a level. */
export function forestSteps(parameters: Shape['parameters'], trainRows: number): number {
  const trees = 'n_estimators' in parameters ? numberOf(parameters, 'n_estimators') : 1;
  return trees * Math.ceil((trainRows * 128) / budgetOf(trainRows, trees) + 1);
}

/** The mean of the trees' leaves: class shares, or a number. With two classes a leaf holds the second one's share. */
export function readForest(body: Uint8Array, { width, classes, task }: ModelShape, kernels: Kernels): Predictor {
  const valuesOfLeaf = classes.length > 2 ? classes.length : 1;
  const outputs = task === 'regression' ? 1 : classes.length;
  const forest = readTreeBody(body, { width, base: 0, valuesOfLeaf });
  if (forest.trees.length === 0) throw badModel('has no tree');
  return {
    outputs,
    predict: treeForest({
      kernels, forest, width, sums: valuesOfLeaf, outputs, outputOf: () => 0,
      link: (raw, out, rows) => {
        kernels.meanLink(raw, out, rows, valuesOfLeaf, forest.trees.length, outputs === 2 ? 1 : 0);
        return out;
      },
    }),
  };
}
