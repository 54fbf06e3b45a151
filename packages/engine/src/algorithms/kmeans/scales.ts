import { type Pointer, allocate, doubles, rowsPerCall } from '../../kernels/index.ts';
import type { Problem } from '../algorithm.ts';
import type { Pause } from '../../run/pause.ts';
import type { Team } from '../../team/team.ts';
import { eachPiece } from '../dealRows.ts';
import { type Own, memberAt, notFinite } from './lloyd.ts';
import { totalsOfParts } from './totalsOfParts.ts';

type Fit = { problem: Problem; team: Team; members: Own[]; pause: Pause };

/** Writes the scale of each column to all members; then the mean of all rows, and the sum of their squared distances to it. */
export async function fitScales({ problem, team, members, pause }: Fit): Promise<{ spread: number; mean: Pointer }> {
  const { kernels } = team;
  const { trainRows: rows, width } = problem;
  const work = { team, rows, stride: rowsPerCall(width * 2), pause };
  const at = (member: number): Own => memberAt(members, member);
  await eachPiece(work, ({ member, first, last }) => ({ call: 'largestOfColumns', args: [at(member).design, width, at(member).scratch, first, last] }));
  const largest = new Float64Array(width);
  for (const [member, { scratch }] of members.entries()) {
    const found = new Float64Array(team.read(member, scratch, width * 8).buffer);
    for (let column = 0; column < width; column += 1) largest[column] = Math.max(largest[column] ?? 0, found[column] ?? 0);
  }
  const scales = new Uint8Array(largest.map((size) => scaleOf(size, rows)).buffer);
  team.round((member) => [{ write: at(member).scales, from: scales }]);
  await eachPiece(work, ({ member, first, last }) => ({ call: 'sumColumns', args: [at(member).design, width, at(member).scales, at(member).sums, first, last] }));
  const mean = allocate(kernels, width * 8);
  const sums = allocate(kernels, width * 8);
  for (const [member, own] of members.entries()) {
    team.write(0, mean, team.read(member, own.sums, width * 8));
    kernels.addIntegers(sums, mean, width);
  }
  kernels.meanOfSums(sums, rows, at(0).scales, mean, width);
  const point = team.read(0, mean, width * 8);
  team.round((member) => [{ write: at(member).scratch, from: point }]);
  await eachPiece(work, ({ member, index, first, last }) => ({ call: 'spreadRows', args: [at(member).design, width, at(member).scratch, at(member).partSums + index * 8, first, last] }));
  const [spread = 0] = totalsOfParts(team, members, 1).totals;
  if (!Number.isFinite(spread) || !doubles(kernels, mean, width).every(Number.isFinite)) throw notFinite();
  return { spread, mean };
}

const FINEST = 1_125_899_906_842_624;

/** The power of two that makes integers of a column: as fine as sums of all rows in 63 bits allow, 50 bits at most. */
export function scaleOf(largest: number, rows: number): number {
  // The largest power of two of which `rows` together stay below 2^62.
  let most = FINEST;
  while (most * rows > 4_611_686_018_427_387_904) most /= 2;
  let scale = 1;
  if (largest === 0) return scale;
  while (largest * scale * 2 <= most && scale < 1e300) scale *= 2;
  while (largest * scale > most) scale /= 2;
  return scale;
}
