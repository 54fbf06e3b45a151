import { sharedKernels } from '../../kernels/index.ts';
import { bodyDoubles } from '../../model/body.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import type { Family } from './family.ts';
import { addLinear } from './linear.ts';

const along = { attributes: { axis: { int: 1 } } };

/** Gaussian naive Bayes: log prior + the sum of the columns' log densities, softmax over the classes. */
export const gaussian: Family = (graph, design, { body, classes, features }) => {
  const { log } = sharedKernels();
  const width = designWidth(features);
  const values = bodyDoubles(body, classes.length * (1 + 2 * width));
  const rows = classes.map((_, index) => values.subarray(index * (1 + 2 * width), (index + 1) * (1 + 2 * width)));
  const means = rows.flatMap((row) => [...row.subarray(1, 1 + width)]);
  const inverses = rows.flatMap((row) => Array.from(row.subarray(1 + width), (variance) => 1 / variance));
  const constants = rows.map((row) => log(row[0] ?? 1) - 0.5 * row.subarray(1 + width).reduce((sum, variance) => sum + log(2 * Math.PI) + log(variance), 0));
  const away = graph.add('Sub', [graph.add('Unsqueeze', [design, graph.int64s([1])]), graph.doubles(means, [1, classes.length, width])]);
  const weighed = graph.add('Mul', [graph.add('Mul', [away, away]), graph.doubles(inverses, [1, classes.length, width])]);
  const sums = graph.add('ReduceSum', [weighed, graph.int64s([2])], { attributes: { keepdims: { int: 0 } } });
  return graph.add('Softmax', [graph.add('Sub', [graph.doubles(constants, [classes.length]), graph.add('Mul', [sums, graph.doubles([0.5], [1])])])], along);
};

/** Multinomial naive Bayes: log prior + the sum of count x log share, softmax over the classes. */
export const multinomial: Family = (graph, design, { body, classes, features }) => {
  const width = designWidth(features) + 1;
  return graph.add('Softmax', [addLinear(graph, design, { values: bodyDoubles(body, classes.length * width), vectors: classes.length, width })], along);
};
