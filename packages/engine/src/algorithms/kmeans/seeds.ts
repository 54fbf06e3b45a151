import { rowsPerCall } from '../../kernels/index.ts';
import type { Pause } from '../../run/pause.ts';
import { numberOf, textOf } from '../../spec/parameters.ts';
import { parts, partStart } from '../../team/team.ts';
import { eachPiece } from '../dealRows.ts';
import { type Stream, streamOf, uniformAt } from '../random.ts';
import { type Lloyd, lanesOfTrials, memberAt, notFinite, rowAt } from './lloyd.ts';
import { totalsOfParts } from './totalsOfParts.ts';

/** e, e², ... rounded up: from so many clusters on, one candidate more. */
const MORE_TRIALS = [3, 8, 21, 55, 149, 404];

/** Candidates for each centre: 2 + floor(ln clusters), as scikit-learn. */
export function trialsOf(clusters: number): number {
  return 2 + MORE_TRIALS.filter((least) => clusters >= least).length;
}

/** The first centres of the state's start, [clusters, width]. */
export async function drawSeeds(lloyd: Lloyd, pause: Pause): Promise<Float64Array> {
  const { problem, team, clusters, width, state } = lloyd;
  const stream = streamOf(team.kernels, numberOf(problem.parameters, 'random_state'), state.run);
  const rows = textOf(problem.parameters, 'init') === 'random' ? drawAny(lloyd, stream) : await drawFar(lloyd, stream, pause);
  const centres = new Float64Array(clusters * width);
  for (const [cluster, row] of rows.entries()) centres.set(rowAt(lloyd, row), cluster * width);
  return centres;
}

/** Different rows by chance: what is drawn again is passed over. */
function drawAny({ problem, team, clusters }: Lloyd, stream: Stream): number[] {
  const rows = new Set<number>();
  for (let index = 0; rows.size < clusters; index += 1) rows.add(Math.floor(uniformAt(team.kernels, stream, index) * problem.trainRows));
  return [...rows];
}

/** Greedy k-means++: each next row is, of a few drawn by their squared distance, the one that lowers the sum of distances most. */
async function drawFar(lloyd: Lloyd, stream: Stream, pause: Pause): Promise<number[]> {
  const { problem, team, clusters } = lloyd;
  const { kernels } = team;
  const rows = [Math.floor(uniformAt(kernels, stream, 0) * problem.trainRows)];
  while (rows.length < clusters) {
    const sums = await takeIn(lloyd, rows, pause);
    const draws = Array.from({ length: trialsOf(clusters) }, (_, trial) => uniformAt(kernels, stream, rows.length * lanesOfTrials + trial));
    const candidates = draws.map((draw) => findRow(lloyd, sums, draw));
    rows.push(await bestOf(lloyd, candidates, pause));
  }
  return rows;
}

/** Sums of the squared distances to the nearest row so far, by part; the last row is the new one. */
async function takeIn(lloyd: Lloyd, rows: readonly number[], pause: Pause): Promise<number[]> {
  const { problem, team, members, width } = lloyd;
  const from = new Uint8Array(rowAt(lloyd, rows.at(-1) ?? 0).buffer);
  team.round((member) => [{ write: memberAt(members, member).scratch, from }, { call: 'clear', args: [memberAt(members, member).partSums, parts] }]);
  await eachPiece({ team, rows: problem.trainRows, stride: rowsPerCall(width * 4), pause }, ({ member, index, first, last }) => {
    const { design, scratch, closest, partSums } = memberAt(members, member);
    return { call: 'seedRows', args: [design, width, scratch, rows.length === 1 ? 1 : 0, closest, partSums + index * 8, first, last] };
  });
  const { parts: sums, totals } = totalsOfParts(team, members, 1);
  if (!Number.isFinite(totals[0])) throw notFinite();
  return sums.map(([sum = 0]) => sum);
}

/** The row at which the squared distances, added up row by row, exceed this share of their total. */
function findRow({ problem, team, members }: Lloyd, sums: readonly number[], draw: number): number {
  let rest = draw * sums.reduce((total, sum) => total + sum, 0);
  for (const [part, sum] of sums.entries()) {
    if (rest < sum) {
      const row = partStart(problem.trainRows, part);
      const member = members.findIndex(({ first, rows }) => row >= first && row < first + rows);
      const own = memberAt(members, member);
      const args = [own.closest, rest, row - own.first, partStart(problem.trainRows, part + 1) - own.first];
      const [found] = team.round((index) => (index === member ? [{ call: 'findSeed', args }] : []))[member] ?? [];
      return own.first + Number(found);
    }
    rest -= sum;
  }
  return problem.trainRows - 1;
}

/** Of equals, the candidate that was drawn first. */
async function bestOf(lloyd: Lloyd, candidates: readonly number[], pause: Pause): Promise<number> {
  const { problem, team, members, width } = lloyd;
  const lanes = Math.ceil(candidates.length / 4) * 4;
  const columns = new Float64Array(width * lanes).fill(Infinity);
  for (const [lane, row] of candidates.entries()) {
    for (const [column, value] of rowAt(lloyd, row).entries()) columns[column * lanes + lane] = value;
  }
  const from = new Uint8Array(columns.buffer);
  team.round((member) => [{ write: memberAt(members, member).scratch, from }, { call: 'clear', args: [memberAt(members, member).partSums, parts * lanes] }]);
  await eachPiece({ team, rows: problem.trainRows, stride: rowsPerCall(width * lanes), pause }, ({ member, index, first, last }) => {
    const { design, scratch, closest, partSums } = memberAt(members, member);
    return { call: 'trialRows', args: [design, width, scratch, lanes, closest, partSums + index * lanes * 8, first, last] };
  });
  const { totals } = totalsOfParts(team, members, lanes);
  let best = 0;
  for (let trial = 1; trial < candidates.length; trial += 1) if ((totals[trial] ?? 0) < (totals[best] ?? 0)) best = trial;
  return candidates[best] ?? 0;
}
