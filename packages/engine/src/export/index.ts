export { type ModelJson, modelToJson } from './json/modelToJson.ts';
export { exportOnnx } from './onnx/exportOnnx.ts';
export { decodeOnnx } from './onnx/decodeOnnx.ts';
export { encodeOnnx } from './onnx/onnxProto.ts';
export { type OnnxModel } from './onnx/onnxSchema.ts';
export { exportSafetensors } from './safetensors.ts';
