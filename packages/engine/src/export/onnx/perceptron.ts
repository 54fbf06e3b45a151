import { readBody } from '../../algorithms/perceptron/multilayerPerceptron.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import type { Family } from './family.ts';
import { dataType } from './onnxSchema.ts';

/**
 * A multilayer perceptron with ReLU between its layers. It learned in f32 and answers so; here its weights are the same, and
 * sums are taken in doubles, which is nearer to what the weights say than either order of f32 sums.
 */
export const perceptron: Family = (graph, design, { body, classes, features, parameters, task }) => {
  const { network, weights, mean, deviation } = readBody(body, { width: designWidth(features), classes, task, parameters });
  const rounded = graph.add('Cast', [design], { attributes: { to: { int: dataType.float } } });
  let value = graph.add('Cast', [rounded], { attributes: { to: { int: dataType.double } } });
  for (const [layer, { inputs, outputs, lanes, at }] of network.layers.entries()) {
    const matrix = Float64Array.from({ length: inputs * outputs }, (_, index) => weights[at + Math.floor(index / outputs) * lanes + (index % outputs)] ?? 0);
    const biases = Float64Array.from({ length: outputs }, (_, output) => weights[at + inputs * lanes + output] ?? 0);
    value = graph.add('Add', [graph.add('MatMul', [value, graph.doubles(matrix, [inputs, outputs])]), graph.doubles(biases, [outputs])]);
    if (layer < network.layers.length - 1) value = graph.add('Max', [value, graph.doubles([0], [1])]);
  }
  const along = { attributes: { axis: { int: 1 } } };
  if (network.kind === 0) return graph.add('Add', [graph.add('Mul', [value, graph.doubles([deviation], [1])]), graph.doubles([mean], [1])]);
  if (network.kind === 2) return graph.add('Softmax', [value], along);
  return graph.add('Concat', [graph.add('Sigmoid', [graph.add('Neg', [value])]), graph.add('Sigmoid', [value])], along);
};
