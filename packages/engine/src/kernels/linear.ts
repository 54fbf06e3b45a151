import type { Pointer } from './pointer.ts';

/** `assembly/bayes.ts`, `cholesky.ts`, `coordinates.ts`, `eigen.ts`, `gram.ts`, `logistic.ts`. */
export type LinearKernels = {
  startFactor(matrix: Pointer, diagonal: Pointer, shift: number, size: number): void;
  factorRow(matrix: Pointer, diagonal: Pointer, size: number, row: number): number;
  solve(matrix: Pointer, right: Pointer, out: Pointer, size: number): void;
  coordinateSweep(hessian: Pointer, gradient: Pointer, product: Pointer, direction: Pointer, weights: Pointer, l1: number, size: number, width: number, free: number): number;
  momentRows(design: Pointer, line: number, shift: Pointer, weights: Pointer, panels: Pointer, sums: Pointer, first: number, last: number): number;
  projectRows(design: Pointer, line: number, weights: Pointer, vectors: number, out: Pointer, first: number, last: number): void;
  curvatureRows(design: Pointer, line: number, weights: Pointer, vectors: number, probabilities: Pointer, panels: Pointer, scales: Pointer, out: Pointer, stride: number, first: number, last: number): void;
  logisticRows(design: Pointer, line: number, targets: Pointer, rowWeights: Pointer, weights: Pointer, vectors: number, probabilities: Pointer, sums: Pointer, stride: number, first: number, last: number): number;
  scoreRows(design: Pointer, line: number, weights: Pointer, vectors: number, probabilities: Pointer, first: number, last: number): number;
  classRows(design: Pointer, line: number, targets: Pointer, weights: Pointer, shift: Pointer, sums: Pointer, first: number, last: number): number;
  countRows(design: Pointer, line: number, targets: Pointer, weights: Pointer, sums: Pointer, first: number, last: number): number;
  gaussianRows(design: Pointer, line: number, classes: number, table: Pointer, out: Pointer, first: number, last: number): number;
  reflectRow(matrix: Pointer, reflections: Pointer, betas: Pointer, off: Pointer, work: Pointer, size: number, k: number): void;
  reflectVectors(vectors: Pointer, reflections: Pointer, betas: Pointer, size: number, k: number): void;
  rotateRows(vectors: Pointer, angles: Pointer, size: number, first: number, count: number): void;
};
