import { type Team, partsOf } from '../../team/team.ts';
import type { Own } from './lloyd.ts';

/** The `partSums` of all members, `lanes` for each part; and the totals of each lane, added from the first part to the last. */
export function totalsOfParts(team: Team, members: readonly Own[], lanes: number): { parts: Float64Array[]; totals: Float64Array } {
  const parts: Float64Array[] = [];
  for (const [member, { partSums }] of members.entries()) {
    const [first, end] = partsOf(member, team.size);
    const values = new Float64Array(team.read(member, partSums, (end - first) * lanes * 8).buffer);
    for (let at = 0; at < values.length; at += lanes) parts.push(values.subarray(at, at + lanes));
  }
  const totals = new Float64Array(lanes);
  for (const sums of parts) for (let lane = 0; lane < lanes; lane += 1) totals[lane] = (totals[lane] ?? 0) + (sums[lane] ?? 0);
  return { parts, totals };
}
