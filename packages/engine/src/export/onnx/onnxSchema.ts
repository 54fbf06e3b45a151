/** Element types of tensors. Source: onnx.proto3, TensorProto.DataType. */
export const dataType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, string: 8, bool: 9, double: 11 } as const;

/** Kinds of attributes. Source: onnx.proto3, AttributeProto.AttributeType. */
export const attributeType = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

export type Tensor = { name?: string; dims: number[]; dataType: number; rawData?: Uint8Array; stringData?: Uint8Array[]; externalData?: { key: string; value: string }[]; dataLocation?: number };
export type Attribute = { name: string; type: number; f?: number; i?: number; s?: Uint8Array; t?: Tensor; g?: Graph; floats?: number[]; ints?: number[]; strings?: Uint8Array[]; tensors?: Tensor[]; graphs?: Graph[] };
export type Node = { name?: string; opType: string; domain?: string; input: string[]; output: string[]; attribute: Attribute[] };
export type ValueInfo = { name: string; type?: { tensorType?: { elemType: number; shape?: { dim: { dimValue?: number; dimParam?: string }[] } } } };
export type Graph = { name: string; node: Node[]; initializer: Tensor[]; sparseInitializer?: { values?: Tensor; indices?: Tensor }[]; input: ValueInfo[]; output: ValueInfo[]; docString?: string };
export type OnnxModel = {
  irVersion: number;
  opsetImport: { domain?: string; version: number }[];
  producerName?: string;
  producerVersion?: string;
  docString?: string;
  graph?: Graph;
  metadataProps: { key: string; value: string }[];
  functions?: { name?: string; domain?: string; node: Node[] }[];
};

/** A field of a message: its type, a scalar's or a message's, and its number. */
export type Field = { type: string; id: number; rule?: 'repeated' };

const field = (type: string, id: number): Field => ({ type, id });
const many = (type: string, id: number): Field => ({ type, id, rule: 'repeated' });

/** The part of ONNX's format that models of ours need, and what must be seen of foreign ones: messages by name. Field numbers from onnx.proto3 (IR version 10). */
export const onnxSchema: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Entry: { key: field('string', 1), value: field('string', 2) },
  Opset: { domain: field('string', 1), version: field('int64', 2) },
  Model: {
    irVersion: field('int64', 1), producerName: field('string', 2), producerVersion: field('string', 3), docString: field('string', 6), graph: field('Graph', 7),
    opsetImport: many('Opset', 8), metadataProps: many('Entry', 14), functions: many('Func', 25),
  },
  Func: { name: field('string', 1), node: many('Node', 7), domain: field('string', 10) },
  Graph: { node: many('Node', 1), name: field('string', 2), initializer: many('Tensor', 5), docString: field('string', 10), input: many('ValueInfo', 11), output: many('ValueInfo', 12), sparseInitializer: many('SparseTensor', 15) },
  Node: { input: many('string', 1), output: many('string', 2), name: field('string', 3), opType: field('string', 4), attribute: many('Attribute', 5), domain: field('string', 7) },
  Attribute: {
    name: field('string', 1), f: field('float', 2), i: field('int64', 3), s: field('bytes', 4), t: field('Tensor', 5), g: field('Graph', 6), floats: many('float', 7), ints: many('int64', 8), strings: many('bytes', 9),
    tensors: many('Tensor', 10), graphs: many('Graph', 11), type: field('int32', 20),
  },
  Tensor: { dims: many('int64', 1), dataType: field('int32', 2), stringData: many('bytes', 6), name: field('string', 8), rawData: field('bytes', 9), externalData: many('Entry', 13), dataLocation: field('int32', 14) },
  SparseTensor: { values: field('Tensor', 1), indices: field('Tensor', 2), dims: many('int64', 3) },
  ValueInfo: { name: field('string', 1), type: field('Type', 2) },
  Type: { tensorType: field('TensorType', 1) },
  TensorType: { elemType: field('int32', 1), shape: field('Shape', 2) },
  Shape: { dim: many('Dimension', 1) },
  Dimension: { dimValue: field('int64', 1), dimParam: field('string', 2) },
};
