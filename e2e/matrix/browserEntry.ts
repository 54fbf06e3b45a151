/** Entry of the worker that runs the matrix in a browser; its input is the first message. */
import { startBrowserMember } from '@neurodata/engine/browser';
import { type MatrixInput, runCases } from './runCases.ts';

const scope = globalThis as unknown as { addEventListener(type: 'message', listener: (event: MessageEvent<MatrixInput>) => void): void; postMessage(message: unknown): void };
scope.addEventListener('message', ({ data }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
  const answer = (value: unknown): void => scope.postMessage(value);
  runCases(data, startBrowserMember).then((output) => answer({ output }), (error: unknown) => answer({ error: String(error) }));
});
