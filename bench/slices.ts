import { parseArgs } from 'node:util';
import { type TrainSpecInput, algorithms, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { createRandomNumbers } from './engine/randomNumbers.ts';

/** Rows and columns: one table is long, one large, one has as many columns as a wide one of genes or words. */
const TABLES = { long: [1_000_000, 4], large: [400_000, 20], wide: [4_000, 1_000] } as const;

/** Few rounds of each: a stretch of work is no longer in the hundredth. */
const FEW = { n_estimators: 2, max_iter: 2, n_init: 1 };

/**
 * The longest stretch of training in which a run could not be ended: `npm run bench -- slices [algorithm ...] [--part 0.1]`. It is the
 * time between two looks at the signal, reading the file left out, by the clock; on a busy machine that is longer, so what the
 * processor did in this thread stands beside it. `--part`: that share of the rows. Last line: JSON, milliseconds by the clock.
 */
export async function run(): Promise<void> {
  const { values: { part }, positionals: wanted } = parseArgs({ args: process.argv.slice(3), options: { part: { type: 'string', default: '1' } }, allowPositionals: true });
  const results: Record<string, Record<string, number>> = {};
  for (const [table, [all, width]] of Object.entries(TABLES)) {
    const rows = Math.ceil(all * Number(part));
    const csv = tableOf(rows, width);
    for (const { name, tasks, parameters } of algorithms.filter((one) => one.name !== 'custom' && (wanted.length === 0 || wanted.includes(one.name)))) {
      const [task = 'classification'] = tasks;
      const spec: TrainSpecInput = {
        algorithm: name, task, target: task === 'classification' ? 'y' : task === 'regression' ? 'z' : null,
        features: Array.from({ length: width }, (_, index) => ({ name: `f${index}`, kind: 'numeric' })),
        ...(name === 'multinomial-naive-bayes' ? { preprocess: { scale: 'none' as const } } : {}),
        parameters: Object.fromEntries(Object.entries(FEW).filter(([one]) => parameters.some((parameter) => parameter.name === one))),
        split: { rule: 'hash-rank', seed: 1, testFraction: 0.01 }, limits: { maxSteps: 20_000, maxBytes: 2 ** 32 },
      };
      for (const threads of [1, 2]) {
        const { signal, longest, work } = watch();
        // What is between two steps comes once at least a hundred times: the rest tells nothing new.
        await train({ csv, spec, threads, startMember: startNodeMember, signal, lastStep: 100 });
        const ms = longest();
        results[name] = { ...results[name], [`${table} t${threads}`]: Number(ms.toFixed(1)) };
        console.log(`${name.padEnd(24)} ${table} ${rows} x ${width}  t${threads}  longest ${ms.toFixed(1)} ms, of work ${work().toFixed(1)} ms`);
      }
    }
  }
  console.log(JSON.stringify(results));
}

/** A signal that is never aborted, and notes when it is looked at. */
function watch(): { signal: AbortSignal; longest(): number; work(): number } {
  const { signal } = new AbortController();
  let last: number | undefined;
  let before = 0;
  let longest = 0;
  let most = 0;
  let looks = 0;
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      const now = performance.now();
      const { user, system } = process.threadCpuUsage();
      const used = (user + system) / 1000;
      looks += 1;
      // Between the first look and the second one the file is read.
      if (looks > 2 && last !== undefined) {
        longest = Math.max(longest, now - last);
        most = Math.max(most, used - before);
      }
      [last, before] = [now, used];
      return false;
    },
  });
  return { signal, longest: () => longest, work: () => most };
}

function tableOf(rows: number, width: number): Uint8Array {
  const random = createRandomNumbers(5);
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [encoder.encode(`y,z,${Array.from({ length: width }, (_, index) => `f${index}`).join(',')}\n`)];
  for (let row = 0; row < rows; row += 1) {
    const values = Array.from({ length: width }, () => Math.abs(random.normal()).toFixed(4));
    pieces.push(encoder.encode(`${Number(values[0]) > 0.7 ? 'yes' : 'no'},${values[1] ?? 0},${values.join(',')}\n`));
  }
  return Buffer.concat(pieces);
}
