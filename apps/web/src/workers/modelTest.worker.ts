import { type CheckOptions, capMemory, testOnnx } from '@neurodata/engine/evaluate';
import type { ModelReport } from '@neurodata/protocol';
import { serveTask } from './task.ts';

export type ModelTestInput = { onnx: Blob; table: Blob; options: CheckOptions };

/** What validators leave a model: one that needs more is refused here, too. */
const MEMORY_MB = 1_024;

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

serveTask<ModelTestInput, never, ModelReport>(async ({ onnx, table, options }) => {
  capMemory(MEMORY_MB);
  // Loaded now, so that it sees the capped memory; and only by those who sell a model.
  const runtime = await import('onnxruntime-web/wasm');
  return { result: await testOnnx({ runtime, onnx: await bytesOf(onnx), table: await bytesOf(table), options }) };
});
