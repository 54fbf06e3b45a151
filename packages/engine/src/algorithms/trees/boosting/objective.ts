import { EngineError } from '../../../errors.ts';
import { type Pointer, integers } from '../../../kernels/index.ts';
import { parts } from '../../../team/team.ts';
import type { Op } from '../../../team/ops.ts';
import type { Start } from '../../algorithm.ts';
import type { Bins } from '../bins.ts';
import { classWeights } from '../classWeights.ts';
import { exponentOf, powerOfTwo } from '../powers.ts';
import { mergeParts, overRows, partSums } from './rowPasses.ts';
import type { Settings } from './settings.ts';

/** Bits of a row's gradient as an integer. */
const GRADIENT_BITS = 30;

/** What is minimised: gives each row its derivatives, as integers, in the members' memory. */
export type Objective = {
  /** Trees of an iteration. */
  outputs: number;
  /** Raw scores before the first tree. */
  base: number[];
  /** Where a histogram's count of rows begins. */
  shift: number;
  raw: Pointer[];
  gradients: Pointer[];
  /** How many of a member's rows learn, in the order of `base` rows. */
  fitRows: number[];
  /** Row numbers of a member, those that learn first. */
  order: Pointer[];
  /** Raw scores to those before the first tree. */
  reset(): void;
  /** Evaluates the raw scores: mean losses over the rows that learn and over those held out. */
  evaluate(): Promise<{ fit: number; held: number }>;
  /** Writes the derivatives by one output; `evaluate` came before. */
  differentiate(output: number): Promise<void>;
};

type Kind = { first: 'logistic' | 'softmax' | 'squared'; classes: number };

/** Log-loss of two or more classes, or half the squared error. */
export async function createObjective(start: Start, bins: Bins, settings: Settings): Promise<Objective> {
  const { problem, team, pause } = start;
  const { trainRows } = problem;
  const classes = problem.classes.length;
  const kind: Kind = { first: problem.spec.task === 'regression' ? 'squared' : classes === 2 ? 'logistic' : 'softmax', classes };
  const outputs = kind.first === 'softmax' ? classes : 1;
  const targets = problem.targets.subarray(0, trainRows);
  const held = heldRows(start, settings);
  await pause();
  const weights = classWeights(problem, settings.balanced);
  const totals = totalWeights(weights, held, trainRows);
  const base = baseOf(start, kind, { targets, weights, held });
  await pause();
  const memory = writeRows(start, bins, { outputs, targets, weights, held, base });
  await pause();
  const bits = 32 - Math.clz32(trainRows);
  const hessianBits = Math.min(GRADIENT_BITS, 64 - 2 * bits);
  const most = weights === null ? 1 : weights.reduce((all, weight) => Math.max(all, weight), 0);
  const losses = partSums(team, 2);
  const largest = partSums(team, 1);
  const pass = (op: (member: number, part: number, rows: [number, number]) => Op): Promise<void> => overRows({ team, rows: trainRows, pause, op });
  const at = (list: readonly Pointer[], member: number): Pointer => list[member] ?? 0;
  // Scores and chances lie in [0, 1], so derivatives of log-losses are at most the weight; others are asked each time.
  let units = { g: powerOfTwo(GRADIENT_BITS - exponentOf(most)), h: powerOfTwo(hessianBits - exponentOf(most)) };
  return {
    outputs, base, shift: 64 - bits, raw: memory.raw, gradients: memory.gradients, fitRows: memory.fitRows, order: memory.order,
    reset: () => {
      for (const [member, { count }] of bins.shares.entries()) team.write(member, at(memory.raw, member), new Uint8Array(repeated(base, count).buffer));
    },
    evaluate: async () => {
      team.round((member) => [{ call: 'clear', args: [at(losses, member), parts * 2] }, { call: 'clear', args: [at(largest, member), parts] }]);
      await pass((member, part, rows) => evaluation(kind, memory, { member, units, losses: at(losses, member) + part * 16, largest: at(largest, member) + part * 8, rows }));
      const [fit = 0, out = 0] = mergeParts(team, losses, 2);
      if (!Number.isFinite(fit) || !Number.isFinite(out)) throw new EngineError('NOT_FINITE', 'The loss left the range of finite numbers: rescale the target, or lower the weights.');
      if (kind.first === 'squared') units = { ...units, g: powerOfTwo(GRADIENT_BITS - exponentOf(await largestOf(start, largest))) };
      return { fit: fit / totals.fit, held: totals.held === 0 ? 0 : out / totals.held };
    },
    differentiate: async (output) => {
      if (kind.first !== 'logistic') await pass((member, _, rows) => derivatives(kind, memory, { member, units, output, rows }));
      team.call('setUnits', () => [1 / units.g, 1 / units.h]);
    },
  };
}

type RowMemory = { raw: Pointer[]; gradients: Pointer[]; targets: Pointer[]; weights: Pointer[] | null; held: Pointer[] | null; stats: Pointer[]; order: Pointer[]; fitRows: number[] };
type Units = { g: number; h: number };

function evaluation({ first, classes }: Kind, memory: RowMemory, to: { member: number; units: Units; losses: Pointer; largest: Pointer; rows: [number, number] }): Op {
  const { member, units, losses, largest, rows } = to;
  const at = (list: readonly Pointer[] | null): Pointer => list?.[member] ?? 0;
  const [raw, targets, weights, held] = [memory.raw, memory.targets, memory.weights, memory.held].map(at) as [number, number, number, number];
  if (first === 'logistic') return { call: 'logisticGradients', args: [raw, targets, weights, held, at(memory.gradients), losses, units.g, units.h, ...rows] };
  if (first === 'softmax') return { call: 'softmaxStart', args: [raw, classes, targets, weights, held, at(memory.stats), losses, ...rows] };
  return { call: 'squaredErrors', args: [raw, targets, weights, held, losses, largest, ...rows] };
}

function derivatives({ first, classes }: Kind, memory: RowMemory, to: { member: number; units: Units; output: number; rows: [number, number] }): Op {
  const { member, units, output, rows } = to;
  const at = (list: readonly Pointer[] | null): Pointer => list?.[member] ?? 0;
  const [raw, targets, weights, gradients] = [memory.raw, memory.targets, memory.weights, memory.gradients].map(at) as [number, number, number, number];
  if (first === 'softmax') return { call: 'softmaxGradients', args: [raw, classes, output, targets, weights, at(memory.stats), gradients, units.g, units.h, ...rows] };
  return { call: 'squaredGradients', args: [raw, targets, weights, gradients, units.g, units.h, ...rows] };
}

function repeated(values: readonly number[], times: number): Float64Array {
  const all = new Float64Array(values.length * times);
  for (const [index, value] of values.entries()) for (let at = index; at < all.length; at += values.length) all[at] = value;
  return all;
}

async function largestOf({ team }: Start, pointers: readonly Pointer[]): Promise<number> {
  let most = 0;
  for (let member = 0; member < team.size; member += 1) {
    const bytes = team.read(member, pointers[member] ?? 0, parts * 8);
    most = new Float64Array(bytes.buffer, bytes.byteOffset, parts).reduce((all, value) => Math.max(all, value), most);
  }
  return most;
}

function writeRows({ problem, team }: Start, { shares }: Bins, given: { outputs: number; targets: Float64Array; weights: Float64Array | null; held: Uint8Array | null; base: number[] }): RowMemory {
  const { outputs, targets, weights, held, base } = given;
  const rowsOf = (member: number): number => shares[member]?.count ?? 0;
  const room = (bytes: number): Pointer[] => team.allocate((member) => rowsOf(member) * bytes || 8);
  const memory: RowMemory = {
    raw: room(8 * outputs), gradients: room(8), targets: room(8), order: room(4),
    weights: weights === null ? null : room(8), held: held === null ? null : room(1),
    stats: problem.classes.length > 2 ? room(16) : [], fitRows: [],
  };
  for (const [member, { first, count }] of shares.entries()) {
    const write = (pointers: readonly Pointer[], values: Float64Array | Int32Array | Uint8Array): void => {
      team.write(member, pointers[member] ?? 0, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    };
    write(memory.raw, repeated(base, count));
    write(memory.targets, targets.subarray(first, first + count));
    if (memory.weights !== null && weights !== null) write(memory.weights, weights.subarray(first, first + count));
    if (memory.held !== null && held !== null) write(memory.held, held.subarray(first, first + count));
    const { order, fit } = heldLast(held, first, count);
    write(memory.order, order);
    memory.fitRows.push(fit);
  }
  return memory;
}

/** A member's rows: first those that learn, `fit` of them, then those held out. */
function heldLast(held: Uint8Array | null, first: number, count: number): { order: Int32Array; fit: number } {
  const order = new Int32Array(count);
  let at = 0;
  const take = (flag: 0 | 1): void => {
    for (let row = 0; row < count; row += 1) if ((held?.[first + row] ?? 0) === flag) order[at++] = row;
  };
  take(0);
  const fit = at;
  if (fit < count) take(1);
  return { order, fit };
}

/** Rows that early stopping holds out: those whose hash, as a fraction, is below validation_fraction. Null where none is, or all are. */
function heldRows({ problem, team }: Start, { stopping, seed }: Settings): Uint8Array | null {
  if (stopping === null) return null;
  const { trainRows } = problem;
  const { kernels } = team;
  const held = new Uint8Array(trainRows);
  const piece = 8_192;
  const keys = kernels.allocate(piece * 8);
  for (let first = 0; first < trainRows; first += piece) {
    const last = Math.min(trainRows, first + piece);
    kernels.hashRanks(BigInt(seed), keys - first * 8, first, last);
    const words = integers(kernels, keys, (last - first) * 2);
    for (let row = first; row < last; row += 1) if (((words[(row - first) * 2 + 1] ?? 0) >>> 0) / 2 ** 32 < stopping.fraction) held[row] = 1;
  }
  const count = held.reduce((sum, flag) => sum + flag, 0);
  return count === 0 || count === trainRows ? null : held;
}

function totalWeights(weights: Float64Array | null, held: Uint8Array | null, trainRows: number): { fit: number; held: number } {
  if (weights === null && held === null) return { fit: trainRows, held: 0 };
  const totals = { fit: 0, held: 0 };
  for (let row = 0; row < trainRows; row += 1) totals[held?.[row] === 1 ? 'held' : 'fit'] += weights?.[row] ?? 1;
  if (!(totals.fit > 0) || totals.fit === Infinity) throw new EngineError('BAD_NUMBER', 'The weights of the rows that learn add up to nothing, or beyond what can be counted: correct the weight column.');
  return totals;
}

/** The best constant: the mean, the log-odds, or the logarithms of the shares around their mean. Sums go from the first row to the last. */
function baseOf({ team, problem }: Start, { first, classes }: Kind, { targets, weights, held }: { targets: Float64Array; weights: Float64Array | null; held: Uint8Array | null }): number[] {
  const sums = Array.from({ length: Math.max(classes, 1) }, () => 0);
  let total = 0;
  for (let row = 0; row < problem.trainRows; row += 1) {
    if (held?.[row] === 1) continue;
    const weight = weights?.[row] ?? 1;
    const target = targets[row] ?? 0;
    total += weight;
    const place = first === 'squared' ? 0 : target;
    sums[place] = (sums[place] ?? 0) + (first === 'squared' ? weight * target : weight);
  }
  if (first === 'squared') return [(sums[0] ?? 0) / total];
  // A class without weight would have the logarithm of 0.
  const logs = sums.map((sum) => team.kernels.log(Math.max(sum / total, Number.EPSILON)));
  if (first === 'logistic') return [(logs[1] ?? 0) - (logs[0] ?? 0)];
  let all = 0;
  for (const log of logs) all += log;
  return logs.map((log) => log - all / classes);
}
