import { type TreeArrays, readTreeBody } from '../../algorithms/trees/treeBody.ts';
import { type FittedFeature, designWidth, featureWidth } from '../../prepare/fittedFeature.ts';
import type { Describe } from './describe.ts';

/** A tree as nested questions. `missing`: which way a missing number goes. */
export type Rule = { question: string; missing: 'yes' | 'no'; yes: Rule; no: Rule } | { value: number | number[] };

export const describeBoosting: Describe = ({ body, classes, features, task }) => {
  const sums = classes.length > 2 ? classes.length : 1;
  const { base, trees } = readTreeBody(body, { width: designWidth(features), base: sums, valuesOfLeaf: 1 });
  const rules = treeRules(trees, features, (tree, node) => tree.values[node] ?? 0);
  if (task === 'regression') return { reading: 'prediction = base + the sum of the values that the trees lead to', base: base[0], trees: rules };
  if (sums === 1) return { reading: 'score = base + the sum of the values that the trees lead to; the probability of `of` is 1 / (1 + exp(-score))', of: classes[1], base: base[0], trees: rules };
  return {
    reading: 'score of a class = its base + the sum of the values that its trees lead to; probability = exp(score) / sum of exp(score) over the classes',
    scores: classes.map((of, index) => ({ of, base: base[index], trees: rules.filter((_, tree) => tree % sums === index) })),
  };
};

/** Each tree's questions in the columns' own units and categories. */
export function treeRules(trees: readonly TreeArrays[], features: readonly FittedFeature[], valueOf: (tree: TreeArrays, node: number) => number | number[]): Rule[] {
  const questions = features.flatMap(questionsOf);
  const ruleAt = (tree: TreeArrays, node: number): Rule => {
    const column = tree.column[node] ?? -1;
    if (column < 0) return { value: valueOf(tree, node) };
    const question = questions[column]?.(tree.threshold[node] ?? 0) ?? '';
    return { question, missing: tree.missingLeft[node] === 1 ? 'yes' : 'no', yes: ruleAt(tree, tree.left[node] ?? 0), no: ruleAt(tree, tree.right[node] ?? 0) };
  };
  return trees.map((tree) => ruleAt(tree, 0));
}

/** A question for each design column of a feature: whether its value is at most a threshold. */
function questionsOf(feature: FittedFeature): ((threshold: number) => string)[] {
  const { name } = feature;
  if (feature.kind === 'numeric') return [(threshold) => `${name} <= ${threshold * feature.deviation + feature.mean}`];
  const { categories, missing, encode } = feature;
  const places = [...categories.map((category) => JSON.stringify(category)), ...(missing ? ['missing'] : [])];
  if (encode === 'ordinal') {
    return [(threshold) => `${name} is ${[...(threshold >= -1 ? ['never seen in training'] : []), ...places.filter((_, place) => place <= threshold)].join(' or ')}`];
  }
  return Array.from({ length: featureWidth(feature) }, (_, place) => () => `${name} is not ${places[place] ?? ''}`);
}

/** A decision tree or a random forest. */
export const describeForest: Describe = ({ body, classes, features }) => {
  const valuesOfLeaf = classes.length > 2 ? classes.length : 1;
  const { trees } = readTreeBody(body, { width: designWidth(features), base: 0, valuesOfLeaf });
  const valueOf = (tree: TreeArrays, node: number): number | number[] => (valuesOfLeaf === 1 ? (tree.values[node] ?? 0) : Array.from(tree.values.subarray(node * valuesOfLeaf, (node + 1) * valuesOfLeaf)));
  const mean = trees.length === 1 ? 'the value that the tree leads to' : 'the mean of the values that the trees lead to';
  const reading = classes.length === 0 ? `prediction = ${mean}` : classes.length === 2 ? `the probability of \`of\` = ${mean}; that of the other class is the rest` : `the probabilities of the classes, in their order = ${mean}`;
  return { reading, ...(classes.length === 2 ? { of: classes[1] } : {}), trees: treeRules(trees, features, valueOf) };
};
