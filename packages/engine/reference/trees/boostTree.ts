import type { TreeNode } from '../../src/algorithms/trees/treeBody.ts';
import { MISSING, thresholdOf } from './bins.ts';
import type { Derivatives } from './objective.ts';

/** The limits of a tree. */
export type Limits = { mostLeaves: number; mostDepth: number; leastRows: number; l2: number; signs: number[] };

/** Where a leaf stands: its rows, among them those held out, and the bounds of its value. */
export type Leaf = { node: number; depth: number; rows: number[]; low: number; high: number };
export type Split = { gain: number; column: number; bin: number; missingLeft: boolean; leftRows: number; rightRows: number; leftValue: number; rightValue: number };

type Table = { bins: number[][]; thresholds: number[][]; held: boolean[] };
type Sums = { g: number; h: number; count: number };

const nothing: Sums = { g: 0, h: 0, count: 0 };
const plus = (a: Sums, b: Sums): Sums => ({ g: a.g + b.g, h: a.h + b.h, count: a.count + b.count });
const minus = (a: Sums, b: Sums): Sums => ({ g: a.g - b.g, h: a.h - b.h, count: a.count - b.count });

/** Sums of derivatives of the rows that learn, by bin of a column. */
function histogram({ bins, held }: Table, rows: number[], { g, h }: Derivatives, column: number): Sums[] {
  const sums = Array.from({ length: 256 }, () => nothing);
  for (const row of rows) {
    if (held[row] === true) continue;
    const bin = bins[row]?.[column] ?? 0;
    sums[bin] = plus(sums[bin] ?? nothing, { g: g[row] ?? 0, h: h[row] ?? 0, count: 1 });
  }
  return sums;
}

/** -G / (H + l2), within the leaf's bounds. */
function valueOf(g: number, h: number, { l2 }: Limits, { low, high }: Leaf): number {
  const value = -g / (h + (l2 + 1e-15));
  return value < low ? low : value > high ? high : value;
}

/** A leaf's own value. */
export function leafValue(table: Table, leaf: Leaf, derivatives: Derivatives, limits: Limits): number {
  const all = histogram(table, leaf.rows, derivatives, 0).reduce(plus, nothing);
  return valueOf(all.g * derivatives.unitOfG, all.h * derivatives.unitOfH, limits, leaf);
}

/** The split of a leaf with the largest gain; of equals the first: columns, then missing right before left, then bins. */
export function bestSplit(table: Table, leaf: Leaf, derivatives: Derivatives, limits: Limits): Split | null {
  const { unitOfG, unitOfH } = derivatives;
  let best: Split | null = null;
  for (const [column, thresholds] of table.thresholds.entries()) {
    const sums = histogram(table, leaf.rows, derivatives, column);
    const all = sums.reduce(plus, nothing);
    const before = valueOf(all.g * unitOfG, all.h * unitOfH, limits, leaf) * (all.g * unitOfG);
    const missing = sums[MISSING] ?? nothing;
    const sign = limits.signs[column] ?? 0;
    for (const missingLeft of missing.count > 0 ? [false, true] : [false]) {
      let left = missingLeft ? missing : nothing;
      // Behind the last bin, only missing rows are on the right.
      const last = missing.count > 0 && !missingLeft ? thresholds.length : thresholds.length - 1;
      for (let bin = 0; bin <= last; bin += 1) {
        left = plus(left, sums[bin] ?? nothing);
        const right = minus(all, left);
        if (left.count < limits.leastRows || right.count < limits.leastRows) continue;
        if (left.h * unitOfH < 1e-3 || right.h * unitOfH < 1e-3) continue;
        const leftValue = valueOf(left.g * unitOfG, left.h * unitOfH, limits, leaf);
        const rightValue = valueOf(right.g * unitOfG, right.h * unitOfH, limits, leaf);
        if ((sign > 0 && leftValue > rightValue) || (sign < 0 && leftValue < rightValue)) continue;
        const gain = before - leftValue * (left.g * unitOfG) - rightValue * (right.g * unitOfG);
        if (!(gain > (best?.gain ?? 0))) continue;
        best = { gain, column, bin, missingLeft: missing.count > 0 ? missingLeft : left.count > right.count, leftRows: left.count, rightRows: right.count, leftValue, rightValue };
      }
    }
  }
  return best;
}

/** Splits a leaf: its node gets two children at the end of the list. */
export function splitLeaf(table: Table, nodes: TreeNode[], leaf: Leaf, split: Split, limits: Limits): Leaf[] {
  const { column, bin, missingLeft, leftValue, rightValue } = split;
  const left = nodes.length;
  nodes[leaf.node] = { column, threshold: thresholdOf(table.thresholds[column] ?? [], bin), missingLeft, left, right: left + 1 };
  nodes.push({ values: [leftValue] }, { values: [rightValue] });
  const goesLeft = (row: number): boolean => {
    const own = table.bins[row]?.[column] ?? 0;
    return own === MISSING ? missingLeft : own <= bin;
  };
  const sign = limits.signs[column] ?? 0;
  const middle = (leftValue + rightValue) / 2;
  const [lower, upper] = [{ low: leaf.low, high: sign === 0 ? leaf.high : middle }, { low: sign === 0 ? leaf.low : middle, high: leaf.high }];
  return [
    { node: left, depth: leaf.depth + 1, rows: leaf.rows.filter(goesLeft), ...(sign < 0 ? upper : lower) },
    { node: left + 1, depth: leaf.depth + 1, rows: leaf.rows.filter((row) => !goesLeft(row)), ...(sign < 0 ? lower : upper) },
  ];
}
