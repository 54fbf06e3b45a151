import { EngineError } from '../../errors.ts';
import { allocate, doubles, rowsPerCall } from '../../kernels/index.ts';
import { bodyDoubles } from '../../model/body.ts';
import { badCheckpoint, bytesToDoubles, doublesToBytes } from '../../run/checkpoint.ts';
import { type ParameterValues, numberOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import type { Kernels } from '../../kernels/index.ts';
import { type Lloyd, type LloydState, padded } from './lloyd.ts';
import { createLloyd, enterLloyd, stepLloyd } from './stepLloyd.ts';

const ROWS_A_CALL = 4_096;

/** K-means by Lloyd's algorithm from k-means++ seeds: scikit-learn's KMeans. */
export const kMeans: Algorithm = {
  name: 'k-means',
  title: 'K-means clustering',
  about: 'Puts rows that are near each other into a given number of clusters, each with a centre. It takes no target: to find groups, and to make sense of them by their centres.',
  tasks: ['clustering'],
  parameters: [
    { name: 'n_clusters', kind: 'integer', title: 'Clusters', help: 'How many clusters to find; at most the number of training rows.', default: 8, least: 1, most: 1_000 },
    {
      name: 'init', kind: 'choice', title: 'First centres', help: 'How the first centres are drawn from the rows.', default: 'k-means++',
      options: [
        { value: 'k-means++', help: 'Far from each other: the next one is the best of a few rows drawn by their squared distance to those before.' },
        { value: 'random', help: 'Rows drawn by chance, one after the other.' },
      ],
    },
    { name: 'n_init', kind: 'integer', title: 'Starts', help: 'How often to start with other centres; the model is the run with the lowest inertia.', default: 1, least: 1, most: 100 },
    { name: 'max_iter', kind: 'integer', title: 'Most iterations', help: 'Iterations of each start at most.', default: 300, least: 1, most: 10_000 },
    { name: 'tol', kind: 'number', title: 'Tolerance', help: "A start ends when the squared ways of its centres sum to at most this share of the columns' mean variance.", default: 1e-4, least: 0, most: 1 },
    { name: 'random_state', kind: 'integer', title: 'Seed', help: 'Decides which rows are drawn as first centres.', default: 0, least: 0, most: 4_294_967_295 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: false,
  copiesRows: false,
  checkpoints: 'whole',
  memory: ({ trainRows, width, parameters }) => {
    const clusters = numberOf(parameters, 'n_clusters');
    // Rows, bounds and owners once; centres and sums in each of at most 16 members.
    return trainRows * (8 * width + 28) + 16 * (8 * clusters * (4 * width + 8) + 64 * width) + 65_536;
  },
  maxSteps: (values) => numberOf(values, 'n_init') * (numberOf(values, 'max_iter') + 1) - 1,
  start: async (start, states) => {
    const { problem } = start;
    const clusters = numberOf(problem.parameters, 'n_clusters');
    if (clusters > problem.trainRows) {
      throw new EngineError('TOO_FEW_ROWS', `${clusters} clusters need as many training rows, there are ${problem.trainRows}: lower spec.parameters.n_clusters.`);
    }
    return trainerOf(await createLloyd(start, stateIn(states ?? [], { clusters, width: problem.width, parameters: problem.parameters })), start);
  },
  read: readKMeans,
};

/**
 * A state: f64 step, start (from 0), iteration of the start, squared way of the centres in the last iteration, centres;
 * and where there are several starts, the lowest inertia of those that ended (-1: none) and its centres.
 */
function writeState({ step, run, iteration, way, centres, best }: LloydState, several: boolean): Uint8Array {
  const kept = [step, run, iteration, way, ...centres];
  return doublesToBytes(several ? [...kept, best?.loss ?? -1, ...(best?.centres ?? centres.map(() => 0))] : kept);
}

function readState(kept: Uint8Array, { clusters, width, parameters }: { clusters: number; width: number; parameters: ParameterValues }): LloydState {
  const size = clusters * width;
  const several = numberOf(parameters, 'n_init') > 1;
  const values = bytesToDoubles(kept, several ? 5 + 2 * size : 4 + size);
  const [step = 0, run = 0, iteration = 0, way = 0] = values;
  if (![step, run, iteration].every((count) => Number.isSafeInteger(count) && count >= 0) || run >= numberOf(parameters, 'n_init') || way < 0) throw badCheckpoint('counts what no run counts');
  const loss = values[4 + size] ?? -1;
  const best = several && loss >= 0 ? { loss, centres: values.slice(5 + size) } : undefined;
  if ((best !== undefined) !== run > 0) throw badCheckpoint('holds the best of starts that did not end');
  return { step, run, iteration, way, centres: values.slice(4, 4 + size), best };
}

function stateIn(states: readonly Uint8Array[], shape: Parameters<typeof readState>[1]): LloydState | undefined {
  const [last] = states.slice(-1);
  return last === undefined ? undefined : readState(last, shape);
}

function trainerOf(lloyd: Lloyd, { pause, problem: { parameters } }: Start): Trainer {
  return {
    get step() {
      return lloyd.state.step;
    },
    get loss() {
      return lloyd.loss;
    },
    get converged() {
      return lloyd.state.run === lloyd.runs - 1 && lloyd.settled;
    },
    advance: () => stepLloyd(lloyd, pause),
    state: () => writeState(lloyd.state, lloyd.runs > 1),
    body: () => {
      const { best, centres } = lloyd.state;
      return doublesToBytes(best !== undefined && best.loss <= lloyd.loss ? best.centres : centres);
    },
    resume: (states) => enterLloyd(lloyd, stateIn(states, { clusters: lloyd.clusters, width: lloyd.width, parameters }), pause),
  };
}

/** Body: a row of f64 for each centre. */
function readKMeans(body: Uint8Array, { width, parameters }: ModelShape, kernels: Kernels): Predictor {
  const clusters = numberOf(parameters, 'n_clusters');
  const centres = bodyDoubles(body, clusters * width);
  const rowMajor = allocate(kernels, centres.length * 8);
  const columns = allocate(kernels, padded(clusters) * width * 8);
  const design = allocate(kernels, ROWS_A_CALL * width * 8);
  const found = allocate(kernels, ROWS_A_CALL * 8);
  doubles(kernels, rowMajor, centres.length).set(centres);
  kernels.centreColumns(rowMajor, clusters, width, columns, padded(clusters));
  const stride = Math.min(ROWS_A_CALL, rowsPerCall(padded(clusters) * width));
  return {
    outputs: 1,
    centres,
    predict: (rows, count) => {
      const all = new Float64Array(count);
      for (let first = 0; first < count; first += stride) {
        const taken = Math.min(stride, count - first);
        doubles(kernels, design, taken * width).set(rows.subarray(first * width, (first + taken) * width));
        const bad = kernels.nearestRows(design, width, columns, padded(clusters), found, 0, taken);
        if (bad >= 0) throw new EngineError('NOT_FINITE', `Row ${first + bad + 1} of these rows is too far from the training rows to be put into a cluster: correct it.`);
        all.set(doubles(kernels, found, taken), first);
      }
      return all;
    },
  };
}
