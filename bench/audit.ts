import { engineId } from '@neurodata/engine';
import { type Cost, measureCost } from './audit/cost.ts';
import { type Detections, measureDetection } from './audit/detection.ts';
import { measureOverhead } from './audit/overhead.ts';
import { specFor, toCsv } from './audit/tables.ts';
import type { BenchData } from './engine/benchCase.ts';
import { benchCase as boosting } from './engine/cases/boosting.ts';
import { benchCase as forest } from './engine/cases/forest.ts';
import { benchCase as logistic } from './engine/cases/logistic.ts';
import { benchCase as perceptron } from './engine/cases/perceptron.ts';
import { makeTable } from './engine/makeTable.ts';

const PLAN = [{ f: 0.1, k: 44, audits: 10_000 }, { f: 0.05, k: 44, audits: 10_000 }, { f: 0.01, k: 44, audits: 20_000 }, { f: 0.1, k: 10, audits: 20_000 }];
const HONEST = 1_000;

const PARTS = ['checkpoints', 'detection', 'cost'] as const;
type Part = (typeof PARTS)[number];

/**
 * What checkpoints cost, what audits of drawn segments find, and what an audit costs: `npm run bench -- audit [part ...]`, all
 * three parts by default. The last line is JSON.
 */
export async function run(): Promise<void> {
  print(`Node ${process.version}; engine ${engineId}`);
  const wanted = readParts(process.argv.slice(3));
  const overhead = wanted.has('checkpoints') ? await measureCheckpoints() : undefined;
  const found = wanted.has('detection') ? await findCheats() : undefined;
  const failed = wanted.has('cost') ? await printCosts() : 0;
  const [first] = found?.detections ?? [];
  print(JSON.stringify({
    ...(overhead === undefined ? {} : { overhead: Number(overhead.toFixed(4)) }),
    ...(found === undefined ? {} : {
      detection: { f: first?.f, k: first?.k, measured: Number(first?.measured.toFixed(4)), formula: Number(first?.formula.toFixed(4)) },
      cheats: found.cheats, honestAudits: found.honestAudits,
    }),
    falseAccusations: (found?.falseAccusations ?? 0) + failed,
  }));
}

function readParts(words: string[]): Set<Part> {
  const unknown = words.filter((word) => !PARTS.some((part) => part === word));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}: choose from ${PARTS.join(', ')}.`);
  return new Set(PARTS.filter((part) => words.length === 0 || words.includes(part)));
}

async function measureCheckpoints(): Promise<number> {
  let overhead = 0;
  for (const benchCase of [logistic, boosting, forest, perceptron]) {
    const { name, steps, stateBytes, milliseconds, share, paired } = await measureOverhead(benchCase);
    overhead = Math.max(overhead, share);
    print(`checkpoints  ${name.padEnd(11)} ${steps} steps of ${stateBytes} bytes, ${milliseconds.toFixed(0)} ms of CPU: ${percent(share)} of it for checkpoints; against runs without ${percent(paired)}`);
  }
  return overhead;
}

async function findCheats(): Promise<Detections> {
  const found = await measureDetection(PLAN, HONEST);
  for (const { f, k, audits, measured, formula, byCheat } of found.detections) {
    print(`detection    f ${f} k ${k}: ${percent(measured)} of ${audits} cheats, 1-(1-f)^k ${percent(formula)}; ${Object.entries(byCheat).map(([name, share]) => `${name} ${percent(share)}`).join(', ')}`);
  }
  print(`honest       ${found.honestAudits} audits of an honest run, ${found.honestSegments} honest segments re-executed, ${found.falseAccusations} accused`);
  return found;
}

/** How many honest runs did not pass. */
async function printCosts(): Promise<number> {
  let failed = 0;
  for (const cost of await measureCosts()) {
    if (!cost.passed) failed += 1;
    print(`cost         ${cost.name.padEnd(11)} ${cost.steps} steps, ${seconds(cost.training)} of CPU to train. 44 draws: ${seconds(cost.segments)} for ${cost.reexecuted} steps (${percent(cost.segments / cost.training)}); with preparing the rows (${seconds(cost.preparing)}), model and metrics (${seconds(cost.concluding)}) ${percent(cost.share)}`);
  }
  return failed;
}

async function measureCosts(): Promise<Cost[]> {
  const network = perceptron.make();
  const tableOf = (trainRows: number): BenchData => makeTable({ trainRows, width: 20, seed: 2, target: ([a = 0, b = 0, c = 0], random) => (a * b + c + random.normal() > 0.3 ? 1 : 0) });
  const boosted = (name: string, table: BenchData, iterations: number): Promise<Cost> => measureCost(name, toCsv(table), specFor(table, 'gradient-boosting', { max_iter: iterations, max_leaf_nodes: 31, early_stopping: 'off' }));
  return [
    await measureCost('perceptron', toCsv(network), specFor(network, 'multilayer-perceptron', { max_iter: 500, n_iter_no_change: 500 })),
    await boosted('boosting', tableOf(40_000), 400),
    // What every audit takes once is less of a longer training.
    await boosted('longer', tableOf(100_000), 1_000),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
