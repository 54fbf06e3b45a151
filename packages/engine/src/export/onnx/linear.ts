import { bodyDoubles } from '../../model/body.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import type { Family } from './family.ts';
import type { GraphBuilder } from './graph.ts';

/** Logistic regression: one row of weights for two classes, one for each class otherwise, the intercept first. */
export const logistic: Family = (graph, design, { body, classes, features }) => {
  const width = designWidth(features) + 1;
  const vectors = classes.length === 2 ? 1 : classes.length;
  const scores = addLinear(graph, design, { values: bodyDoubles(body, vectors * width), vectors, width });
  // One vector scores the second class; the first one's score is 0, as in softmax over both.
  const both = vectors === 1 ? graph.add('Concat', [graph.add('Sub', [scores, scores]), scores], { attributes: { axis: { int: 1 } } }) : scores;
  return graph.add('Softmax', [both], { attributes: { axis: { int: 1 } } });
};

/** design · weights + intercept, [rows, vectors]; `values` holds `vectors` rows of `width` weights, the intercept first. */
export function addLinear(graph: GraphBuilder, design: string, { values, vectors, width }: { values: Float64Array; vectors: number; width: number }): string {
  const at = (vector: number, column: number): number => values[vector * width + column] ?? 0;
  const weights = Float64Array.from({ length: (width - 1) * vectors }, (_, index) => at(index % vectors, 1 + Math.floor(index / vectors)));
  const intercepts = Float64Array.from({ length: vectors }, (_, vector) => at(vector, 0));
  const product = graph.add('MatMul', [design, graph.doubles(weights, [width - 1, vectors])]);
  return graph.add('Add', [product, graph.doubles(intercepts, [vectors])]);
}

/** Linear and ridge regression: the intercept, then a weight for each column. */
export const linear: Family = (graph, design, { body, features }) => {
  const width = designWidth(features) + 1;
  return addLinear(graph, design, { values: bodyDoubles(body, width), vectors: 1, width });
};
