import type { ModelReport } from '@neurodata/protocol';
import { decodeOnnx } from '../../export/onnx/decodeOnnx.ts';
import type { OnnxModel } from '../../export/onnx/onnxSchema.ts';
import { Refused } from './refuse.ts';

type Signature = NonNullable<ModelReport['signature']>;
type OnnxGraph = NonNullable<OnnxModel['graph']>;
type OnnxNode = OnnxGraph['node'][number];
type OnnxTensor = OnnxGraph['initializer'][number];

/** Operator sets of the ONNX standard. Others need code that the standard does not define. */
const STANDARD = new Set(['', 'ai.onnx', 'ai.onnx.ml']);
const MOST_DEPTH = 32;
const TYPES = ['undefined', 'float', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'double', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'];

/**
 * Reads what a model is from its bytes, before anything runs it.
 *
 * @throws Refused PICKLE, NOT_ONNX, CUSTOM_OPERATOR, EXTERNAL_DATA
 */
export function inspectOnnx(bytes: Uint8Array): Signature {
  refuseOthers(bytes);
  const model = decoded(bytes);
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0 || graph.output.length === 0) throw new Refused('NOT_ONNX', 'The file holds no ONNX graph with nodes and outputs: export the model as ONNX.');
  const own = new Set((model.functions ?? []).map(({ domain = '', name = '' }) => `${domain}/${name}`));
  const found = { operators: new Set<string>(), nodes: 0 };
  walkGraph(graph, { own, found, depth: 0 });
  for (const { node } of model.functions ?? []) walkNodes(node, { own, found, depth: 1 });
  const stored = new Set(graph.initializer.map(({ name }) => name));
  return {
    inputs: graph.input.filter(({ name }) => !stored.has(name)).map(portOf), outputs: graph.output.map(portOf),
    opsets: model.opsetImport.map(({ domain = '', version }) => ({ domain, version })),
    operators: [...found.operators].sort(), nodes: found.nodes,
  };
}

/** Formats that people take for a model and that may run code when they are opened, or are something else. */
function refuseOthers(bytes: Uint8Array): void {
  const starts = (...wanted: number[]): boolean => wanted.every((byte, index) => bytes[index] === byte);
  // PROTO, then the protocol's number: pickle 2 to 5. Source: CPython, Lib/pickle.py.
  if (starts(0x80) && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5) throw new Refused('PICKLE', 'The file is a Python pickle, which runs code when it is opened: export the model as ONNX.');
  if (starts(0x50, 0x4b, 0x03, 0x04)) throw new Refused('PICKLE', 'The file is a ZIP archive, as PyTorch and Keras write them; such files may hold pickles: export the model as ONNX.');
  if (starts(0x89, 0x48, 0x44, 0x46)) throw new Refused('NOT_ONNX', 'The file is HDF5: export the model as ONNX.');
  // Pickle 0 has no mark; joblib's files compress theirs. Neither reads as a protocol buffer.
}

function decoded(bytes: Uint8Array): OnnxModel {
  try {
    return decodeOnnx(bytes);
  } catch (cause) {
    throw new Refused('NOT_ONNX', 'The file is no ONNX model: its bytes do not read as one.', { cause });
  }
}

type Walk = { own: ReadonlySet<string>; found: { operators: Set<string>; nodes: number }; depth: number };

function walkGraph(graph: OnnxGraph, walk: Walk): void {
  for (const tensor of graph.initializer) refuseExternal(tensor);
  for (const { values, indices } of graph.sparseInitializer ?? []) for (const tensor of [values, indices]) if (tensor !== undefined) refuseExternal(tensor);
  walkNodes(graph.node, walk);
}

function walkNodes(nodes: readonly OnnxNode[], walk: Walk): void {
  if (walk.depth > MOST_DEPTH) throw new Refused('NOT_ONNX', `The model nests graphs more than ${MOST_DEPTH} deep.`);
  const inside = { ...walk, depth: walk.depth + 1 };
  for (const { opType = '', domain = '', attribute } of nodes) {
    if (!STANDARD.has(domain) && !walk.own.has(`${domain}/${opType}`)) throw new Refused('CUSTOM_OPERATOR', `The model uses ${opType} of ${domain}, which is not of the ONNX standard: use standard operators only.`);
    walk.found.nodes += 1;
    walk.found.operators.add(domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`);
    for (const { t, tensors = [], g, graphs = [] } of attribute) {
      for (const tensor of [...(t ? [t] : []), ...tensors]) refuseExternal(tensor);
      for (const graph of [...(g ? [g] : []), ...graphs]) walkGraph(graph, inside);
    }
  }
}

function refuseExternal({ name = '', externalData = [], dataLocation = 0 }: OnnxTensor): void {
  if (externalData.length === 0 && dataLocation === 0) return;
  throw new Refused('EXTERNAL_DATA', `The model keeps ${name === '' ? 'a tensor' : `the tensor ${name}`} in another file: save it as one file, without external data.`);
}

function portOf({ name, type }: OnnxGraph['input'][number]): Signature['inputs'][number] {
  const tensor = type?.tensorType;
  return { name, type: TYPES[tensor?.elemType ?? 0] ?? 'other', shape: (tensor?.shape?.dim ?? []).map(({ dimValue, dimParam }) => (dimValue !== undefined && dimParam === undefined ? dimValue : (dimParam ?? '?'))) };
}
