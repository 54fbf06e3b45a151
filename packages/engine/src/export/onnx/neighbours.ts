import { bodyDoubles } from '../../model/body.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { numberOf, textOf } from '../../spec/parameters.ts';
import type { Family } from './family.ts';
import { type GraphBuilder, createGraph } from './graph.ts';
import { type Graph, dataType } from './onnxSchema.ts';

const cast = (to: number): { attributes: { to: { int: number } } } => ({ attributes: { to: { int: to } } });

/** k nearest neighbours: the rows are in the graph; each row asked for is compared with all of them. */
export const neighbours: Family = (graph, design, { body, classes, features, parameters, task }) => {
  const width = designWidth(features);
  const count = body.length / (8 * (width + 1));
  const values = bodyDoubles(body, count * (width + 1));
  const k = numberOf(parameters, 'n_neighbors');
  // Column by column: sums over the first axis then go from the first column to the last, as here.
  const points = graph.doubles(Float64Array.from({ length: count * width }, (_, index) => values[(index % count) * width + Math.floor(index / count)] ?? 0), [width, count]);
  const [distances, rows] = addNearest(graph, design, { points, k });
  const weights = textOf(parameters, 'weights') === 'distance' ? addWeights(graph, distances) : graph.add('Add', [graph.add('Mul', [distances, graph.doubles([0], [1])]), graph.doubles([1], [1])]);
  const targets = graph.add('Gather', [graph.doubles(values.subarray(count * width), [count]), rows]);
  const total = graph.add('ReduceSum', [weights, graph.int64s([1])]);
  if (task === 'regression') return graph.add('Div', [graph.add('ReduceSum', [graph.add('Mul', [weights, targets]), graph.int64s([1])]), total]);
  const codes = graph.add('Unsqueeze', [graph.add('Cast', [targets], cast(dataType.int64)), graph.int64s([2])]);
  const votes = graph.add('Cast', [graph.add('Equal', [codes, graph.int64s(classes.map((_, index) => index), [1, 1, classes.length])])], cast(dataType.double));
  const counted = graph.add('Mul', [votes, graph.add('Unsqueeze', [weights, graph.int64s([2])])]);
  return graph.add('Div', [graph.add('ReduceSum', [counted, graph.int64s([1])], { attributes: { keepdims: { int: 0 } } }), total]);
};

/** Squared distances [rows, k] from the nearest on, and the neighbours' numbers; of equal ones the lower number first. */
function addNearest(graph: GraphBuilder, design: string, { points, k }: { points: string; k: number }): [string, string] {
  const outputs: [string, string] = [graph.fresh(), graph.fresh()];
  graph.addNamed('Scan', [design], outputs, { attributes: { body: { graph: nearestOf(graph, { points, k }) }, num_scan_inputs: { int: 1 } } });
  return outputs;
}

/** One row's neighbours. Names inside of it are the outer builder's, which sees that they are free. */
function nearestOf(outer: GraphBuilder, { points, k }: { points: string; k: number }): Graph {
  const [row, distances, rows] = [outer.fresh(), outer.fresh(), outer.fresh()];
  const inner = createGraph([], outer.fresh);
  const away = inner.add('Sub', [points, inner.add('Unsqueeze', [row, inner.int64s([1])])]);
  const squares = inner.add('ReduceSum', [inner.add('Mul', [away, away]), inner.int64s([0])], { attributes: { keepdims: { int: 0 } } });
  inner.addNamed('TopK', [squares, inner.int64s([k])], [distances, rows], { attributes: { largest: { int: 0 }, sorted: { int: 1 } } });
  const vector = (name: string, elemType: number): Graph['input'][number] => ({ name, type: { tensorType: { elemType } } });
  return { ...inner.graph('nearest'), input: [vector(row, dataType.double)], output: [vector(distances, dataType.double), vector(rows, dataType.int64)] };
}

/** 1 / distance; where the nearest is at 0, only those at 0 count. */
function addWeights(graph: GraphBuilder, squares: string): string {
  const zero = graph.doubles([0], [1]);
  const isHere = graph.add('Equal', [squares, zero]);
  const nearest = graph.add('Slice', [squares, graph.int64s([0]), graph.int64s([1]), graph.int64s([1])]);
  const here = graph.add('Cast', [isHere], cast(dataType.double));
  const away = graph.add('Div', [graph.doubles([1], [1]), graph.add('Sqrt', [squares])]);
  return graph.add('Where', [graph.add('Equal', [nearest, zero]), here, away]);
}
