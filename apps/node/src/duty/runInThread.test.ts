import { readdirSync } from 'node:fs';
import { train } from '@neurodata/engine';
import type { JobSpec } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { trainInThread } from './runInThread.ts';

const spec: JobSpec['train'] = {
  algorithm: 'logistic-regression', target: 'y', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  features: [{ name: 'x', kind: 'numeric' }], split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: { C: 1, max_iter: 50, tol: 1e-6 }, limits: { maxSteps: 50, maxBytes: 50_000_000 },
};

function table(header: string[], rows: number, cell: (row: number, column: number) => string | number): Uint8Array {
  const lines = Array.from({ length: rows }, (_, row) => header.map((__, column) => cell(row, column)).join(','));
  return new TextEncoder().encode(`${[header.join(','), ...lines].join('\n')}\n`);
}

test('trains in threads to the same bits as without, and says what is wrong', async () => {
  const csv = table(['x', 'y'], 200, (row, column) => (column === 0 ? (row * 7919) % 101 : row % 3 === 0 ? 'a' : 'b'));
  const here = await train({ csv, spec });
  expect(await trainInThread({ csv, spec, timeoutMs: 20_000 })).toEqual(here);
  expect(await trainInThread({ csv, spec, threads: 3, timeoutMs: 20_000 })).toEqual(here);
  await expect(trainInThread({ csv, spec: { ...spec, target: 'z' }, timeoutMs: 20_000 })).rejects.toMatchObject({ name: 'EngineError', code: 'MISSING_COLUMN' });
});

test('a run that outlives its wall clock is ended within 100 ms, and its threads with it', async () => {
  const header = Array.from({ length: 20 }, (_, column) => `c${column}`);
  const csv = table(header, 6_000, (row, column) => ((row * (7919 + 104_729 * column)) % 100_003) / 1_000);
  // Minutes of work: many starts, with no tolerance to end them early.
  const long: JobSpec['train'] = {
    ...spec, algorithm: 'k-means', task: 'clustering', target: null, features: header.map((name) => ({ name, kind: 'numeric' })),
    parameters: { n_clusters: 200, n_init: 100, tol: 0 }, limits: { maxSteps: 100_000, maxBytes: 1_000_000_000 },
  };
  const before = threadsOfProcess();
  let most = 0;
  const counting = setInterval(() => { most = Math.max(most, threadsOfProcess()); }, 20);
  const late: number[] = [];
  for (const timeoutMs of [3_000, 4_000, 5_000]) {
    const began = performance.now();
    let steps = 0;
    // The clock covers what comes before the training, too: loading the thread and reading the table.
    await expect(trainInThread({ csv, spec: long, threads: 3, timeoutMs, onProgress: ({ step }) => { steps = step; } })).rejects.toMatchObject({ code: 'TIMEOUT' });
    late.push(performance.now() - began - timeoutMs);
    expect(steps).toBeGreaterThan(0);
  }
  clearInterval(counting);
  // Other work on the machine may hold up one of them.
  expect(Math.min(...late)).toBeLessThan(100);
  if (process.platform !== 'linux') return;
  expect(most).toBeGreaterThanOrEqual(before + 3);
  await expect.poll(threadsOfProcess, { timeout: 5_000 }).toBeLessThanOrEqual(before);
}, 60_000);

/** Also threads that threads have started; 0 where the system does not tell. */
function threadsOfProcess(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;
}
