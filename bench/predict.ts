import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TrainSpecInput, train } from '@neurodata/engine';
import { createRandomNumbers } from './engine/randomNumbers.ts';

const COLUMNS = 20;
const TRAIN_ROWS = 20_000;
const TREES = 100;

/**
 * Times `neurodata models predict` from a CSV file to a CSV file with a boosted model of 100 trees, the whole process:
 * `npm run bench -- predict [rows]`. The last line is JSON: rows a minute, and the most memory in MiB.
 */
export async function run(): Promise<void> {
  const rows = Number(process.argv[3] ?? 1_000_000);
  if (!Number.isSafeInteger(rows) || rows < 1) throw new Error(`${process.argv[3]} is no number of rows: give an integer of at least 1.`);
  const folder = await mkdtemp(join(tmpdir(), 'neurodata-predict-'));
  try {
    const [model, csv, out] = ['model.ndm', 'rows.csv', 'predictions.csv'].map((name) => join(folder, name)) as [string, string, string];
    await writeFile(model, await trainModel());
    const bytes = await writeRows(csv, rows);
    const { seconds, peak } = await predictFile(['models', 'predict', model, '--rows', csv, '--out', out]);
    const lines = await countLines(out);
    if (lines !== rows + 1) throw new Error(`${lines} lines were written for ${rows} rows and a header.`);
    process.stdout.write(`${rows} rows x ${COLUMNS} columns (${(bytes / 2 ** 20).toFixed(0)} MiB of CSV), ${TREES} trees of 31 leaves: ${seconds.toFixed(1)} s, most memory ${peak.toFixed(0)} MiB\n`);
    process.stdout.write(`${JSON.stringify({ rowsPerMinute: Math.round((rows / seconds) * 60), seconds: Number(seconds.toFixed(2)), peakMiB: Math.round(peak) })}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const names = Array.from({ length: COLUMNS }, (_, index) => `f${index}`);

async function trainModel(): Promise<Uint8Array> {
  const spec: TrainSpecInput = {
    algorithm: 'gradient-boosting', target: 'y', features: names.map((name) => ({ name, kind: 'numeric' })),
    parameters: { max_iter: TREES, early_stopping: 'off' }, split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, limits: { maxSteps: 100_000, maxBytes: 2 ** 30 },
  };
  const random = createRandomNumbers(1);
  const lines = Array.from({ length: TRAIN_ROWS }, () => {
    const row = names.map(() => random.normal());
    const score = (row[0] ?? 0) * (row[1] ?? 0) + Math.abs(row[2] ?? 0) - (row[3] ?? 0) + random.normal();
    return `${row.map((value) => value.toFixed(6)).join(',')},${score > 0.5 ? 'yes' : 'no'}`;
  });
  return (await train({ csv: new TextEncoder().encode(`${names.join(',')},y\n${lines.join('\n')}\n`), spec })).model;
}

async function writeRows(file: string, rows: number): Promise<number> {
  const stream = createWriteStream(file);
  const random = createRandomNumbers(2);
  stream.write(`${names.join(',')}\n`);
  for (let first = 0; first < rows; first += 5_000) {
    const lines = Array.from({ length: Math.min(5_000, rows - first) }, () => names.map(() => random.normal().toFixed(6)).join(','));
    if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return stream.bytesWritten;
}

/** Runs the command as a user does. The most memory is what Linux counts of the process; NaN elsewhere. */
async function predictFile(words: string[]): Promise<{ seconds: number; peak: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../apps/cli/src/main.ts'), ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  let peak = Number.NaN;
  const timer = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then((text) => {
      const found = Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]);
      if (found > 0) peak = found / 1024;
      return peak;
    }, () => undefined);
  }, 50);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`neurodata models predict ended with ${code}.`);
  return { seconds: (performance.now() - began) / 1000, peak };
}

async function countLines(file: string): Promise<number> {
  const bytes = await readFile(file);
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
