import { EngineError } from '../../errors.ts';
import type { Pause } from '../../run/pause.ts';
import { flagOf, numberOf } from '../../spec/parameters.ts';
import type { Problem, Start } from '../algorithm.ts';
import { createSolver, setMatrix, solveShifted } from '../rows/cholesky.ts';
import { ROWS_A_PANEL, allocateFor, createRowShares, lineOf, slotStart, slotsFor, sumOverRows, writeAll, writeRowValues } from '../rows/rowShares.ts';
import { rowWeights } from '../rows/rowWeights.ts';
import type { HeldNewton, Newton, Pass, Point, Pointers, Sizes } from './newtonState.ts';
import { coordinateDirection } from './coordinateDirection.ts';
import { createSample } from './sampleRows.ts';

/** Sampled rows that `logisticRows` takes one logarithm of: no call may end between them. */
const ROWS_A_LOG = 32;
const MAX_HALVINGS = 30;
const MOST_STRIDE = 64;
const SAMPLED_ROWS_A_WEIGHT = 256;
const MOST_SAMPLE_STEPS = 10;
/** Slopes below this are lost in what a sample differs from the whole. */
const SAMPLE_TOLERANCE = 2 ** -9;

/** Weight vectors: one per class, or one alone for two classes (scikit-learn's choice, too). */
export function vectorCount(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** By shape alone. The stride at the start leaves 256 rows for each weight. */
export function sizesOf(shape: { classes: number; width: number; trainRows: number; intercept: boolean }): Sizes {
  const free = shape.intercept ? 1 : 0;
  const vectors = vectorCount(shape.classes);
  const width = shape.width + free;
  const line = lineOf(width);
  const size = vectors * width;
  let stride = 1;
  while (stride < MOST_STRIDE && shape.trainRows / (stride * 2) >= SAMPLED_ROWS_A_WEIGHT * size) stride *= 2;
  return { vectors, free, width, line, size, stride, slots: slotsFor(blocksOf(vectors) * line * line) };
}

/** {@link sizesOf} a problem. */
export function sizesOfProblem({ classes, width, trainRows, parameters }: Pick<Problem, 'classes' | 'width' | 'trainRows' | 'parameters'>): Sizes {
  return sizesOf({ classes: classes.length, width, trainRows, intercept: flagOf(parameters, 'fit_intercept') });
}

/** Blocks of the curvature on and below the diagonal. */
export function blocksOf(vectors: number): number {
  return (vectors * (vectors + 1)) / 2;
}

/**
 * Stands at `weights` after `step` steps. The start is all zero; where the curvature is summed over a sample of the rows,
 * it is where Newton's steps from zero lead on that sample alone, which costs little.
 */
export async function createNewton({ problem, team, pause }: Start, held?: HeldNewton): Promise<Newton> {
  const { trainRows, parameters, targets } = problem;
  const sizes = sizesOfProblem(problem);
  const { weights: ownWeights, total } = rowWeights(problem);
  const { line, free, vectors, slots, size } = sizes;
  const rows = await createRowShares({
    problem, team, pause, columns: sizes.width, slots, intercept: free === 1,
  });
  const at: Pointers = {
    targets: allocateFor(rows, { row: 4 }),
    rowWeights: ownWeights === null ? [] : allocateFor(rows, { row: 8 }),
    probabilities: allocateFor(rows, { row: 8 * vectors }),
    weights: allocateFor(rows, { member: vectors * line * 8 }),
    sums: allocateFor(rows, { slot: (4 + vectors * line) * 8 }),
    curvatures: allocateFor(rows, { slot: blocksOf(vectors) * line * line * 8 }),
    panels: allocateFor(rows, { member: 2 * ROWS_A_PANEL * line * 8 }),
    scales: allocateFor(rows, { member: ROWS_A_PANEL * 8 }),
  };
  writeRowValues(rows, at.targets, new Int32Array(targets.subarray(0, trainRows)));
  if (ownWeights !== null) writeRowValues(rows, at.rowWeights, ownWeights);
  const { stride } = sizes;
  const small = stride === 1 ? undefined : await createSample({ all: { rows, at, stride: 1 }, stride, targets, ownWeights, vectors, pause });
  const inverse = 1 / (numberOf(parameters, 'C') * total);
  const l1Ratio = numberOf(parameters, 'l1_ratio');
  const newton: Newton = {
    ...sizes, problem, team, rows, at, small, ownWeights, total, step: 0, slope: 0, loss: 0, sample: 1,
    solver: createSolver(team.kernels, size),
    ridge: inverse * (1 - l1Ratio), l1: inverse * l1Ratio,
    weights: new Float64Array(size), gradient: new Float64Array(size),
  };
  await enterNewton(newton, held, pause);
  return newton;
}

/** Goes to the held point, or to the start. */
export async function enterNewton(newton: Newton, held: HeldNewton | undefined, pause: Pause): Promise<void> {
  const { stride, size } = sizesOfProblem(newton.problem);
  Object.assign(newton, { step: 0, stride, sample: 1, weights: new Float64Array(size), ...held });
  if (held === undefined && stride > 1) await learnSample(newton, pause);
  moveTo(newton, await evaluate(newton, newton.weights, pause));
}

async function learnSample(newton: Newton, pause: Pause): Promise<void> {
  const enough = Math.max(numberOf(newton.problem.parameters, 'tol'), SAMPLE_TOLERANCE);
  newton.sample = newton.stride;
  moveTo(newton, await evaluate(newton, newton.weights, pause));
  while (newton.step < MOST_SAMPLE_STEPS && newton.slope > enough && (await stepNewton(newton, pause)));
  newton.step = 0;
  newton.sample = 1;
}

/** One iteration. False when no step lowers the loss further: the state is unchanged then. */
export async function stepNewton(newton: Newton, pause: Pause): Promise<boolean> {
  for (;;) {
    const { direction, promise } = await findDirection(newton, pause);
    let scale = 1;
    for (let halvings = 0; halvings <= MAX_HALVINGS; halvings += 1) {
      const point = await evaluate(newton, newton.weights.map((weight, index) => weight - scale * (direction[index] ?? 0)), pause);
      if (accepts(newton.loss, point.loss, scale * promise)) {
        const before = newton.slope;
        moveTo(newton, point);
        newton.step += 1;
        // The sample of rows is too small where it misjudges the way.
        if (newton.sample === 1 && newton.stride > 1 && (halvings > 0 || newton.slope > before / 4)) newton.stride /= 2;
        return true;
      }
      scale /= 2;
    }
    await evaluate(newton, newton.weights, pause);
    if (newton.stride === newton.sample) return false;
    newton.stride /= 2;
  }
}

/**
 * Armijo's rule with room for rounding: the loss fell by 1e-4 of what the slope promises, or differs by no more than 16
 * units in the last place. Source: Nocedal and Wright, "Numerical Optimization", 2nd ed., (3.4).
 */
function accepts(before: number, after: number, promise: number): boolean {
  return after <= before - 1e-4 * promise + 2 ** -48 * Math.abs(before);
}

/** The loss and its smooth part's gradient at some weights; the rows' probabilities are kept for the curvature. The loss is Infinity where a margin is not finite. */
async function evaluate(newton: Newton, weights: Float64Array, pause: Pause): Promise<Point> {
  const { rows, at, vectors, width, line, free, ridge, l1, sample } = newton;
  const pass = passOf(newton, sample);
  const total = sampledWeight(newton, sample);
  const padded = new Float64Array(vectors * line);
  for (let v = 0; v < vectors; v += 1) padded.set(weights.subarray(v * width, (v + 1) * width), v * line);
  writeAll(rows, at.weights, padded);
  const { total: sums, answers } = await sumOverRows(pass.rows, { sums: at.sums, length: 4 + vectors * line, work: (2 * vectors * line + 64 * vectors) / pass.stride, multiple: ROWS_A_LOG * pass.stride, pause }, ({ share, member, sums: own, first, last }) => ({
    call: 'logisticRows',
    args: [share.design, line, pass.at.targets[member] ?? 0, pass.at.rowWeights[member] ?? 0, at.weights[member] ?? 0, vectors, pass.at.probabilities[member] ?? 0, own, pass.stride, first, last],
  }));
  const bad = answers.some((answer) => typeof answer === 'number' && answer >= 0);
  const gradient = new Float64Array(weights.length);
  let squares = 0;
  let sizes = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const v = Math.floor(index / width);
    const column = index - v * width;
    const weight = weights[index] ?? 0;
    const mean = (sums[4 + v * line + column] ?? 0) / total;
    gradient[index] = column < free ? mean : mean + ridge * weight;
    if (column < free) continue;
    squares += weight * weight;
    sizes += Math.abs(weight);
  }
  const loss = (sums[0] ?? 0) / total + (0.5 * ridge * squares + l1 * sizes);
  return { weights, gradient, loss: bad || Number.isNaN(loss) ? Infinity : loss };
}

function moveTo(newton: Newton, point: Point): Newton {
  Object.assign(newton, point);
  newton.slope = largestSlope(newton);
  if (!Number.isFinite(newton.loss) || !Number.isFinite(newton.slope)) throw notFinite();
  return newton;
}

/** The largest component of the subgradient nearest to 0; of the gradient, where there is no l1. */
function largestSlope({ weights, gradient, width, free, l1 }: Newton): number {
  let most = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const slope = gradient[index] ?? 0;
    const weight = weights[index] ?? 0;
    const penalty = index % width < free ? 0 : l1;
    const size = weight === 0 ? Math.max(Math.abs(slope) - penalty, 0) : Math.abs(weight > 0 ? slope + penalty : slope - penalty);
    // Written so that NaN is kept.
    if (!(size <= most)) most = size;
  }
  return most;
}

/** The way from the weights, to be taken backwards, and how much loss its first slope promises. */
async function findDirection(newton: Newton, pause: Pause): Promise<{ direction: Float64Array; promise: number }> {
  const { solver, gradient, l1 } = newton;
  setMatrix(solver, await findHessian(newton, pause));
  if (l1 > 0) return coordinateDirection(newton, pause);
  const direction = await solveShifted(solver, gradient, pause);
  if (direction === undefined) throw notFinite();
  let promise = 0;
  for (const [index, slope] of gradient.entries()) promise += slope * (direction[index] ?? 0);
  return { direction, promise };
}

/**
 * The Hessian of the smooth part. With one vector per class a constant added to all intercepts changes nothing, so 1 is
 * added between all intercepts: it fixes their sum at 0. Without intercepts the ridge alone fixes the weights.
 */
async function findHessian(newton: Newton, pause: Pause): Promise<Float64Array> {
  const { at, vectors, width, line, free, size, stride, ridge } = newton;
  const block = line * line;
  const pass = passOf(newton, stride);
  if (newton.sample === 1 && pass === newton.small?.pass) newton.small.takeProbabilities();
  const { total } = await sumOverRows(pass.rows, { sums: at.curvatures, length: blocksOf(vectors) * block, work: (blocksOf(vectors) * block) / (2 * pass.stride), multiple: pass.stride * ROWS_A_PANEL, pause }, ({ share, member, sums, first, last }) => ({
    call: 'curvatureRows',
    args: [share.design, line, pass.at.rowWeights[member] ?? 0, vectors, pass.at.probabilities[member] ?? 0, at.panels[member] ?? 0, at.scales[member] ?? 0, sums, pass.stride, first, last],
  }));
  const seen = sampledWeight(newton, stride);
  const matrix = new Float64Array(size * size);
  for (let v = 0, start = 0; v < vectors; v += 1) {
    for (let u = 0; u <= v; u += 1, start += block) {
      for (let i = 0; i < width; i += 1) {
        for (let j = 0; j <= i; j += 1) {
          let value = (total[start + i * line + j] ?? 0) / seen;
          if (vectors > 1 && i < free) value += 1;
          if (v === u && i === j && i >= free) value += ridge;
          matrix[(v * width + i) * size + u * width + j] = value;
          // Every block is symmetric.
          if (v !== u) matrix[(v * width + j) * size + u * width + i] = value;
        }
      }
    }
  }
  return matrix;
}

/** Every `stride`th row, from where they lie together if they do: to the same bits. */
function passOf({ rows, at, small }: Newton, stride: number): Pass {
  return small?.of === stride ? small.pass : { rows, at, stride };
}

/** The weight of every `stride`th row. */
function sampledWeight({ rows: { slots }, problem: { trainRows }, total, ownWeights }: Newton, stride: number): number {
  if (stride === 1) return total;
  let sum = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const end = slotStart(trainRows, slot + 1, slots);
    for (let row = slotStart(trainRows, slot, slots); row < end; row += stride) sum += ownWeights?.[row] ?? 1;
  }
  return sum > 0 ? sum : total;
}

export function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The loss left the range of finite numbers: lower spec.parameters.C, or rescale the columns.');
}
