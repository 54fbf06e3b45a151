export { type ModelJson, modelToJson } from './json/modelToJson.ts';
export { exportOnnx } from './onnx/exportOnnx.ts';
export { type OnnxModel, decodeOnnx, encodeOnnx } from './onnx/onnxProto.ts';
export { exportSafetensors } from './safetensors.ts';
