import { EngineError } from '../../errors.ts';
import { createSha256 } from '../../hash.ts';
import { type Kernels, allocate, doubles } from '../../kernels/index.ts';
import { badModel, bodyDoubles } from '../../model/body.ts';
import { badCheckpoint, doublesToBytes, writeDoubles } from '../../run/checkpoint.ts';
import { numberOf, textOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import { type Tree, buildTree, openTree, treeShape } from './buildTree.ts';

/** Rows that a step takes in; no less than the most neighbours, so that any state can answer. */
const ROWS_A_STEP = 1_024;
const MOST_NEIGHBOURS = 1_000;

/** k nearest neighbours: scikit-learn's KNeighborsClassifier and KNeighborsRegressor, with the Euclidean distance. */
export const kNearestNeighbours: Algorithm = {
  name: 'k-nearest-neighbours',
  title: 'Nearest neighbours',
  about: 'Answers with the votes, or the mean, of the training rows that are nearest. Simple and often good on few columns. The model is a copy of the training rows: whoever has it can read them.',
  tasks: ['classification', 'regression'],
  parameters: [
    { name: 'n_neighbors', kind: 'integer', title: 'Neighbours', help: 'How many of the nearest rows answer; at most the number of training rows.', default: 5, least: 1, most: MOST_NEIGHBOURS },
    {
      name: 'weights', kind: 'choice', title: 'Weights', help: 'What each neighbour counts.', default: 'uniform',
      options: [{ value: 'uniform', help: 'All the same.' }, { value: 'distance', help: 'The inverse of its distance; where some are at distance 0, only these count.' }],
    },
    { name: 'metric', kind: 'choice', title: 'Distance', help: 'How far rows are apart.', default: 'euclidean', options: [{ value: 'euclidean', help: 'The square root of the sum of squared differences of the encoded columns.' }] },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: false,
  takesWeights: false,
  copiesRows: true,
  checkpoints: 'whole',
  memory: ({ trainRows, width }) => {
    const { leaves, lanes } = treeShape(trainRows);
    // The model's rows and targets; for prediction the tree's leaves and boxes.
    return trainRows * (8 * (width + 2) + 4) + leaves * (lanes * width * 8 + width * 32 + 4) + 65_536;
  },
  maxSteps: (_, trainRows) => Math.max(1, Math.ceil(trainRows / ROWS_A_STEP) - 1),
  start: async (start, states) => {
    const { problem } = start;
    const neighbours = numberOf(problem.parameters, 'n_neighbors');
    if (neighbours > problem.trainRows) {
      throw new EngineError('TOO_FEW_ROWS', `${neighbours} neighbours need as many training rows, there are ${problem.trainRows}: lower spec.parameters.n_neighbors.`);
    }
    const [last] = states?.slice(-1) ?? [];
    return createTrainer(start, last);
  },
  read: (body, shape, kernels) => {
    const { design, ...held } = bodyOf(body, shape);
    return createAnswers({ ...held, shape, kernels, tree: buildTree(kernels, design, shape.width) });
  },
  open: async (body, shape, kernels, pause) => {
    const { design, ...held } = bodyOf(body, shape);
    return createAnswers({ ...held, shape, kernels, tree: await openTree({ kernels, design, width: shape.width, pause }) });
  },
};

/**
 * A step takes in the next 1,024 rows; state s holds (s + 1) times as many. Kept: f64 step, and the digest of all rows so
 * far: sha256(digest before (zero at first), rows as f64, targets as f64), taken in step by step.
 */
async function createTrainer({ problem, team, pause }: Start, held?: Uint8Array): Promise<Trainer> {
  const { trainRows, width, targets } = problem;
  const last = Math.ceil(trainRows / ROWS_A_STEP) - 1;
  // One place for the rows of a step: what is made anew for each stays until the collector comes.
  const place = new Float64Array(Math.min(trainRows, ROWS_A_STEP) * width);
  const bytes = new Uint8Array(place.length * 8);
  const encoded = (first: number, end: number): Float64Array => problem.encode(first, end, { design: place.fill(0), line: width, at: 0 }).subarray(0, (end - first) * width);
  let digest: Uint8Array = new Uint8Array(32);
  let step = -1;
  const taken = (): number => Math.min(trainRows, (step + 1) * ROWS_A_STEP);
  const takeIn = async (): Promise<void> => {
    const first = taken();
    step += 1;
    writeDoubles(bytes, 0, encoded(first, taken()));
    const rows = bytes.subarray(0, (taken() - first) * width * 8);
    const goals = doublesToBytes(targets.subarray(first, taken()));
    // States hold digests of the rows with those before them: one of this step's alone is in none.
    team.note(goals);
    team.note(rows);
    digest = createSha256().update(digest).update(rows).update(goals).digest();
    await pause();
  };
  const state = (): Uint8Array => new Uint8Array([...doublesToBytes([step]), ...digest]);
  const enter = async (kept: Uint8Array | undefined): Promise<void> => {
    const wanted = kept === undefined ? 0 : stepOf(kept, last);
    step = -1;
    digest = new Uint8Array(32);
    for (let next = 0; next <= wanted; next += 1) await takeIn();
    if (kept !== undefined && state().some((byte, index) => byte !== kept[index])) throw badCheckpoint('holds a digest of other rows');
  };
  await enter(held);
  return {
    get step() {
      return step;
    },
    /** The share of rows that are not taken in yet. */
    get loss() {
      return 1 - taken() / trainRows;
    },
    get converged() {
      return step === last;
    },
    advance: async () => {
      if (step === last) return false;
      await takeIn();
      return true;
    },
    state,
    resume: (states) => enter(states.at(-1)),
    // Encoded once more: there is no room to keep the rows beside the table until then.
    body: async () => {
      const rows = taken();
      const body = new Uint8Array(rows * (width + 1) * 8);
      for (let first = 0; first < rows; first += ROWS_A_STEP) {
        writeDoubles(body, first * width * 8, encoded(first, Math.min(rows, first + ROWS_A_STEP)));
        await pause();
      }
      writeDoubles(body, rows * width * 8, targets.subarray(0, rows));
      return body;
    },
  };
}

function stepOf(kept: Uint8Array, last: number): number {
  if (kept.length !== 40) throw badCheckpoint(`keeps ${kept.length} bytes, this run keeps 40`);
  const step = new DataView(kept.buffer, kept.byteOffset).getFloat64(0, true);
  if (!Number.isSafeInteger(step) || step < 0 || step > last) throw badCheckpoint('counts what no run counts');
  return step;
}

/** Body: f64 [rows, width], then the target of each row as f64 (a class index, or a number). */
function bodyOf(body: Uint8Array, { width, classes, task, parameters }: ModelShape): { rows: number; design: Float64Array; targets: Float64Array } {
  const k = numberOf(parameters, 'n_neighbors');
  const rows = body.length / (8 * (width + 1));
  if (!Number.isInteger(rows) || rows < k) throw badModel(`has a body of ${body.length} bytes, which are not at least ${k} rows of ${width} columns and their targets`);
  const values = bodyDoubles(body, rows * (width + 1));
  const targets = values.subarray(rows * width);
  if (task === 'classification' && !targets.every((target) => Number.isInteger(target) && target >= 0 && target < classes.length)) throw badModel('holds a row of a class that it does not name');
  return { rows, design: values.subarray(0, rows * width), targets };
}

function createAnswers({ shape, kernels, tree, rows, targets }: { shape: ModelShape; kernels: Kernels; tree: Tree; rows: number; targets: Float64Array }): Predictor {
  const { width, classes, task, parameters } = shape;
  const k = numberOf(parameters, 'n_neighbors');
  const { boxes, leaves, leafStarts, ids, points, lanes, depth } = tree;
  const [held, query, stack, distances, found, votes] = [rows * 8, width * 8, (depth + 1) * 16, k * 8, k * 4, Math.max(1, classes.length) * 8].map((bytes) => allocate(kernels, bytes)) as [number, number, number, number, number, number];
  doubles(kernels, held, rows).set(targets);
  const byDistance = textOf(parameters, 'weights') === 'distance' ? 1 : 0;
  const outputs = task === 'classification' ? classes.length : 1;
  return {
    outputs,
    predict: (design, count) => {
      const all = new Float64Array(count * outputs);
      const place = doubles(kernels, query, width);
      for (let row = 0; row < count; row += 1) {
        place.set(design.subarray(row * width, (row + 1) * width));
        if (kernels.findNeighbours(query, width, boxes, leaves, leafStarts, ids, points, lanes, stack, k, distances, found) === 0) {
          throw new EngineError('NOT_FINITE', `Row ${row + 1} of these rows is too far from the training rows to have neighbours: correct it.`);
        }
        if (task === 'regression') all[row] = kernels.meanOfNeighbours(distances, found, k, held, byDistance);
        else {
          kernels.voteOfNeighbours(distances, found, k, held, classes.length, byDistance, votes);
          all.set(doubles(kernels, votes, classes.length), row * outputs);
        }
      }
      return all;
    },
  };
}
