/** Entry of the process that tests a stranger's model: one test in on stdin, one report out on stdout. */
import { EngineError } from '@neurodata/engine';
import type { ModelRefusal, ModelReport } from '@neurodata/protocol';
import { capMemory } from './capMemory.ts';
import { cutNetwork } from './cutNetwork.ts';
import { readFrames } from './frames.ts';
import { Refused } from './refuse.ts';
import type { CheckOptions } from './runOnnx.ts';

cutNetwork();
const [head = new Uint8Array(), onnx = new Uint8Array(), table = new Uint8Array()] = readFrames(await bytesOf(process.stdin), 3);
const { memoryMb, ...options } = JSON.parse(new TextDecoder().decode(head)) as CheckOptions & { memoryMb: number };
capMemory(memoryMb);
// Loaded now, so that onnxruntime sees the capped memory.
const { runOnnx } = await import('./runOnnx.ts');
let signature: ModelReport['signature'];
let report: ModelReport;
try {
  report = { ran: true, ...(await runOnnx({ onnx, table, options, onSignature: (found) => { signature = found; } })) };
} catch (error) {
  report = { ran: false, refusal: refusalOf(error), scores: {}, claims: [], ...(signature ? { signature } : {}) };
}
process.stdout.write(JSON.stringify(report));

function refusalOf(error: unknown): { code: ModelRefusal; reason: string } {
  if (error instanceof Refused) return { code: error.code, reason: error.message.slice(0, 1000) };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EngineError) return { code: 'BAD_TABLE', reason: message.slice(0, 1000) };
  return { code: 'FAILED', reason: `The test ended with an error: ${message.slice(0, 500)}` };
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
