import { type Attribute, type Graph, type Node, type Tensor, type ValueInfo, attributeType, dataType } from './onnxSchema.ts';

const utf8 = new TextEncoder();

export type AttributeValue =
  | { int: number } | { ints: number[] } | { float: number } | { floats: number[] } | { string: string } | { strings: string[] } | { tensor: Tensor } | { graph: Graph };

export type NodeOptions = { domain?: string; attributes?: Record<string, AttributeValue> };

/** A graph under construction. Values are named by the builder, so that no column's name can be taken for one of them. */
export type GraphBuilder = {
  /** Adds a node with one output. Returns the output's name. */
  add(opType: string, inputs: string[], options?: NodeOptions): string;
  /** Adds a node whose outputs are named in order. */
  addNamed(opType: string, inputs: string[], outputs: string[], options?: NodeOptions): void;
  doubles(values: ArrayLike<number>, dims: number[]): string;
  int64s(values: readonly number[], dims?: number[]): string;
  strings(values: readonly string[]): string;
  input(name: string, elemType: number): void;
  output(name: string, elemType: number, columns: number | null): void;
  /** A name that is no column's and no other value's, as near to `wanted` as can be. */
  free(wanted: string): string;
  /** A name for a value inside a body graph. */
  fresh(): string;
  graph(name: string): Graph;
};

/** `taken`: names that nodes must leave alone, as the columns'. `name`: where names come from; a body graph takes its outer graph's. */
export function createGraph(taken: readonly string[], name?: () => string): GraphBuilder {
  const nodes: Node[] = [];
  const initializers: Tensor[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const names = new Set(taken);
  let count = 0;
  const free = (wanted: string): string => {
    let name = wanted;
    while (names.has(name)) name += '_';
    names.add(name);
    return name;
  };
  const fresh = name ?? ((): string => free(`v${count++}`));
  const addNamed: GraphBuilder['addNamed'] = (opType, from, to, { domain, attributes = {} } = {}) => {
    nodes.push({ opType, input: from, output: to, attribute: Object.entries(attributes).map(attribute), ...(domain === undefined ? {} : { domain }) });
  };
  const constant = (tensor: Tensor): string => {
    const name = fresh();
    initializers.push({ ...tensor, name });
    return name;
  };
  return {
    addNamed, free, fresh,
    add: (opType, from, options) => {
      const name = fresh();
      addNamed(opType, from, [name], options);
      return name;
    },
    doubles: (values, dims) => constant(doubleTensor(values, dims)),
    int64s: (values, dims = [values.length]) => constant(int64Tensor(values, dims)),
    strings: (values) => constant({ dims: [values.length], dataType: dataType.string, stringData: values.map((value) => utf8.encode(value)) }),
    input: (name, elemType) => inputs.push(rowsOf(name, elemType, 1)),
    output: (name, elemType, columns) => outputs.push(rowsOf(name, elemType, columns)),
    graph: (name) => ({ name, node: nodes, initializer: initializers, input: inputs, output: outputs }),
  };
}

/** f64 values, little-endian. */
export function doubleTensor(values: ArrayLike<number>, dims: number[]): Tensor {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index += 1) view.setFloat64(index * 8, values[index] ?? 0, true);
  return { dims, dataType: dataType.double, rawData: bytes };
}

export function int64Tensor(values: readonly number[], dims: number[]): Tensor {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setBigInt64(index * 8, BigInt(value), true);
  return { dims, dataType: dataType.int64, rawData: bytes };
}

export function uint8Tensor(values: readonly number[], dims: number[]): Tensor {
  return { dims, dataType: dataType.uint8, rawData: Uint8Array.from(values) };
}

/** [rows] or [rows, columns]. */
function rowsOf(name: string, elemType: number, columns: number | null): ValueInfo {
  return { name, type: { tensorType: { elemType, shape: { dim: [{ dimParam: 'rows' }, ...(columns === null ? [] : [{ dimValue: columns }])] } } } };
}

function attribute([name, value]: [string, AttributeValue]): Attribute {
  if ('int' in value) return { name, type: attributeType.int, i: value.int };
  if ('ints' in value) return { name, type: attributeType.ints, ints: value.ints };
  if ('float' in value) return { name, type: attributeType.float, f: value.float };
  if ('floats' in value) return { name, type: attributeType.floats, floats: value.floats };
  if ('string' in value) return { name, type: attributeType.string, s: utf8.encode(value.string) };
  if ('strings' in value) return { name, type: attributeType.strings, strings: value.strings.map((text) => utf8.encode(text)) };
  if ('tensor' in value) return { name, type: attributeType.tensor, t: value.tensor };
  return { name, type: attributeType.graph, g: value.graph };
}
