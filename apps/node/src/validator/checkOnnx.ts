import type { ModelRefusal } from '@neurodata/protocol';
import { checkModel } from '../modelCheck/checkModel.ts';
import { expectFact } from './finding.ts';

/** Refusals that follow from the bytes alone: every validator finds the same. How long loading takes is not among them. */
const certain: ReadonlySet<ModelRefusal> = new Set(['NOT_ONNX', 'PICKLE', 'CUSTOM_OPERATOR', 'EXTERNAL_DATA']);
const MOST_MS = 60_000;

/**
 * Looks at content that is sold as an ONNX model, in a sandbox: whether it is one, without operators outside of the
 * standard and without data elsewhere.
 *
 * @throws Refusal where it is not
 */
export async function checkOnnx(parameters: { mediaType: string; plaintext: Uint8Array; timeoutMs: number; signal: AbortSignal }): Promise<void> {
  const { mediaType, plaintext, timeoutMs, signal } = parameters;
  if (mediaType !== 'application/onnx') return;
  const { refusal } = await checkModel({ onnx: plaintext, target: null, claims: {}, timeoutMs: Math.min(timeoutMs, MOST_MS), signal });
  expectFact(refusal === undefined || !certain.has(refusal.code), `The model: ${refusal?.reason ?? ''}`);
}
