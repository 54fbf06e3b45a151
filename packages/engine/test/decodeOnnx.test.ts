import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { beforeAll, expect, test } from 'vitest';
import { train } from '../src/index.ts';
import { type OnnxModel, decodeOnnx, encodeOnnx, exportOnnx } from '../src/export/index.ts';
import { onnxSchema } from '../src/export/onnx/onnxSchema.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';

const models: Uint8Array[] = [];
beforeAll(async () => {
  for (const changes of [{}, { algorithm: 'gradient-boosting', parameters: { max_iter: 3 } }, { algorithm: 'multilayer-perceptron', parameters: { max_iter: 2 } }]) {
    models.push(exportOnnx((await train({ csv: penguinsCsv(), spec: { ...penguinsSpec, ...changes, limits: { maxSteps: 1_000, maxBytes: 1 << 27 } } })).model));
  }
});

/** What the library makes of the same bytes. */
function byLibrary(bytes: Uint8Array): unknown {
  const type = protobuf.Root.fromJSON({ nested: Object.fromEntries(Object.entries(onnxSchema).map(([name, fields]) => [name, { fields: { ...fields } }])) }).lookupType('Model');
  return type.toObject(type.decode(bytes), { longs: Number, arrays: true });
}

/** Buffers and plain bytes alike. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, one: unknown) => (ArrayBuffer.isView(one) ? [...(one as Uint8Array)] : typeof one === 'object' && one !== null && 'type' in one && one.type === 'Buffer' && 'data' in one ? one.data : one)));

test('models read as the library of protocol buffers reads them', () => {
  for (const bytes of models) {
    const decoded = decodeOnnx(bytes);
    expect(plain(decoded)).toEqual(plain(byLibrary(bytes)));
    expect(encodeOnnx(decoded)).toEqual(bytes);
  }
});

const empty: OnnxModel = { irVersion: 10, opsetImport: [], metadataProps: [] };
const nodeOf = (opType: string, i = 0): OnnxModel => ({ ...empty, graph: { name: opType, node: [{ opType, input: ['a'], output: ['b'], attribute: [{ name: 'x', type: 2, i }] }], initializer: [], input: [], output: [] } });
const joined = (...parts: (Uint8Array | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

test('a graph that comes twice is merged, as onnxruntime does: nothing hides behind the second', () => {
  const { graph } = decodeOnnx(joined(encodeOnnx(nodeOf('First')), encodeOnnx(nodeOf('Second'))));
  expect([graph?.name, graph?.node.map(({ opType }) => opType)]).toEqual(['Second', ['First', 'Second']]);
});

test('numbers of 64 bits, packed lists, and fields that nobody knows', () => {
  const number = (i: number): number | undefined => decodeOnnx(encodeOnnx(nodeOf('N', i))).graph?.node[0]?.attribute[0]?.i;
  for (const i of [0, 1, 127, 128, 2 ** 31, -1, -(2 ** 40), 2 ** 52 + 1, -(2 ** 52)]) expect(number(i)).toBe(i);
  // Tensor 5 of a graph (7): dims [3, 300] packed into field 1, then field 60 of each wire type.
  const tensor = [0x0a, 3, 3, 0xac, 2, 0xe0, 3, 1, 0xe1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0xe2, 3, 1, 7, 0xe5, 3, 0, 0, 0, 0];
  const { graph } = decodeOnnx(Uint8Array.from([0x3a, tensor.length + 2, 0x2a, tensor.length, ...tensor]));
  expect(graph?.initializer).toEqual([{ dims: [3, 300], stringData: [], externalData: [] }]);
});

test('what is cut off or broken ends with an error or a model, and soon', () => {
  const bytes = models[0] ?? new Uint8Array();
  expect(() => decodeOnnx(bytes.subarray(0, bytes.length - 1))).toThrow();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(bytes.length - 1), (noise, at) => {
    for (const broken of [noise, joined(bytes.subarray(0, at), noise)]) {
      try {
        expect(decodeOnnx(broken)).toHaveProperty('opsetImport');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  }));
  // A graph in an attribute (6) of a node (5) in a graph (1), and so on.
  let deep: number[] = [];
  for (let depth = 0; depth < 3_000; depth += 1) deep = [[0x32, 0x2a, 0x0a][depth % 3] ?? 0, ...varint(deep.length), ...deep];
  expect(() => decodeOnnx(Uint8Array.from([0x3a, ...varint(deep.length), ...deep]))).toThrow('nested too deep');
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
