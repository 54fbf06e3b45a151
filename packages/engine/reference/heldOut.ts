import { flagOf, numberOf } from '../src/spec/parameters.ts';
import { sum } from './features.ts';
import type { Data } from './learner.ts';
import { hashRank } from './split.ts';

/** What early stopping looks at: rows that are not learned from; none without it. */
export type Held = { rows: number[][]; targets: number[] };

/** The rows of the lowest hash ranks: a share of them, rounded up, but not all. */
export function heldOut({ rows, parameters }: Data): Set<number> {
  if (!flagOf(parameters, 'early_stopping')) return new Set();
  const fraction = parameters['validation_fraction'] === undefined ? 0.1 : numberOf(parameters, 'validation_fraction');
  const seed = 2 ** 32 + numberOf(parameters, 'random_state');
  const ranked = rows.map((_, row) => ({ row, rank: hashRank(seed, row) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return new Set(ranked.slice(0, Math.min(rows.length - 1, Math.ceil(rows.length * fraction))).map(({ row }) => row));
}

/** The share of held rows whose class is wrong, or 1 - R² of their numbers. */
export function heldError({ targets, answers, isNumber }: Held & { answers: number[][]; isNumber: boolean }): number {
  if (!isNumber) return answers.filter((shares, row) => shares.indexOf(Math.max(...shares)) !== targets[row]).length / targets.length;
  const mean = sum(targets) / targets.length;
  const squares = sum(targets.map((target, row) => ((answers[row]?.[0] ?? 0) - target) ** 2));
  const spread = sum(targets.map((target) => (target - mean) * (target - mean)));
  if (spread === 0) return squares === 0 ? 0 : 1;
  return squares / spread;
}
