/** For tests: small ONNX models, made by hand of standard operators. */
import { type OnnxModel, encodeOnnx } from '@neurodata/engine/export';

type Graph = NonNullable<OnnxModel['graph']>;

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const GRAPH = 5;

const port = (name: string, elemType: number, ...dims: (string | number)[]): Graph['input'][number] => (
  { name, type: { tensorType: { elemType, shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) } } } }
);
const node = (opType: string, input: string[], output: string[], attribute: Graph['node'][number]['attribute'] = []): Graph['node'][number] => ({ opType, input, output, attribute });
const modelOf = (graph: Graph): Uint8Array => encodeOnnx({ irVersion: 10, opsetImport: [{ version: 21 }], metadataProps: [], graph });

function wholeNumber(name: string, value: bigint): Graph['initializer'][number] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return { name, dims: [], dataType: INT64, rawData: bytes };
}

const truth = (name: string): Graph['initializer'][number] => ({ name, dims: [], dataType: BOOL, rawData: Uint8Array.of(1) });

/** Answers each row of the input `a` with what it was given, after adding zero to it so many times. */
export function loopModel(times: number): Uint8Array {
  const zero = { name: 'zero', dims: [1], dataType: FLOAT, rawData: new Uint8Array(4) };
  const body: Graph = {
    name: 'body', initializer: [zero], node: [node('Identity', ['go'], ['still']), node('Add', ['before', 'zero'], ['after'])],
    input: [port('turn', INT64), port('go', BOOL), port('before', FLOAT, 'rows', 1)], output: [port('still', BOOL), port('after', FLOAT, 'rows', 1)],
  };
  return modelOf({
    name: 'loop', initializer: [wholeNumber('times', BigInt(times)), truth('yes')],
    node: [node('Loop', ['times', 'yes', 'a'], ['y'], [{ name: 'body', type: GRAPH, g: body }])],
    input: [port('a', FLOAT, 'rows', 1)], output: [port('y', FLOAT, 'rows', 1)],
  });
}

/** Takes one matrix of so many columns, and answers with each row's sum. */
export function matrixModel(columns: number): Uint8Array {
  return modelOf({
    name: 'matrix', initializer: [{ ...wholeNumber('axis', 1n), dims: [1] }], node: [node('ReduceSum', ['x', 'axis'], ['y'])],
    input: [port('x', FLOAT, 'rows', columns)], output: [port('y', FLOAT, 'rows', 1)],
  });
}
