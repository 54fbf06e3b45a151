import { type TrainSpecInput, algorithms, train } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { createRandomNumbers } from './engine/randomNumbers.ts';

/** Rows and columns: one table is long, one has as many columns as a wide one of genes or words. */
const TABLES = { long: [1_000_000, 4], wide: [4_000, 1_000] } as const;

/** Few rounds of each: a stretch of work is no longer in the hundredth. */
const FEW = { n_estimators: 2, max_iter: 2, n_init: 1 };

/**
 * The longest stretch of training in which a run could not be ended: `npm run bench -- slices [algorithm ...]`. It is the
 * time between two looks at the signal, reading the file left out, by the clock: on a busy machine it is longer. Last line: JSON, milliseconds.
 */
export async function run(): Promise<void> {
  const wanted = process.argv.slice(3);
  const results: Record<string, Record<string, number>> = {};
  for (const [table, [rows, width]] of Object.entries(TABLES)) {
    const csv = tableOf(rows, width);
    for (const { name, tasks, parameters } of algorithms.filter((one) => one.name !== 'custom' && (wanted.length === 0 || wanted.includes(one.name)))) {
      const [task = 'classification'] = tasks;
      const spec: TrainSpecInput = {
        algorithm: name, task, target: task === 'classification' ? 'y' : task === 'regression' ? 'z' : null,
        features: Array.from({ length: width }, (_, index) => ({ name: `f${index}`, kind: 'numeric' })),
        ...(name === 'multinomial-naive-bayes' ? { preprocess: { scale: 'none' as const } } : {}),
        parameters: Object.fromEntries(Object.entries(FEW).filter(([one]) => parameters.some((parameter) => parameter.name === one))),
        split: { rule: 'hash-rank', seed: 1, testFraction: 0.01 }, limits: { maxSteps: 20_000, maxBytes: 2 ** 34 },
      };
      for (const threads of [1, 2]) {
        const { signal, longest } = watch();
        // What is between two steps comes once at least a hundred times: the rest tells nothing new.
        await train({ csv, spec, threads, startMember: startNodeMember, signal, lastStep: 100 });
        const ms = longest();
        results[name] = { ...results[name], [`${table} t${threads}`]: Number(ms.toFixed(1)) };
        console.log(`${name.padEnd(24)} ${table} ${rows} x ${width}  t${threads}  longest ${ms.toFixed(1)} ms`);
      }
    }
  }
  console.log(JSON.stringify(results));
}

/** A signal that is never aborted, and notes when it is looked at. */
function watch(): { signal: AbortSignal; longest(): number } {
  const { signal } = new AbortController();
  let last: number | undefined;
  let longest = 0;
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      const now = performance.now();
      if (last !== undefined) longest = Math.max(longest, now - last);
      last = now;
      return false;
    },
  });
  return { signal, longest: () => longest };
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
