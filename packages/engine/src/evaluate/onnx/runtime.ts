/** onnxruntime as its package for the web exports it. Who tests a model loads it, where and when memory and network are bounded. */
export type OnnxRuntime = Pick<typeof import('onnxruntime-web'), 'InferenceSession' | 'Tensor' | 'env'>;
