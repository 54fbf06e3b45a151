import { EngineError } from '../../errors.ts';
import { type Pointer, allocate, doubles, rowsPerCall } from '../../kernels/index.ts';
import type { Problem } from '../../prepare/problem.ts';
import type { Pause } from '../../run/pause.ts';
import { numberOf } from '../../spec/parameters.ts';
import { type Team, partStart, parts, partsOf } from '../../team/team.ts';
import type { Start } from '../algorithm.ts';
import { withIntercept } from '../withIntercept.ts';

const MAX_HALVINGS = 30;
const MAX_SHIFTS = 12;
const ROWS_A_WRITE = 4_096;

/** A member's share of the train rows, in its own memory; sums have one place for each part. */
type Share = { first: number; rows: number; design: Pointer; targets: Pointer; probabilities: Pointer; weights: Pointer; losses: Pointer; gradients: Pointer; hessians: Pointer };

/** Newton's method at some step. Pointers without a share are member 0's. */
export type Newton = {
  problem: Problem;
  team: Team;
  shares: Share[];
  vectors: number;
  width: number;
  size: number;
  ridge: number;
  step: number;
  loss: number;
  /** The largest |component| of the gradient. */
  slope: number;
  weights: Pointer;
  trial: Pointer;
  gradient: Pointer;
  direction: Pointer;
  diagonal: Pointer;
  hessian: Pointer;
  sum: Pointer;
  /** The sums of all parts, one after the other. */
  merged: Pointer;
};

/** Weight vectors: one per class, or one alone for two classes (scikit-learn's choice, too). */
export function vectorCount(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** Stands at `weights` after `step` steps; all zero at the start. */
export async function createNewton({ problem, team, pause, step = 0, weights }: Start & { step?: number; weights?: Float64Array }): Promise<Newton> {
  const { kernels } = team;
  const vectors = vectorCount(problem.classes.length);
  const width = problem.width + 1;
  const size = vectors * width;
  const [own, trial, gradient, direction, diagonal] = Array.from({ length: 5 }, () => allocate(kernels, size * 8));
  const newton: Newton = {
    problem, team, vectors, width, size, step, loss: 0, slope: 0,
    // The ridge that scikit-learn's C means for the mean loss.
    ridge: 1 / (numberOf(problem.parameters, 'C') * problem.trainRows),
    weights: own ?? 0, trial: trial ?? 0, gradient: gradient ?? 0, direction: direction ?? 0, diagonal: diagonal ?? 0,
    hessian: allocate(kernels, size * size * 8),
    sum: allocate(kernels, 8),
    merged: allocate(kernels, parts * size * size * 8),
    shares: [],
  };
  newton.shares = await createShares(newton, pause);
  if (weights !== undefined) doubles(kernels, newton.weights, size).set(weights);
  newton.loss = await lossAt(newton, newton.weights, pause);
  await findGradient(newton, pause);
  return newton;
}

async function createShares({ team, problem, width, size }: Newton, pause: Pause): Promise<Share[]> {
  const { trainRows, classes } = problem;
  const bounds = Array.from({ length: team.size }, (_, member) => partsOf(member, team.size).map((part) => partStart(trainRows, part)) as [number, number]);
  const rowsOf = (member: number): number => (bounds[member]?.[1] ?? 0) - (bounds[member]?.[0] ?? 0);
  const pointers = {
    design: team.allocate((member) => rowsOf(member) * width * 8 || 8),
    targets: team.allocate((member) => rowsOf(member) * 4 || 8),
    probabilities: team.allocate((member) => rowsOf(member) * classes.length * 8 || 8),
    weights: team.allocate(() => size * 8),
    losses: team.allocate(() => parts * 8),
    gradients: team.allocate(() => parts * size * 8),
    hessians: team.allocate(() => parts * size * size * 8),
  };
  const shares = bounds.map(([first], member): Share => {
    const at = (list: Pointer[]): Pointer => list[member] ?? 0;
    return {
      first, rows: rowsOf(member), design: at(pointers.design), targets: at(pointers.targets), probabilities: at(pointers.probabilities),
      weights: at(pointers.weights), losses: at(pointers.losses), gradients: at(pointers.gradients), hessians: at(pointers.hessians),
    };
  });
  for (const [member, share] of shares.entries()) {
    const last = share.first + share.rows;
    for (let row = share.first; row < last; row += ROWS_A_WRITE) {
      const end = Math.min(last, row + ROWS_A_WRITE);
      const design = withIntercept(problem.encode(row, end), width - 1);
      team.write(member, share.design + (row - share.first) * width * 8, new Uint8Array(design.buffer));
      await pause();
    }
    const targets = Int32Array.from(problem.targets.subarray(share.first, last));
    team.write(member, share.targets, new Uint8Array(targets.buffer));
  }
  return shares;
}

/** The weights at this state. */
export function weightsOf({ team, weights, size }: Newton): Float64Array {
  return doubles(team.kernels, weights, size).slice();
}

/** One iteration. False when no step lowers the loss further: the state is unchanged then. */
export async function stepNewton(newton: Newton, pause: Pause): Promise<boolean> {
  const { team, size } = newton;
  const { kernels } = team;
  await findDirection(newton, pause);
  const slope = kernels.dot(newton.gradient, newton.direction, size);
  let scale = 1;
  for (let halvings = 0; halvings <= MAX_HALVINGS; halvings += 1) {
    kernels.moveWeights(newton.weights, newton.direction, scale, newton.trial, size);
    const loss = await lossAt(newton, newton.trial, pause);
    if (kernels.accepts(newton.loss, loss, scale, slope) === 1) {
      [newton.weights, newton.trial] = [newton.trial, newton.weights];
      newton.loss = loss;
      newton.step += 1;
      await findGradient(newton, pause);
      return true;
    }
    scale /= 2;
  }
  return false;
}

/** Probabilities of all train rows, and the loss, at some weights. */
async function lossAt(newton: Newton, weights: Pointer, pause: Pause): Promise<number> {
  const { problem, team, shares, vectors, width, size, sum, ridge } = newton;
  const classes = problem.classes.length;
  const bytes = team.read(0, weights, size * 8);
  team.round((member) => [{ write: shares[member]?.weights ?? 0, from: bytes }]);
  const bad = await byParts(newton, { work: size * 4, bytes: 8, sums: (share) => share.losses, pause }, ({ design, targets, probabilities, weights: own }, at, [first, last]) => ({
    call: 'softmaxRows', args: [design, width, targets, own, vectors, classes, probabilities, at, first, last],
  }));
  if (bad) throw notFinite();
  merge(newton, { out: sum, bytes: 8, sums: (share) => share.losses });
  const [total = 0] = doubles(team.kernels, sum, 1);
  const loss = team.kernels.objective(total, problem.trainRows, ridge, weights, vectors, width);
  if (!Number.isFinite(loss)) throw notFinite();
  return loss;
}

/** The gradient at the weights whose probabilities were found last. */
async function findGradient(newton: Newton, pause: Pause): Promise<void> {
  const { problem, team, vectors, width, size, gradient, weights, ridge } = newton;
  const classes = problem.classes.length;
  await byParts(newton, { work: size, bytes: size * 8, sums: (share) => share.gradients, pause }, ({ design, targets, probabilities }, at, [first, last]) => ({
    call: 'gradientRows', args: [design, width, targets, vectors, classes, probabilities, at, first, last],
  }));
  merge(newton, { out: gradient, bytes: size * 8, sums: (share) => share.gradients });
  team.kernels.finishGradient(gradient, problem.trainRows, ridge, weights, vectors, width);
  newton.slope = team.kernels.largest(gradient, size);
}

/** direction = H^-1 gradient, by Cholesky; a Hessian that is singular in f64 gets a growing diagonal. */
async function findDirection(newton: Newton, pause: Pause): Promise<void> {
  const { problem, team, hessian, diagonal, vectors, width, size, ridge } = newton;
  const { kernels } = team;
  const classes = problem.classes.length;
  await byParts(newton, { work: (size * size) / 2, bytes: size * size * 8, sums: (share) => share.hessians, pause }, ({ design, probabilities }, at, [first, last]) => ({
    call: 'hessianRows', args: [design, width, vectors, classes, probabilities, at, first, last],
  }));
  merge(newton, { out: hessian, bytes: size * size * 8, sums: (share) => share.hessians });
  kernels.finishHessian(hessian, diagonal, problem.trainRows, ridge, vectors, width);
  const largest = kernels.largest(diagonal, size);
  let shift = 0;
  for (let shifts = 0; shifts <= MAX_SHIFTS; shifts += 1) {
    if (await factor(newton, shift, pause)) {
      kernels.solve(hessian, newton.gradient, newton.direction, size);
      return;
    }
    shift = shift === 0 ? largest * 2 ** -40 : shift * 16;
  }
  throw notFinite();
}

async function factor({ team, hessian, diagonal, size }: Newton, shift: number, pause: Pause): Promise<boolean> {
  const { kernels } = team;
  kernels.startFactor(hessian, diagonal, shift, size);
  for (let row = 0; row < size; row += 1) {
    if (kernels.factorRow(hessian, diagonal, size, row) !== 0) return false;
    await pause();
  }
  return true;
}

type Task = { work: number; bytes: number; sums: (share: Share) => Pointer; pause: Pause };

/**
 * Calls a kernel over all rows, every member over its own parts at once, in short calls; each part has its own sum,
 * cleared first. True when a call answered that a row is bad (0 or more; kernels without an answer give 0 and are not asked).
 */
async function byParts(newton: Newton, task: Task, op: (share: Share, sum: Pointer, rows: [number, number]) => { call: string; args: number[] }): Promise<boolean> {
  const { team, shares, problem } = newton;
  const stride = rowsPerCall(task.work);
  const calls = shares.map((share, member) => {
    const [firstPart, endPart] = partsOf(member, team.size);
    const list = [];
    for (let part = firstPart; part < endPart; part += 1) {
      const at = task.sums(share) + (part - firstPart) * task.bytes;
      const end = partStart(problem.trainRows, part + 1) - share.first;
      list.push({ call: 'clear', args: [at, task.bytes / 8] });
      for (let row = partStart(problem.trainRows, part) - share.first; row < end; row += stride) list.push(op(share, at, [row, Math.min(end, row + stride)]));
    }
    return list;
  });
  const most = Math.max(...calls.map((list) => list.length));
  let bad = false;
  for (let index = 0; index < most; index += 1) {
    const answers = team.round((member) => calls[member]?.slice(index, index + 1) ?? []);
    bad ||= answers.some(([answer], member) => calls[member]?.[index]?.call === 'softmaxRows' && typeof answer === 'number' && answer >= 0);
    await task.pause();
  }
  return bad;
}

/** out = the sums of all parts, added from the first part to the last. */
function merge({ team, shares, merged }: Newton, { out, bytes, sums }: { out: Pointer; bytes: number; sums: (share: Share) => Pointer }): void {
  for (const [member, share] of shares.entries()) {
    const [first, end] = partsOf(member, team.size);
    team.write(0, merged + first * bytes, team.read(member, sums(share), (end - first) * bytes));
  }
  team.kernels.clear(out, bytes / 8);
  team.kernels.addParts(out, merged, parts, bytes, bytes / 8);
}

function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The loss left the range of finite numbers: lower spec.parameters.C, or rescale the columns.');
}
