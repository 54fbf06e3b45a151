/** Entry for another Node: a matrix input on stdin, its output on stdout. Bundled, since older releases read no TypeScript. */
import { Worker } from 'node:worker_threads';
import type { StartMember } from '@neurodata/engine';
import { type MatrixInput, runCases } from './runCases.ts';

const startMember: StartMember = async (setup) => {
  const thread = new Worker(new URL('nodeMember.js', import.meta.url), { workerData: setup });
  thread.unref();
  await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  return { terminate: () => void thread.terminate() };
};

let text = '';
for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
process.stdout.write(JSON.stringify(await runCases(JSON.parse(text) as MatrixInput, startMember)));
