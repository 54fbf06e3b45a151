import type { ModelRefusal, ModelReport } from '@neurodata/protocol';
import { EngineError } from '../../errors.ts';
import { Refused } from './refuse.ts';
import { type CheckOptions, runOnnx } from './runOnnx.ts';
import type { OnnxRuntime } from './runtime.ts';

export const MOST_MODEL_BYTES = 256 * 2 ** 20;

/**
 * What {@link runOnnx} finds, or why the model is refused: the report that validators sign, that the command line shows before
 * it publishes, and the site too. Call it where strangers' bytes may do no harm.
 *
 * @example const report = await testOnnx({ runtime, onnx, table, options: { target: 'species', claims: { accuracy: 0.97 } } });
 */
export async function testOnnx(parameters: { runtime: OnnxRuntime; onnx: Uint8Array; table: Uint8Array; options: CheckOptions }): Promise<ModelReport> {
  const { onnx } = parameters;
  if (onnx.length > MOST_MODEL_BYTES) return refusedReport('TOO_LARGE', `The model has ${onnx.length} bytes; at most ${MOST_MODEL_BYTES} are tested.`);
  let signature: ModelReport['signature'];
  try {
    return { ran: true, ...(await runOnnx({ ...parameters, onSignature: (found) => { signature = found; } })) };
  } catch (error) {
    const { code, reason } = refusalOf(error);
    return { ...refusedReport(code, reason), ...(signature ? { signature } : {}) };
  }
}

/** The report of a model that was not taken. */
export function refusedReport(code: ModelRefusal, reason: string): ModelReport {
  return { ran: false, refusal: { code, reason: reason.slice(0, 1000) }, scores: {}, claims: [] };
}

function refusalOf(error: unknown): { code: ModelRefusal; reason: string } {
  if (error instanceof Refused) return { code: error.code, reason: error.message };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EngineError) return { code: 'BAD_TABLE', reason: message };
  return { code: 'FAILED', reason: `The test ended with an error: ${message.slice(0, 500)}` };
}
