/** The page of the matrix: answers `runMatrix(input)` from a worker, as the site does. */
import type { MatrixInput, MatrixOutput } from './runCases.ts';

async function runMatrix(input: MatrixInput): Promise<MatrixOutput> {
  const worker = new Worker(new URL('./browserEntry.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise<{ output?: MatrixOutput; error?: string }>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data as { output?: MatrixOutput; error?: string }));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    worker.postMessage(input);
  });
  worker.terminate();
  if (answer.output === undefined) throw new Error(answer.error);
  return answer.output;
}

Object.assign(globalThis, { runMatrix });
