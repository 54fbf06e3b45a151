import type { Pointer } from '../../kernels/index.ts';
import type { Team } from '../../team/team.ts';

/** Room for the same numbers in every member, and the numbers in it. */
export function allocateIn(team: Team, values: Float64Array): Pointer[] {
  const pointers = team.allocate(() => values.length * 8);
  for (const [member, pointer] of pointers.entries()) team.write(member, pointer, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return pointers;
}
