import { EngineError } from '../../errors.ts';
import { type Pointer, integers } from '../../kernels/index.ts';
import type { Problem } from '../algorithm.ts';
import type { Team } from '../../team/team.ts';
import type { Stream } from '../random.ts';
import type { Plan } from './batches.ts';
import { type Network, pack } from './network.ts';

/** What is kept of a run between two steps, besides parameters and moments. */
export type Progress = {
  step: number;
  /** Epochs that ended. */
  epoch: number;
  /** Batches of the epoch under way. */
  batch: number;
  /** Batches of the whole run. */
  updates: number;
  /** beta_1 and beta_2 to the power of `updates`. */
  power1: number;
  power2: number;
  /** Of the epoch under way. */
  lossSum: number;
  seen: number;
  /** The lowest loss of an epoch, or with early stopping the lowest error on the rows held out; -1 before the first one ended. */
  best: number;
  /** Epochs in a row that did not improve on the best one by more than the tolerance. */
  stale: number;
  loss: number;
};

/** Addresses of a member, and its groups [firstGroup, endGroup). Gradients: one for each group. */
export type Own = { firstGroup: number; endGroup: number; firstRow: number; gradients: Pointer[] } & Record<
  'net' | 'weights' | 'first' | 'second' | 'turned' | 'values' | 'deltas' | 'spare' | 'design' | 'targets' | 'order' | 'losses', Pointer
>;

/** The rows that early stopping holds out, and what it has found on them. */
export type Validation = {
  /** [rows, width] of f32, and the targets on the scale that is learned. */
  design: Float32Array;
  targets: Float32Array;
  /** Where a piece's outputs are put. */
  out: Pointer;
  /** The weights of the best epoch as states hold them; those of no epoch before the first one ended. */
  best: Uint8Array;
};

/** Training at some state. */
export type Perceptron = {
  problem: Problem;
  team: Team;
  network: Network;
  plan: Plan;
  /** Those with groups: 1, 2 or 4 of the team. */
  members: Own[];
  progress: Progress;
  streams: { shuffle: Stream; dropout: Stream };
  /** What regression targets are centred and scaled by. */
  target: { mean: number; deviation: number };
  /** With early stopping. */
  validation: Validation | null;
};

/** A member's addresses. */
export function memberAt(members: readonly Own[], member: number): Own {
  const own = members[member];
  if (own === undefined) throw new RangeError(`There is no member ${member}`);
  return own;
}

/** Parameters and moments as states hold them, one list behind the other; `before`: words in front of them. */
export function packed({ network, team, members }: Pick<Perceptron, 'network' | 'team' | 'members'>, lists: readonly ('weights' | 'first' | 'second')[], before = 0): Uint8Array<ArrayBuffer> {
  const own = memberAt(members, 0);
  const words = new Int32Array(before + network.packed * lists.length);
  for (const [index, list] of lists.entries()) pack(network, integers(team.kernels, own[list], network.count), words, before + index * network.packed);
  return new Uint8Array(words.buffer);
}

/** Members that work: a group cannot be shared. */
export function workersOf(team: Team): number {
  if (team.size >= 4) return 4;
  return team.size >= 2 ? 2 : 1;
}

export function notFinite(): EngineError {
  return new EngineError('NOT_FINITE', 'The loss left the range of finite numbers: lower spec.parameters.learning_rate_init, or rescale the columns.');
}
