import { EngineError } from '../../errors.ts';
import type { Pointer } from '../../kernels/index.ts';
import type { Problem } from '../algorithm.ts';
import type { Team } from '../../team/team.ts';
import type { Share } from '../dealRows.ts';

/** What is kept of a run between two iterations; `way` is the sum of the centres' squared ways in the last one. */
export type LloydState = {
  step: number;
  run: number;
  iteration: number;
  way: number;
  /** [clusters, width] row by row. */
  centres: Float64Array;
  /** Of the starts that ended. */
  best: { loss: number; centres: Float64Array } | undefined;
};

/** Addresses of one member. `moves`, `halves`, `centres` and `columns` are copies of member 0's. */
export type Own = Share & Record<'owners' | 'upper' | 'lower' | 'closest' | 'centres' | 'columns' | 'moves' | 'halves' | 'scales' | 'sums' | 'counts' | 'partSums' | 'scratch', Pointer>;

/** Lloyd's algorithm at some state, each row in the cluster of its nearest centre. */
export type Lloyd = {
  problem: Problem;
  team: Team;
  members: Own[];
  clusters: number;
  width: number;
  runs: number;
  state: LloydState;
  loss: number;
  /** Whether the centres came to rest. */
  settled: boolean;
  /** Squared ways that count as rest. */
  tolerance: number;
  /** Sum of the squared distances of all rows to their mean. */
  spread: number;
  /** Member 0's, merged over all members. */
  mean: Pointer;
  sums: Pointer;
  counts: Pointer;
  next: Pointer;
  staging: Pointer;
};

/** Candidates for a first centre at most, as lanes. */
export const lanesOfTrials = 8;

/** Lanes of centres: a multiple of 4. */
export function padded(clusters: number): number {
  return Math.ceil(clusters / 4) * 4;
}

/** A train row's design. */
export function rowAt({ team, members, width }: Pick<Lloyd, 'team' | 'members' | 'width'>, row: number): Float64Array {
  const member = members.findIndex(({ first, rows }) => row >= first && row < first + rows);
  const own = members[member];
  if (own === undefined) throw new RangeError(`There is no train row ${row}`);
  return new Float64Array(team.read(member, own.design + (row - own.first) * width * 8, width * 8).buffer);
}

/** A member's addresses. */
export function memberAt(members: readonly Own[], member: number): Own {
  const own = members[member];
  if (own === undefined) throw new RangeError(`There is no member ${member}`);
  return own;
}

export function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'Squared distances left the range of finite numbers: rescale the columns, or leave spec.preprocess.scale at "standard".');
}
