import { streamOf } from '../../algorithms/random.ts';
import { type Kernels, type Pointer, allocate, sharedKernels } from '../../kernels/index.ts';
import { spreadOf } from '../selection.ts';
import type { Importance } from './explanation.ts';
import { mainScore } from './mainScore.ts';
import { type ProbeSetup, columnsOf, createProbe } from './probe.ts';

const MOST_ROWS = 2_000;
const LEAST_ROWS = 100;
const REPEATS = 5;
const TOO_LOW = 'Permutation importance is left out: R² is too low to be told once cells are shuffled.';
/** A unit takes about 10 ns: a third of a second. */
const MOST_WORK = 2 ** 25;

/** Permutation importance of each feature, or a sentence on why there is none. @throws EngineError NOT_FINITE */
export async function measureImportance(setup: ProbeSetup): Promise<Importance | string> {
  const { features, spec, width } = setup.problem;
  const probe = createProbe(setup, { most: MOST_ROWS, least: LEAST_ROWS, designs: features.length * REPEATS + 1, mostWork: MOST_WORK });
  if (probe === undefined) return 'Permutation importance is left out: the model has too many columns or is too slow for it.';
  const { design, rows, actual } = probe;
  const score = spec.task === 'classification' ? 'accuracy' : 'r2';
  const baseline = mainScore(score, await probe.predict(design), actual);
  if (baseline === null) return 'Permutation importance is left out: R² is not defined for the test rows.';
  const kernels = sharedKernels();
  const keys = allocate(kernels, rows * 8);
  const shuffled = design.slice();
  const inPlace = Int32Array.from({ length: rows }, (_, row) => row);
  const measured: Importance['features'] = [];
  for (const [index, { first, end }] of columnsOf(setup.problem).entries()) {
    const falls: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const sources = shuffle(kernels, { rows, keys, stream: streamOf(kernels, spec.split.seed, index * REPEATS + repeat) });
      copyColumns({ from: design, to: shuffled, width, first, end, sources });
      const after = mainScore(score, await probe.predict(shuffled), actual);
      if (after === null) return TOO_LOW;
      falls.push(baseline - after);
    }
    copyColumns({ from: design, to: shuffled, width, first, end, sources: inPlace });
    const spread = spreadOf(falls);
    if (spread === null) return TOO_LOW;
    measured.push({ name: features[index]?.name ?? '', ...spread });
  }
  return { score, rows, repeats: REPEATS, baseline, features: measured };
}

/** Columns [first, end) of row `sources[i]` become those of row i. */
function copyColumns({ from, to, width, first, end, sources }: { from: Float64Array; to: Float64Array; width: number; first: number; end: number; sources: Int32Array }): void {
  for (let column = first; column < end; column += 1) {
    for (let row = 0; row < sources.length; row += 1) to[row * width + column] = from[(sources[row] ?? 0) * width + column] ?? 0;
  }
}

/**
 * The numbers 0 to rows - 1 in an order that the stream decides: Fisher and Yates' shuffle from the last place to the
 * first, by the upper half of each number of the stream.
 */
function shuffle(kernels: Kernels, { rows, keys, stream }: { rows: number; keys: Pointer; stream: bigint }): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  kernels.hashRanks(stream, keys, 0, rows);
  const halves = new Uint32Array(kernels.memory.buffer, keys, rows * 2);
  for (let place = rows - 1; place > 0; place -= 1) {
    const other = Math.floor(((halves[place * 2 + 1] ?? 0) * (place + 1)) / 2 ** 32);
    const kept = order[place] ?? 0;
    order[place] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
