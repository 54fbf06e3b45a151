import { EngineError } from '../../errors.ts';
import { type Pointer, allocate, sharedKernels } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';
import { integersOf, numberOf } from '../../spec/parameters.ts';
import type { Problem } from '../algorithm.ts';
import type { Team } from '../../team/team.ts';
import type { Start } from '../algorithm.ts';
import { streamOf } from '../random.ts';
import { dealByKey } from '../../prepare/dealByKey.ts';
import { type Plan, groupStart, groups, heldRows, planOf } from './batches.ts';
import { type Network, networkOf, unpack, valueBytes } from './network.ts';
import { type Own, type Perceptron, type Progress, type Validation, memberAt, notFinite, packed, workersOf } from './perceptron.ts';
import { halves, openEpoch, probeLoss } from './stepPerceptron.ts';

/** Rows that are encoded between two looks at the signal: no more than {@link CELLS_A_WRITE} where they are wide. */
const ROWS_A_WRITE = 4_096;
const CELLS_A_WRITE = 1 << 20;
const INIT = 0;
const SHUFFLE = 1;
const DROPOUT = 2;
/** Keeps the draw of rows held out apart from that of the test rows, whose seed may be the same number. */
const HELD_OUT = 2 ** 32;

/** Parameters and moments as states hold them. */
export type Held = { progress: Progress; weights: Uint8Array; first: Uint8Array; second: Uint8Array; /** With early stopping. */ best?: Uint8Array };

/** Stands at the given state, or at the first weights. */
export async function createPerceptron({ problem, team, pause }: Start, held?: Held): Promise<Perceptron> {
  const { kernels } = team;
  const { parameters, trainRows, width, classes, spec } = problem;
  const network = networkOf({ width, hidden: integersOf(parameters, 'hidden_layer_sizes'), classes: classes.length, task: spec.task });
  const plan = planOf(parameters, trainRows);
  const seed = numberOf(parameters, 'random_state');
  const perceptron: Perceptron = {
    problem, team, network, plan,
    members: allocateMembers({ team, problem, network, plan }),
    target: targetScale(problem),
    streams: { shuffle: streamOf(kernels, seed, SHUFFLE), dropout: streamOf(kernels, seed, DROPOUT) },
    progress: firstProgress(), validation: null,
  };
  const places = dealPlaces(problem);
  await dealRows(perceptron, places.learned, pause);
  if (places.held.length > 0) perceptron.validation = await holdOut(perceptron, places.held, pause);
  await enterPerceptron(perceptron, held, pause);
  return perceptron;
}

function firstProgress(): Progress {
  return { step: 0, epoch: 0, batch: 0, updates: 0, power1: 1, power2: 1, lossSum: 0, seen: 0, best: -1, stale: 0, loss: 0 };
}

/** Goes to the given state, or to the first weights. */
export async function enterPerceptron(perceptron: Perceptron, held: Held | undefined, pause: Pause): Promise<void> {
  const { problem, team, network } = perceptron;
  const own = memberAt(perceptron.members, 0);
  perceptron.progress = held?.progress ?? firstProgress();
  if (held === undefined) {
    for (const pointer of [own.weights, own.first, own.second]) floats(team, pointer, network.count).fill(0);
    drawWeights(perceptron, streamOf(team.kernels, numberOf(problem.parameters, 'random_state'), INIT));
  } else {
    for (const [pointer, bytes] of [[own.weights, held.weights], [own.first, held.first], [own.second, held.second]] as const) {
      floats(team, pointer, network.count).set(finite(network, bytes));
    }
    if (held.best !== undefined) finite(network, held.best);
    if (perceptron.validation !== null) perceptron.validation.best = held.best?.slice() ?? new Uint8Array();
  }
  for (let member = 1; member < perceptron.members.length; member += 1) {
    for (const list of ['weights', 'first', 'second'] as const) team.write(member, memberAt(perceptron.members, member)[list], team.read(0, own[list], network.count * 4));
  }
  team.round((member) => {
    const at = perceptron.members[member];
    return at === undefined ? [] : [{ call: 'turnWeights', args: [at.net, at.weights, at.turned] }];
  });
  await openEpoch(perceptron, pause);
  if (held === undefined) perceptron.progress.loss = probeLoss(perceptron);
}

function finite(network: Network, bytes: Uint8Array): Float32Array {
  const values = unpack(network, bytes);
  if (values !== undefined) return values;
  throw new EngineError('BAD_CHECKPOINT', 'The checkpoint state holds a number that is not finite: pass the bytes that the run of this table and spec wrote.');
}

/** The weights that the model has: those of the best epoch with early stopping, once one has ended, else the present ones. */
export function chosenWeights(perceptron: Perceptron): Uint8Array {
  const { progress, validation } = perceptron;
  return validation !== null && progress.best >= 0 ? validation.best : packed(perceptron, ['weights']);
}

/** f32 values of member 0. */
export function floats(team: Team, pointer: Pointer, count: number): Float32Array {
  return new Float32Array(team.kernels.memory.buffer, pointer, count);
}

function allocateMembers({ team, problem, network, plan: { rows, groupRows } }: { team: Team; problem: Problem; network: Network; plan: Plan }): Own[] {
  const workers = workersOf(team);
  const groupOf = (member: number): number => (groups / workers) * member;
  const rowsOf = (member: number): number => groupStart(rows, groupOf(member + 1)) - groupStart(rows, groupOf(member));
  const each = (bytes: (member: number) => number): Pointer[] => team.allocate((member) => (member < workers ? bytes(member) || 8 : 8));
  const whole = (): Pointer[] => each(() => network.count * 4);
  const lists = {
    net: each(() => network.table.byteLength), weights: whole(), first: whole(), second: whole(), turned: each(() => network.turned * 4),
    values: each(() => groupRows * valueBytes(network)), deltas: each(() => groupRows * network.mostLanes * 4), spare: each(() => groupRows * network.mostLanes * 4),
    design: each((member) => rowsOf(member) * problem.width * 4), targets: each((member) => rowsOf(member) * 4), order: each((member) => rowsOf(member) * 4), losses: each(() => groups * 8),
  };
  const gradients = Array.from({ length: groups }, whole);
  const table = new Uint8Array(network.table.buffer);
  return Array.from({ length: workers }, (_, member): Own => {
    const at = (list: Pointer[]): Pointer => list[member] ?? 0;
    team.write(member, at(lists.net), table);
    return {
      firstGroup: groupOf(member), endGroup: groupOf(member + 1), firstRow: groupStart(rows, groupOf(member)), gradients: gradients.map(at),
      net: at(lists.net), weights: at(lists.weights), first: at(lists.first), second: at(lists.second), turned: at(lists.turned), values: at(lists.values),
      deltas: at(lists.deltas), spare: at(lists.spare), design: at(lists.design), targets: at(lists.targets), order: at(lists.order), losses: at(lists.losses),
    };
  });
}

/** Which train rows are learned from and which early stopping holds out, each in their order. */
function dealPlaces({ parameters, trainRows }: Problem): { learned: Int32Array; held: Int32Array } {
  const all = Int32Array.from({ length: trainRows }, (_, place) => place);
  const count = heldRows(parameters, trainRows);
  if (count === 0) return { learned: all, held: new Int32Array() };
  const [held = all, learned = all] = dealByKey({ kernels: sharedKernels(), rows: trainRows, kept: all, seed: HELD_OUT + numberOf(parameters, 'random_state'), ends: [count, trainRows] });
  return { learned, held };
}

async function dealRows(perceptron: Perceptron, places: Int32Array, pause: Pause): Promise<void> {
  const { problem: { width }, team, members, plan } = perceptron;
  for (const [member, { firstRow, endGroup, design, targets: to }] of members.entries()) {
    const last = groupStart(plan.rows, endGroup);
    const rows = rowsAWrite(width);
    for (let row = firstRow; row < last; row += rows) {
      team.write(member, design + (row - firstRow) * width * 4, new Uint8Array(encoded(perceptron, places.subarray(row, Math.min(last, row + rows))).buffer));
      await pause();
    }
    team.write(member, to, new Uint8Array(scaledTargets(perceptron, places.subarray(firstRow, last)).buffer));
    await pause();
  }
}

async function holdOut(perceptron: Perceptron, places: Int32Array, pause: Pause): Promise<Validation> {
  const { problem: { width, classes }, team, plan } = perceptron;
  const design = new Float32Array(places.length * width);
  const rows = rowsAWrite(width);
  for (let first = 0; first < places.length; first += rows) {
    design.set(encoded(perceptron, places.subarray(first, first + rows)), first * width);
    await pause();
  }
  return { design, targets: scaledTargets(perceptron, places), out: allocate(team.kernels, plan.groupRows * Math.max(1, classes.length) * 8), best: new Uint8Array() };
}

function rowsAWrite(width: number): number {
  return Math.min(ROWS_A_WRITE, Math.ceil(CELLS_A_WRITE / width));
}

function encoded({ problem }: Perceptron, places: Int32Array): Float32Array<ArrayBuffer> {
  const piece = Float32Array.from(problem.encodeAt(places));
  for (const value of piece) if (!Number.isFinite(value)) throw new EngineError('NOT_FINITE', 'A scaled number is too large for 32 bits: correct the column, or leave spec.preprocess.scale at "standard".');
  return piece;
}

function scaledTargets({ problem: { targets }, target: { mean, deviation } }: Perceptron, places: Int32Array): Float32Array<ArrayBuffer> {
  const scaled = new Float32Array(places.length);
  for (let index = 0; index < places.length; index += 1) scaled[index] = ((targets[places[index] as number] ?? 0) - mean) / deviation;
  return scaled;
}

/** Mean and population deviation of the train targets; 0 and 1 for classes. */
function targetScale({ spec, targets, trainRows }: Problem): Perceptron['target'] {
  if (spec.task !== 'regression') return { mean: 0, deviation: 1 };
  const own = targets.subarray(0, trainRows);
  let sum = 0;
  for (const value of own) sum += value;
  const [constant = 0] = own;
  const mean = own.every((value) => value === constant) ? constant : sum / trainRows;
  let squares = 0;
  for (const value of own) squares += (value - mean) * (value - mean);
  const deviation = Math.sqrt(squares / trainRows);
  if (!Number.isFinite(mean) || !Number.isFinite(deviation)) throw notFinite();
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

/** Weights and biases between -bound and bound, bound = sqrt(6 / (inputs + outputs)). Source: Glorot and Bengio, AISTATS 2010, as scikit-learn. */
function drawWeights({ team, network, members }: Perceptron, stream: bigint): void {
  const { weights } = memberAt(members, 0);
  let drawn = 0;
  for (const { inputs, outputs, lanes, at } of network.layers) {
    const bound = Math.sqrt(6 / (inputs + outputs));
    team.kernels.fillUniform(weights + at * 4, inputs + 1, outputs, lanes, bound, ...halves(stream), drawn);
    drawn += (inputs + 1) * outputs;
  }
}
