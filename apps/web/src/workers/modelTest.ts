import type { ModelReport } from '@neurodata/protocol';
import { t } from '../language/t.ts';
import type { ModelTestInput } from './modelTest.worker.ts';
import { runTask } from './task.ts';

/** What a test may take, as with validators. */
const TIMEOUT_MS = 60_000;

/** Tests an ONNX model as validators will, in a worker that is ended with it or when its time is up. */
export async function testModel(input: ModelTestInput): Promise<ModelReport> {
  const worker = new Worker(new URL('./modelTest.worker.ts', import.meta.url), { type: 'module', name: 'model test' });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return runTask<ModelTestInput, never, ModelReport>({ worker, input, signal }).catch((error: unknown): ModelReport => {
    if (!signal.aborted) throw error;
    return { ran: false, refusal: { code: 'TIMEOUT', reason: t`The test did not end within ${TIMEOUT_MS / 1000} s.` }, scores: {}, claims: [] };
  });
}
