import { type Manifest, type ModelRefusal, type ModelReport, ONNX_MEDIA_TYPE } from '@neurodata/protocol';
import { checkModel } from '../modelCheck/checkModel.ts';
import { expectFact } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/** Refusals that follow from the bytes alone: every validator finds the same. How long loading takes is not among them. */
const certain: ReadonlySet<ModelRefusal> = new Set(['NOT_ONNX', 'PICKLE', 'CUSTOM_OPERATOR', 'EXTERNAL_DATA']);
const MOST_MS = 60_000;
/** What it takes to start the sandbox on a slow machine. */
const LEAST_MS = 5_000;

type ChecksOnnx = Pick<CheckContext, 'timeoutMs' | 'signal' | 'committee'> & { setup: Pick<CheckContext['setup'], 'models'> };

/** How long one test may take: a committee on one machine tests one after the other, and all have to commit in time. */
export function testMs({ timeoutMs, committee }: Pick<CheckContext, 'timeoutMs' | 'committee'>): number {
  return Math.max(LEAST_MS, Math.min(Math.floor(timeoutMs / (2 * committee.length)), MOST_MS));
}

/**
 * Looks at content that is sold as an ONNX model, in a sandbox: whether it is one, without operators outside of the
 * standard and without data elsewhere.
 *
 * @throws Refusal where it is not
 */
export async function checkOnnx({ context, manifest, plaintext }: { context: ChecksOnnx; manifest: Manifest; plaintext: Uint8Array }): Promise<void> {
  if (manifest['nd:sealed'].mediaType !== ONNX_MEDIA_TYPE) return;
  const { setup, signal } = context;
  expectFit(await setup.models.lane(() => checkModel({ onnx: plaintext, target: null, claims: {}, timeoutMs: testMs(context), signal }), signal));
}

/** @throws Refusal where the report refuses the model for what its bytes are */
export function expectFit({ refusal }: ModelReport): void {
  expectFact(refusal === undefined || !certain.has(refusal.code), `The model: ${refusal?.reason ?? ''}`);
}
