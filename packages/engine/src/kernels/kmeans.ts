import type { Pointer } from './pointer.ts';

/** `assembly/kmeans.ts`, `kmeansSeeds.ts` and `nearestCentre.ts`. */
export type KMeansKernels = {
  nearestRows(design: Pointer, width: number, columns: Pointer, padded: number, out: Pointer, first: number, last: number): number;
  assignRows(
    design: Pointer, width: number, centres: Pointer, columns: Pointer, padded: number, owners: Pointer, upper: Pointer, lower: Pointer,
    moves: Pointer, halves: Pointer, most: number, largest: number, second: number, scales: Pointer, sums: Pointer, counts: Pointer, first: number, last: number,
  ): number;
  addIntegers(out: Pointer, values: Pointer, count: number): void;
  largestOfColumns(design: Pointer, width: number, out: Pointer, first: number, last: number): void;
  sumColumns(design: Pointer, width: number, scales: Pointer, sums: Pointer, first: number, last: number): void;
  meanOfSums(sums: Pointer, count: number, scales: Pointer, mean: Pointer, width: number): void;
  meansOfClusters(sums: Pointer, counts: Pointer, scales: Pointer, centres: Pointer, clusters: number, width: number): void;
  centreColumns(centres: Pointer, clusters: number, width: number, columns: Pointer, padded: number): void;
  centreMoves(before: Pointer, after: Pointer, clusters: number, width: number, moves: Pointer): number;
  halfDistances(centres: Pointer, clusters: number, width: number, halves: Pointer, first: number, last: number): void;
  spreadRows(design: Pointer, width: number, point: Pointer, sum: Pointer, first: number, last: number): void;
  inertiaOf(spread: number, mean: Pointer, sums: Pointer, counts: Pointer, scales: Pointer, centres: Pointer, clusters: number, width: number): number;
  farthestRow(design: Pointer, width: number, centres: Pointer, owners: Pointer, limit: number, limitRow: number, out: Pointer, first: number, last: number): number;
  seedRows(design: Pointer, width: number, centre: Pointer, isFirst: number, closest: Pointer, sum: Pointer, first: number, last: number): void;
  trialRows(design: Pointer, width: number, columns: Pointer, lanes: number, closest: Pointer, sums: Pointer, first: number, last: number): void;
  findSeed(closest: Pointer, rest: number, first: number, last: number): number;
};
