import type { Pointer } from './pointer.ts';

/** `assembly/trees/`. */
export type TreeKernels = {
  sortNumbers(values: Pointer, scratch: Pointer, counts: Pointer, count: number): void;
  findThresholds(values: Pointer, count: number, most: number, out: Pointer): number;
  binRows(design: Pointer, width: number, thresholds: Pointer, bins: Pointer, stride: number, columns: Pointer, rows: number, at: number, count: number): void;
  buildHistogram(bins: Pointer, stride: number, order: Pointer, gradients: Pointer, ranges: Pointer, node: number, histogram: Pointer, shift: number, first: number, last: number): void;
  addHistogram(into: Pointer, from: Pointer, bytes: number): void;
  copyHistogram(into: Pointer, from: Pointer, bytes: number): void;
  subtractHistogram(whole: Pointer, part: Pointer, bytes: number): void;
  startTree(base: Pointer, order: Pointer, ranges: Pointer, heldRanges: Pointer, fitRows: number, rows: number): void;
  partitionRows(columns: Pointer, rows: number, order: Pointer, scratch: Pointer, ranges: Pointer, node: number, left: number, feature: number, bin: number, missingLeft: number): void;
  addLeaf(raw: Pointer, outputs: number, output: number, order: Pointer, ranges: Pointer, node: number, value: number): void;
  addKnownTree(nodes: Pointer, values: Pointer, rows: Pointer, stride: number, raw: Pointer, outputs: number, output: number, first: number, last: number): void;
  addSmallTrees(trees: Pointer, count: number, scratch: Pointer, columns: Pointer, raw: Pointer, outputs: number, output: number, first: number, last: number): void;
  setSplits(bits: number, penalty: number, rows: number): void;
  setUnits(gradient: number, hessian: number): void;
  findSplit(histogram: Pointer, first: number, last: number, bins: Pointer, signs: Pointer, low: number, high: number, out: Pointer): void;
  logisticGradients(raw: Pointer, targets: Pointer, weights: Pointer, held: Pointer, gradients: Pointer, losses: Pointer, unitsOfG: number, unitsOfH: number, first: number, last: number): void;
  softmaxStart(raw: Pointer, classes: number, targets: Pointer, weights: Pointer, held: Pointer, stats: Pointer, losses: Pointer, first: number, last: number): void;
  softmaxGradients(raw: Pointer, classes: number, own: number, targets: Pointer, weights: Pointer, stats: Pointer, gradients: Pointer, unitsOfG: number, unitsOfH: number, first: number, last: number): void;
  squaredErrors(raw: Pointer, targets: Pointer, weights: Pointer, held: Pointer, losses: Pointer, most: Pointer, first: number, last: number): void;
  squaredGradients(raw: Pointer, targets: Pointer, weights: Pointer, gradients: Pointer, unitsOfG: number, unitsOfH: number, first: number, last: number): void;
  addTree(nodes: Pointer, root: number, design: Pointer, width: number, rows: number, out: Pointer, outputs: number, output: number): void;
  addTreeValues(nodes: Pointer, root: number, values: Pointer, design: Pointer, width: number, rows: number, out: Pointer, outputs: number): void;
  logisticLink(raw: Pointer, out: Pointer, rows: number): void;
  softmaxLink(raw: Pointer, classes: number, rows: number): void;
  meanLink(sums: Pointer, out: Pointer, rows: number, outputs: number, trees: number, pairs: number): void;
  setGrowerPlaces(bins: Pointer, stride: number, width: number, binCounts: Pointer, samples: Pointer, order: Pointer, histogram: Pointer, marks: Pointer, features: Pointer, swaps: Pointer, totals: Pointer, lefts: Pointer): void;
  setGrowerRules(classes: number, columns: number, leastRows: number, entropy: number, shift: number): void;
  setTreePlaces(bins: Pointer, stride: number, rows: number, targets: Pointer, weights: Pointer, samples: Pointer, order: Pointer, scratch: Pointer, stack: Pointer, thresholds: Pointer): void;
  setTreeRules(classes: number, mostDepth: number, leastSplit: number, leastLeaf: number, middle: number, impurityFactor: number): void;
  setMostLeaves(most: number, table: Pointer, heap: Pointer, path: Pointer): void;
  startGrowing(seed: number, tree: number, bootstrap: number, weightBits: number): number;
  growNodes(budget: number, out: Pointer, capacity: number): number;
  closeNodes(out: Pointer, capacity: number): number;
  triedScores(): number;
};
