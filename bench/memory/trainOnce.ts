/** Trains once and prints what it took: `trainOnce.ts <file> <algorithm> <threads>`. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { findAlgorithm, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';

// Fewer rounds than the defaults: memory does not grow with them.
const FEW = { n_estimators: 5, max_iter: 5, n_init: 1 };

const [file = '', name = '', threads = '1'] = process.argv.slice(2);
const { tasks: [task = 'classification'], parameters } = findAlgorithm(name);
const width = firstLine(file).split(',').length - 2;
await train({
  csv: () => readFileSync(file), threads: Number(threads), startMember: startNodeMember,
  spec: {
    algorithm: name, task, target: task === 'classification' ? 'y' : task === 'regression' ? 'z' : null,
    features: Array.from({ length: width }, (_, index) => ({ name: `f${index}`, kind: 'numeric' })),
    ...(name === 'multinomial-naive-bayes' ? { preprocess: { scale: 'none' as const } } : {}),
    parameters: Object.fromEntries(Object.entries(FEW).filter(([one]) => parameters.some((parameter) => parameter.name === one))),
    split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, limits: { maxSteps: 20_000, maxBytes: 2 ** 32 },
  },
});
process.stdout.write(JSON.stringify({ bytes: process.resourceUsage().maxRSS * 1024, fileBytes: statSync(file).size }));

function firstLine(name: string): string {
  const handle = openSync(name, 'r');
  const bytes = Buffer.alloc(4_096);
  const length = readSync(handle, bytes);
  closeSync(handle);
  return bytes.toString('utf8', 0, length).split('\n')[0]!;
}
