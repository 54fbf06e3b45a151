import { EngineError } from '../../errors.ts';
import { createKernels } from '../../kernels/index.ts';
import { findAlgorithm } from '../../algorithms/index.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { type Model, parseModel } from '../../model/model.ts';
import { ML, addDesign } from './design.ts';
import { families } from './families.ts';
import { type GraphBuilder, createGraph } from './graph.ts';
import { encodeOnnx } from './onnxProto.ts';
import { type OnnxModel, dataType } from './onnxSchema.ts';

/** The tree ensembles in doubles are of ai.onnx.ml 5; onnxruntime has them since 1.20 (2024). */
const IR_VERSION = 10;
const OPSETS = [{ domain: '', version: 21 }, { domain: ML, version: 5 }];

/**
 * A model as ONNX bytes. Its inputs are the columns as they stand in the table: `[rows, 1]` doubles (NaN is missing) or
 * texts ('' and 'NA' are missing); preprocessing is inside. Its outputs are `label` (`[rows]` texts) and `probabilities`
 * (`[rows, classes]` doubles, in the order of the model's classes), or `prediction` (`[rows, 1]` doubles).
 *
 * ```ts
 * import * as ort from 'onnxruntime-web';
 * const session = await ort.InferenceSession.create(exportOnnx(model));
 * ```
 *
 * @throws EngineError BAD_MODEL; NO_EXPORT for an algorithm that has no target
 */
export function exportOnnx(bytes: Uint8Array): Uint8Array {
  const model = parseModel(bytes);
  const { algorithm, task, classes, parameters, features, body } = model;
  const family = families[algorithm];
  if (family === undefined) throw new EngineError('NO_EXPORT', `A model by ${algorithm} has no ONNX form: export it as JSON.`);
  // A body that no trainer wrote must not become a graph.
  findAlgorithm(algorithm).read(body, { width: designWidth(features), classes, task, parameters }, createKernels());
  const graph = createGraph(features.map(({ name }) => name));
  const scores = family(graph, addDesign(graph, features), model);
  if (task === 'classification') addLabel(graph, scores, classes);
  else addNumber(graph, scores);
  return encodeOnnx(modelOf(model, graph));
}

function addLabel(graph: GraphBuilder, scores: string, classes: string[]): void {
  const label = graph.free('label');
  const probabilities = graph.free('probabilities');
  const best = graph.add('ArgMax', [scores], { attributes: { axis: { int: 1 }, keepdims: { int: 0 } } });
  graph.addNamed('Gather', [graph.strings(classes), best], [label]);
  graph.addNamed('Identity', [scores], [probabilities]);
  graph.output(label, dataType.string, null);
  graph.output(probabilities, dataType.double, classes.length);
}

function addNumber(graph: GraphBuilder, value: string): void {
  const prediction = graph.free('prediction');
  graph.addNamed('Identity', [value], [prediction]);
  graph.output(prediction, dataType.double, 1);
}

function modelOf({ algorithm, task, target, classes, engineId }: Model, graph: GraphBuilder): OnnxModel {
  const about = { 'neurodata.algorithm': algorithm, 'neurodata.task': task, 'neurodata.target': target ?? '', 'neurodata.classes': JSON.stringify(classes), 'neurodata.engineId': engineId };
  return {
    irVersion: IR_VERSION, opsetImport: OPSETS, producerName: 'NeuroData', graph: graph.graph('model'),
    metadataProps: Object.entries(about).map(([key, value]) => ({ key, value })),
  };
}
