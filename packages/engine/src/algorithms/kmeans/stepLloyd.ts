import { type Pointer, allocate, doubles, rowsPerCall } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';
import { numberOf } from '../../spec/parameters.ts';
import type { Op } from '../../team/ops.ts';
import { parts } from '../../team/team.ts';
import type { Start } from '../algorithm.ts';
import { dealRows, eachPiece } from '../dealRows.ts';
import { type Lloyd, type LloydState, type Own, lanesOfTrials, memberAt, notFinite, padded, rowAt } from './lloyd.ts';
import { fitScales } from './scales.ts';
import { drawSeeds } from './seeds.ts';

/** Stands at the given state, or at the first centres of the first start. */
export async function createLloyd(start: Start, state?: LloydState): Promise<Lloyd> {
  const { problem, team, pause } = start;
  const { kernels } = team;
  const { width, parameters } = problem;
  const clusters = numberOf(parameters, 'n_clusters');
  const members = await allocateMembers(start, clusters);
  const { spread, mean } = await fitScales({ problem, team, members, pause });
  const lloyd: Lloyd = {
    problem, team, members, clusters, width, spread, mean,
    runs: numberOf(parameters, 'n_init'),
    state: firstState(clusters * width),
    loss: 0, settled: false,
    tolerance: (numberOf(parameters, 'tol') * spread) / problem.trainRows / width,
    sums: allocate(kernels, clusters * width * 8),
    counts: allocate(kernels, clusters * 8),
    next: allocate(kernels, clusters * width * 8),
    staging: allocate(kernels, clusters * width * 8),
  };
  await enterLloyd(lloyd, state, pause);
  return lloyd;
}

function firstState(size: number): LloydState {
  return { step: 0, run: 0, iteration: 0, way: 0, centres: new Float64Array(size), best: undefined };
}

/** Goes to the given state, or to the first centres of the first start. */
export async function enterLloyd(lloyd: Lloyd, state: LloydState | undefined, pause: Pause): Promise<void> {
  lloyd.state = state ?? firstState(lloyd.clusters * lloyd.width);
  if (state === undefined) lloyd.state.centres = await drawSeeds(lloyd, pause);
  await enter(lloyd, pause);
}

async function allocateMembers(start: Start, clusters: number): Promise<Own[]> {
  const { team, problem } = start;
  const shares = await dealRows(start);
  const rows = (bytes: number): Pointer[] => team.allocate((member) => (shares[member]?.rows ?? 0) * bytes || 8);
  const each = (bytes: number): Pointer[] => team.allocate(() => bytes);
  const size = clusters * problem.width * 8;
  const columns = padded(clusters) * problem.width * 8;
  const lists = {
    owners: rows(4), upper: rows(8), lower: rows(8), closest: rows(8),
    centres: each(size), columns: each(columns), moves: each(clusters * 8), halves: each(clusters * 8), scales: each(problem.width * 8),
    sums: each(size), counts: each(clusters * 8), partSums: each(parts * lanesOfTrials * 8), scratch: each(problem.width * 8 * (1 + lanesOfTrials)),
  };
  return shares.map((share, member): Own => {
    const at = (list: Pointer[]): Pointer => list[member] ?? 0;
    return {
      ...share, owners: at(lists.owners), upper: at(lists.upper), lower: at(lists.lower), closest: at(lists.closest), centres: at(lists.centres), columns: at(lists.columns),
      moves: at(lists.moves), halves: at(lists.halves), scales: at(lists.scales), sums: at(lists.sums), counts: at(lists.counts), partSums: at(lists.partSums), scratch: at(lists.scratch),
    };
  });
}

/** Assigns all rows to the state's centres, as if for the first time. */
async function enter(lloyd: Lloyd, pause: Pause): Promise<void> {
  const { team, members, clusters, width, state } = lloyd;
  const none = new Uint8Array(Math.max(...members.map(({ rows }) => rows * 4))).fill(255);
  for (const [member, { rows, owners }] of members.entries()) team.write(member, owners, none.subarray(0, rows * 4));
  team.round((member) => {
    const own = members[member];
    return own === undefined ? [] : [{ call: 'clear', args: [own.sums, clusters * width] }, { call: 'clear', args: [own.counts, clusters] }, { call: 'clear', args: [own.moves, clusters] }];
  });
  const centres = doubles(team.kernels, members[0]?.centres ?? 0, clusters * width);
  centres.set(state.centres);
  await assign(lloyd, pause);
}

/** Makes an iteration, or starts again where a start has ended and another one is due. False when none is left. */
export async function stepLloyd(lloyd: Lloyd, pause: Pause): Promise<boolean> {
  const { problem, state, runs } = lloyd;
  if (!lloyd.settled && state.iteration < numberOf(problem.parameters, 'max_iter')) {
    await moveCentres(lloyd, pause);
    return true;
  }
  if (state.run + 1 >= runs) return false;
  const best = state.best !== undefined && state.best.loss <= lloyd.loss ? state.best : { loss: lloyd.loss, centres: state.centres };
  lloyd.state = { ...state, step: state.step + 1, run: state.run + 1, iteration: 0, way: 0, best };
  lloyd.state.centres = await drawSeeds(lloyd, pause);
  await enter(lloyd, pause);
  return true;
}

/** Centres to the means of their rows, and rows to their nearest centres. */
async function moveCentres(lloyd: Lloyd, pause: Pause): Promise<void> {
  const { team, members, clusters, width, state, sums, counts, next } = lloyd;
  const { kernels } = team;
  const own = memberAt(members, 0);
  doubles(kernels, next, clusters * width).set(state.centres);
  kernels.meansOfClusters(sums, counts, own.scales, next, clusters, width);
  await fillEmpty(lloyd, pause);
  const way = kernels.centreMoves(own.centres, next, clusters, width, own.moves);
  const centres = doubles(kernels, next, clusters * width).slice();
  doubles(kernels, own.centres, clusters * width).set(centres);
  lloyd.state = { ...state, step: state.step + 1, iteration: state.iteration + 1, way, centres };
  await assign(lloyd, pause);
}

/**
 * An empty cluster's centre moves to the row that is farthest from its own centre, ties by row; several take the
 * farthest, the second farthest, and so on. Where all rows stand on their centres, it stays.
 */
async function fillEmpty(lloyd: Lloyd, pause: Pause): Promise<void> {
  const { team, clusters, width, counts, next } = lloyd;
  let limit = { way: Infinity, row: -1 };
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    if (new BigInt64Array(team.kernels.memory.buffer, counts, clusters)[cluster] !== 0n) continue;
    limit = await findFarthest(lloyd, limit, pause);
    if (limit.way <= 0) return;
    doubles(team.kernels, next + cluster * width * 8, width).set(rowAt(lloyd, limit.row));
    await pause();
  }
}

async function findFarthest({ team, members, width }: Lloyd, limit: { way: number; row: number }, pause: Pause): Promise<{ way: number; row: number }> {
  let found = { way: -1, row: -1 };
  const stride = rowsPerCall(width * 4);
  for (const [member, own] of members.entries()) {
    for (let first = 0; first < own.rows; first += stride) {
      const args = [own.design, width, own.centres, own.owners, limit.way, limit.row - own.first, own.partSums, first, Math.min(own.rows, first + stride)];
      const [row, bytes] = team.round((index): Op[] => (index === member ? [{ call: 'farthestRow', args }, { read: own.partSums, bytes: 8 }] : []))[member] ?? [];
      if (typeof row !== 'number' || !(bytes instanceof Uint8Array) || row < 0) continue;
      const way = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
      if (way > found.way) found = { way, row: own.first + row };
      await pause();
    }
  }
  if (!(found.way < Infinity)) throw notFinite();
  return found;
}

/** Rows to their nearest centres; then the loss, and whether the centres rest. */
async function assign(lloyd: Lloyd, pause: Pause): Promise<void> {
  const { problem, team, members, clusters, width, state } = lloyd;
  const { kernels } = team;
  const own = memberAt(members, 0);
  const lanes = padded(clusters);
  kernels.centreColumns(own.centres, clusters, width, own.columns, lanes);
  for (let first = 0, stride = Math.ceil(2 ** 20 / (clusters * width)); first < clusters; first += stride) {
    kernels.halfDistances(own.centres, clusters, width, own.halves, first, Math.min(clusters, first + stride));
    await pause();
  }
  const [most = 0, largest = 0, second = 0] = farthestMoves(doubles(kernels, own.moves, clusters));
  for (const [list, bytes] of [['centres', clusters * width * 8], ['columns', lanes * width * 8], ['moves', clusters * 8], ['halves', clusters * 8]] as const) {
    const copy = team.size > 1 ? team.read(0, own[list], bytes) : new Uint8Array();
    for (let member = 1; member < team.size; member += 1) team.write(member, members[member]?.[list] ?? 0, copy);
  }
  const answers = await eachPiece({ team, rows: problem.trainRows, stride: rowsPerCall(lanes * width), pause }, ({ member, first, last }) => {
    const at = memberAt(members, member);
    return {
      call: 'assignRows',
      args: [at.design, width, at.centres, at.columns, lanes, at.owners, at.upper, at.lower, at.moves, at.halves, most, largest, second, at.scales, at.sums, at.counts, first, last],
    };
  });
  if (answers.some(({ answer }) => answer >= 0)) throw notFinite();
  mergeSums(lloyd);
  lloyd.loss = kernels.inertiaOf(lloyd.spread, lloyd.mean, lloyd.sums, lloyd.counts, own.scales, own.centres, clusters, width);
  if (!Number.isFinite(lloyd.loss)) throw notFinite();
  lloyd.settled = state.iteration > 0 && state.way <= lloyd.tolerance;
}

/** The centre that moved farthest, its way, and the next longest way. */
function farthestMoves(moves: Float64Array): [number, number, number] {
  let most = 0;
  let second = 0;
  for (let cluster = 1; cluster < moves.length; cluster += 1) {
    const way = moves[cluster] ?? 0;
    const longest = moves[most] ?? 0;
    second = Math.max(second, Math.min(way, longest));
    if (way > longest) most = cluster;
  }
  return [most, moves[most] ?? 0, second];
}

/** Sums and counts of all members, as integers: in any order they are the same. */
function mergeSums({ team, members, clusters, width, sums, counts, staging }: Lloyd): void {
  const { kernels } = team;
  for (const [to, list, words] of [[sums, 'sums', clusters * width], [counts, 'counts', clusters]] as const) {
    kernels.clear(to, words);
    kernels.addIntegers(to, members[0]?.[list] ?? 0, words);
    for (let member = 1; member < team.size; member += 1) {
      team.write(0, staging, team.read(member, members[member]?.[list] ?? 0, words * 8));
      kernels.addIntegers(to, staging, words);
    }
  }
  team.note(new Uint8Array(kernels.memory.buffer, counts, clusters * 8).slice());
}
