import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { algorithms } from '@neurodata/engine';
import { createRandomNumbers } from './engine/randomNumbers.ts';

const ROWS = 200_000;
const WIDTH = 20;
const TINY = 200;

/**
 * Peak memory of training, beside the table's own bytes: `npm run bench -- memory [algorithm ...]`. Each run is a
 * process of its own; what the same process takes for a tiny table is subtracted. Last line: JSON, bytes of memory for each
 * byte of the file, by algorithm and threads.
 */
export async function run(): Promise<void> {
  const wanted = process.argv.slice(3);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'neurodata-memory-'));
  try {
    const [large, tiny] = [ROWS, TINY].map((rows) => {
      const file = path.join(folder, `${rows}.csv`);
      writeFileSync(file, tableOf(rows));
      return file;
    });
    const results: Record<string, Record<string, number>> = {};
    for (const { name } of algorithms.filter((one) => one.name !== 'custom' && (wanted.length === 0 || wanted.includes(one.name)))) {
      results[name] = {};
      for (const threads of [1, 2]) {
        const base = peakOf(tiny ?? '', name, threads);
        const peak = peakOf(large ?? '', name, threads);
        const ratio = (peak.bytes - base.bytes) / peak.fileBytes;
        results[name][`t${threads}`] = Number(ratio.toFixed(2));
        console.log(`${name.padEnd(24)} t${threads}  file ${megabytes(peak.fileBytes)}  as f64 ${megabytes(ROWS * (WIDTH + 1) * 8)}  peak ${megabytes(peak.bytes)}  without the table ${megabytes(base.bytes)}  ratio ${ratio.toFixed(2)}`);
      }
    }
    console.log(JSON.stringify(results));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peakOf(file: string, algorithm: string, threads: number): { bytes: number; fileBytes: number } {
  const child = spawnSync(process.execPath, [path.join(import.meta.dirname, 'memory/trainOnce.ts'), file, algorithm, String(threads)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.status !== 0) throw new Error(`${algorithm} did not train on ${file}`);
  return JSON.parse(child.stdout) as { bytes: number; fileBytes: number };
}

function tableOf(rows: number): string {
  const random = createRandomNumbers(1);
  const lines = [['y', 'z', ...Array.from({ length: WIDTH }, (_, index) => `f${index}`)].join(',')];
  for (let row = 0; row < rows; row += 1) {
    // None below 0: multinomial naive Bayes counts.
    const values = Array.from({ length: WIDTH }, () => Math.abs(random.normal()));
    const sum = values.reduce((total, value, index) => total + (value - 0.8) * ((index % 5) - 2), random.normal());
    lines.push([sum > 0 ? 'yes' : 'no', sum.toFixed(6), ...values.map((value) => value.toFixed(6))].join(','));
  }
  return lines.join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`.padStart(8);
}
