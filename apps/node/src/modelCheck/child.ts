/** Entry of the process that tests a stranger's model: one test in on stdin, one report out on stdout. */
import { type CheckOptions, capMemory, testOnnx } from '@neurodata/engine/evaluate';
import { cutNetwork } from './cutNetwork.ts';
import { readFrames } from './frames.ts';

cutNetwork();
const [head = new Uint8Array(), onnx = new Uint8Array(), table = new Uint8Array()] = readFrames(await bytesOf(process.stdin), 3);
const { memoryMb, ...options } = JSON.parse(new TextDecoder().decode(head)) as CheckOptions & { memoryMb: number };
capMemory(memoryMb);
// Loaded now, so that it sees the capped memory.
const runtime = await import('onnxruntime-web');
process.stdout.write(JSON.stringify(await testOnnx({ runtime, onnx, table, options })));

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
