import type { Pointer } from '../../kernels/pointer.ts';
import type { Team } from '../../team/team.ts';
import type { Problem } from '../algorithm.ts';
import type { Solver } from '../rows/cholesky.ts';
import type { RowShares } from '../rows/rowShares.ts';

/** Sizes of a problem. Weights stand vector by vector, the intercept first where there is one. */
export type Sizes = { vectors: number; free: number; width: number; line: number; size: number; slots: number; stride: number };

/** Where each member keeps what. */
export type Pointers = Record<'targets' | 'rowWeights' | 'probabilities' | 'weights' | 'sums' | 'curvatures' | 'panels' | 'scales', Pointer[]>;

/** Rows as the kernels go through them: every `stride`th of a slot's. */
export type Pass = { rows: RowShares; at: Pick<Pointers, 'targets' | 'rowWeights' | 'probabilities'>; stride: number };

/** A sample of the rows that lies together, so that passes over it read memory in order. */
export type Sample = {
  /** Every so many rows of a slot are in it. */
  of: number;
  pass: Pass;
  /** Brings the probabilities of its rows from those of all rows. */
  takeProbabilities(): void;
};

/** A point with its loss and slopes. */
export type Point = { weights: Float64Array; loss: number; gradient: Float64Array };

/** Newton's method at some step. */
export type Newton = Point & Sizes & {
  problem: Problem;
  team: Team;
  rows: RowShares;
  at: Pointers;
  /** The rows of the stride at the start, where that is not 1. */
  small: Sample | undefined;
  solver: Solver;
  ownWeights: Float64Array | null;
  /** The sum of the rows' weights. */
  total: number;
  /** The penalty of the mean loss: ridge / 2 |w|^2 + l1 |w|, intercepts left out. */
  ridge: number;
  l1: number;
  step: number;
  /** The curvature is summed over every `stride`th row of a slot. */
  stride: number;
  /** Loss and slopes are summed over every `sample`th row of a slot: 1 but on the way to the start. */
  sample: number;
  /** The largest slope: 0 at the minimum. */
  slope: number;
  /** Room that l1 needs, from its first step on. */
  coordinates?: { product: Pointer; weights: Pointer };
};

/** What a state holds of Newton's method. */
export type HeldNewton = Pick<Newton, 'step' | 'stride' | 'weights'>;
