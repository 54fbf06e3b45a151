import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { keyOf, type Mutant } from './mutation/mutant.ts';
import { createMutants, sampleMutants } from './mutation/operators.ts';
import { type Excuses, readExcuses, recordSurvivors } from './mutation/survivors.ts';
import { openWorkshops, type Outcome, type Workshop } from './mutation/workshop.ts';

const root = path.resolve(import.meta.dirname, '..');
const usualSample = 300;
const usualWorkers = 2;
const usualSeed = 1;

/** `score`: killed / mutants. Mutants that solc refuses and equivalent ones are in neither. */
export type MutationFigures = { mutants: number; killed: number; score: number };
type Judged = { mutant: Mutant; outcome: Outcome };

function readSources(): Record<string, string> {
  const folder = path.join(root, 'contracts/src');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sol') && !name.startsWith('interfaces'));
  return Object.fromEntries(names.sort().map((name) => {
    const file = `contracts/src/${name.replaceAll(path.sep, '/')}`;
    return [file, readFileSync(path.join(root, file), 'utf8')];
  }));
}

async function judgeAll(workshops: readonly Workshop[], mutants: readonly Mutant[]): Promise<Judged[]> {
  const judged: Judged[] = [];
  const queue = mutants.values();
  const started = performance.now();
  await Promise.all(workshops.map(async (workshop) => {
    // Both take from one iterator, so each mutant is judged once.
    for (const mutant of queue) {
      const outcome = await workshop.judge(mutant);
      judged.push({ mutant, outcome });
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.log(`${String(judged.length).padStart(5)}/${mutants.length} ${seconds.padStart(5)} s  ${outcome.padEnd(8)} ${mutant.file}:${mutant.line} ${mutant.operator}`);
    }
  }));
  return judged;
}

function printSurvivors(survivors: readonly Mutant[], excuses: Excuses): void {
  if (survivors.length > 0) console.log('\nSurvivors');
  for (const mutant of survivors) {
    const excuse = excuses[keyOf(mutant)];
    console.log(`  ${mutant.file}:${mutant.line} (${mutant.operator})\n    - ${mutant.before}\n    + ${mutant.after}\n    ${excuse?.reason ? `${excuse.equivalent ? 'equivalent: ' : ''}${excuse.reason}` : 'no reason yet: write a test, or the reason into bench/mutation/survivors.json'}`);
  }
}

function printOperators(judged: readonly Judged[]): void {
  const tally = new Map<string, { killed: number; all: number }>();
  for (const { mutant, outcome } of judged.filter((one) => one.outcome !== 'invalid')) {
    const entry = tally.get(mutant.operator) ?? { killed: 0, all: 0 };
    tally.set(mutant.operator, { killed: entry.killed + (outcome === 'survived' ? 0 : 1), all: entry.all + 1 });
  }
  console.log('\nKilled by kind');
  for (const [operator, { killed, all }] of [...tally].sort()) console.log(`  ${operator.padEnd(12)}${String(killed).padStart(5)} of ${all}`);
}

async function work(mutants: readonly Mutant[], workers: number): Promise<Judged[]> {
  const workshops = await openWorkshops(Math.min(workers, mutants.length));
  const closeAll = async (): Promise<void> => { for (const workshop of workshops) await workshop.close(); };
  // Stopped by hand, it takes its copies with it.
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => void closeAll().finally(() => process.exit(code)));
  try {
    const judged = await judgeAll(workshops, mutants);
    for (const workshop of workshops) {
      const { passed, output } = await workshop.check();
      if (!passed) throw new Error(`The tests fail after the last mutant was taken out, so the outcomes cannot be trusted:\n${output.slice(-3_000)}`);
    }
    return judged;
  } finally {
    await closeAll();
  }
}

/**
 * Changes the contracts in small ways, each on a copy, and counts how many changes a test notices. `--all` takes every
 * mutant, `--sample N --seed S` a seeded choice (300, seed 1), `--only text` those whose kind, file
 * or line holds the text, `--survivors` those of the choice that survived before, `--workers N` so many at a time (2).
 */
export async function run(): Promise<MutationFigures> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== 'mutation'),
    options: { all: { type: 'boolean' }, sample: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, survivors: { type: 'boolean' }, workers: { type: 'string' } },
  });
  const every = createMutants(readSources()).filter((mutant) => values.only === undefined || `${mutant.operator} ${keyOf(mutant)}`.includes(values.only));
  const count = values.all ? every.length : Number(values.sample ?? usualSample);
  const seed = Number(values.seed ?? usualSeed);
  const workers = Number(values.workers ?? usualWorkers);
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed) || !Number.isInteger(workers) || workers < 1) throw new Error('--sample, --seed and --workers take whole numbers.');
  const excuses = await readExcuses();
  const chosen = sampleMutants(every, { count, seed }).filter((mutant) => !values.survivors || keyOf(mutant) in excuses);
  console.log(`${every.length} mutants; trying ${chosen.length}${values.all ? '' : ` (seed ${seed})`}`);
  const started = performance.now();
  const judged = await work(chosen, workers);
  const survivors = judged.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => mutant);
  await recordSurvivors(survivors, excuses);
  printOperators(judged);
  printSurvivors(survivors, excuses);
  const equivalent = survivors.filter((mutant) => excuses[keyOf(mutant)]?.equivalent === true).length;
  const invalid = judged.filter(({ outcome }) => outcome === 'invalid').length;
  const timeouts = judged.filter(({ outcome }) => outcome === 'timeout').length;
  const mutants = judged.length - invalid - equivalent;
  const killed = mutants - (survivors.length - equivalent);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(`\n${minutes} minutes; left out: ${invalid} that do not compile, ${equivalent} equivalent; ${timeouts} killed by the clock`);
  const figures = { mutants, killed, score: Math.round(1000 * killed / Math.max(1, mutants)) / 1000 };
  console.log(JSON.stringify(figures));
  return figures;
}

if (import.meta.main) await run();
