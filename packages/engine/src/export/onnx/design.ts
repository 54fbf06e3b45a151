import { type FittedFeature } from '../../prepare/fittedFeature.ts';
import type { GraphBuilder } from './graph.ts';
import { dataType } from './onnxSchema.ts';

export const ML = 'ai.onnx.ml';

/**
 * Declares an input for each feature, [rows, 1]: doubles with NaN where missing, or texts with '' or 'NA' where missing.
 * Returns the design that the algorithm was trained on, [rows, width] in doubles, by the arithmetic of `encodeRows`.
 */
export function addDesign(graph: GraphBuilder, features: readonly FittedFeature[]): string {
  const columns = features.map((feature) => {
    graph.input(feature.name, feature.kind === 'numeric' ? dataType.double : dataType.string);
    return feature.kind === 'numeric' ? addNumbers(graph, feature) : addTexts(graph, feature);
  }).filter((name) => name !== undefined);
  const [only, ...others] = columns;
  return only !== undefined && others.length === 0 ? only : graph.add('Concat', columns, { attributes: { axis: { int: 1 } } });
}

function addNumbers(graph: GraphBuilder, { name, fill, mean, deviation }: FittedFeature & { kind: 'numeric' }): string {
  let value = name;
  if (fill !== null) value = graph.add('Where', [graph.add('IsNaN', [value]), graph.doubles([fill], [1]), value]);
  if (mean !== 0) value = graph.add('Sub', [value, graph.doubles([mean], [1])]);
  return deviation === 1 ? value : graph.add('Div', [value, graph.doubles([deviation], [1])]);
}

/** A feature that was never anything in training takes no column, unless it is ordinal. */
function addTexts(graph: GraphBuilder, { name, encode, categories, missing }: FittedFeature & { kind: 'categorical' }): string | undefined {
  const places = categories.length + (missing ? 1 : 0);
  if (places === 0 && encode === 'one-hot') return undefined;
  const keys = [...categories, ...(missing || places === 0 ? ['', 'NA'] : [])];
  const values = keys.map((_, index) => (places === 0 ? -1 : Math.min(index, categories.length)));
  const place = graph.add('LabelEncoder', [name], { domain: ML, attributes: { keys_strings: { strings: keys }, values_int64s: { ints: values }, default_int64: { int: -1 } } });
  const double = { attributes: { to: { int: dataType.double } } };
  if (encode === 'ordinal') return graph.add('Cast', [place], double);
  const range = graph.int64s(Array.from({ length: places }, (_, index) => index), [1, places]);
  return graph.add('Cast', [graph.add('Equal', [place, range])], double);
}
