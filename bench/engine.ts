import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engineId } from '@neurodata/engine';
import type { BenchCase } from './engine/benchCase.ts';
import { type Comparison, compare } from './engine/compare.ts';
import { type QualityRow, compareQuality } from './engine/compareQuality.ts';
import { findSklearn } from './engine/findSklearn.ts';
import { type SklearnSide, startSklearnSide } from './engine/sklearnSide.ts';

const THREADS = [1, 2];

/**
 * Compares training with scikit-learn, in turns within the same run: `npm run bench -- engine [case ...] [--rounds 7]`.
 * The last line is JSON: how many times faster we are, for each case in one thread and in two. With the word `quality`
 * the models are compared instead, on five real tables split by five seeds or `--seeds`, and scikit-learn with itself: what differs there is chance.
 */
export async function run(): Promise<void> {
  const { names, rounds, seeds, quality } = readArguments(process.argv.slice(3));
  const cases = await loadCases();
  for (const name of names) {
    if (!cases.some((one) => one.name === name)) throw new Error(`There is no case ${name}: the cases are ${cases.map((one) => one.name).join(', ')}.`);
  }
  const { python, from } = findSklearn();
  const side = await startSklearnSide(python);
  try {
    print(`scikit-learn ${side.version} from ${from}; Node ${process.version}; engine ${engineId}`);
    const chosen = cases.filter((one) => names.length === 0 || names.includes(one.name));
    await (quality ? compareModels : compareTimes)({ cases: chosen, side, rounds, seeds });
  } finally {
    side.close();
  }
}

type Run = { cases: readonly BenchCase[]; side: SklearnSide; rounds: number; seeds: number };

async function compareTimes({ cases, side, rounds }: Run): Promise<void> {
  const results: Comparison[] = [];
  for (const benchCase of cases) {
    const result = await compare({ benchCase, side, threads: THREADS, rounds });
    results.push(result);
    printComparison(result);
  }
  print(JSON.stringify(Object.fromEntries(results.map(({ name, measured }) => [name, Object.fromEntries(measured.map(({ threads, ratio }) => [`t${threads}`, Number(ratio.toFixed(3))]))]))));
}

async function compareModels({ cases, side, seeds }: Run): Promise<void> {
  const rows: QualityRow[] = [];
  for (const benchCase of cases) {
    for (const row of await compareQuality(benchCase, side, seeds)) {
      rows.push(row);
      print([row.name.padEnd(12), row.table.padEnd(16), row.metric.padEnd(4), `sklearn ${row.sklearn.toFixed(5)}`, `ours ${row.ours.toFixed(5)}`, `worse by ${row.worse.toFixed(5)} +- ${row.error.toFixed(5)}`, `chance ${row.chance.toFixed(5)}`, row.within ? 'within' : 'NOT WITHIN'].join('  '));
    }
  }
  print(JSON.stringify({ within: rows.filter(({ within }) => within).length, of: rows.length, worst: Math.max(...rows.map(({ worse }) => worse)), chance: Math.max(...rows.map(({ chance }) => chance)) }));
}

function readArguments(given: readonly string[]): { names: string[]; rounds: number; seeds: number; quality: boolean } {
  const { values, positionals } = parseArgs({ args: [...given], allowPositionals: true, options: { rounds: { type: 'string', default: '7' }, seeds: { type: 'string', default: '5' } } });
  return { names: positionals.filter((name) => name !== 'quality'), rounds: countOf('rounds', values.rounds), seeds: countOf('seeds', values.seeds), quality: positionals.includes('quality') };
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${name} is ${text}: it must be an integer of at least 1.`);
  return count;
}

async function loadCases(): Promise<BenchCase[]> {
  const folder = join(import.meta.dirname, 'engine', 'cases');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts')).sort();
  return Promise.all(files.map(async (file) => ((await import(join(folder, file))) as { benchCase: BenchCase }).benchCase));
}

function printComparison({ name, rows, width, steps, measured, quality }: Comparison): void {
  const own = `${quality.name} ${quality.sklearn.toFixed(5)} / ${quality.ours.toFixed(5)}`;
  for (const { threads, estimator, sklearnThreads, sklearn, ours, ratio, rounds } of measured) {
    const cells = [`${name} ${rows} x ${width}`.padEnd(26), `t${threads}`, `sklearn ${sklearn.toFixed(0).padStart(7)} ms`, `ours ${ours.toFixed(0).padStart(7)} ms`, `ratio ${ratio.toFixed(2).padStart(6)}`, own, `${steps} steps`, `${rounds} rounds`, `${estimator} in ${sklearnThreads}`];
    print(cells.join('  '));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
