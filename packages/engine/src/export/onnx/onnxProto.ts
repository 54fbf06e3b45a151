import protobuf from 'protobufjs';
import { type OnnxModel, onnxSchema } from './onnxSchema.ts';

let model: protobuf.Type | undefined;

/** Made on first use: most users of the engine never export. */
function modelType(): protobuf.Type {
  model ??= protobuf.Root.fromJSON({ nested: Object.fromEntries(Object.entries(onnxSchema).map(([name, fields]) => [name, { fields: { ...fields } }])) }).lookupType('Model');
  return model;
}

/** ONNX bytes of a model. */
export function encodeOnnx(value: OnnxModel): Uint8Array {
  return modelType().encode(modelType().fromObject(value)).finish();
}
