/** Entry of the worker that runs the matrix in a browser; its input is the first message. */
import { startBrowserMember } from '@neurodata/engine/browser';
import { type MatrixInput, runCases } from './runCases.ts';

const scope = globalThis as unknown as { onmessage: ((event: MessageEvent<MatrixInput>) => void) | null; postMessage(message: unknown): void };
scope.onmessage = ({ data }) => {
  runCases(data, startBrowserMember).then((output) => scope.postMessage({ output }), (error: unknown) => scope.postMessage({ error: String(error) }));
};
