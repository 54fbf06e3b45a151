import type { Pointer } from './index.ts';

/** `assembly/softmax.ts` and `assembly/newton.ts`. */
export type LogisticKernels = {
  softmaxRows(design: Pointer, width: number, targets: Pointer, weights: Pointer, vectors: number, classes: number, probabilities: Pointer, loss: Pointer, first: number, last: number): number;
  gradientRows(design: Pointer, width: number, targets: Pointer, vectors: number, classes: number, probabilities: Pointer, gradient: Pointer, first: number, last: number): void;
  objective(lossSum: number, rows: number, ridge: number, weights: Pointer, vectors: number, width: number): number;
  finishGradient(gradient: Pointer, rows: number, ridge: number, weights: Pointer, vectors: number, width: number): void;
  hessianRows(design: Pointer, width: number, vectors: number, classes: number, probabilities: Pointer, hessian: Pointer, first: number, last: number): void;
  finishHessian(hessian: Pointer, diagonal: Pointer, rows: number, ridge: number, vectors: number, width: number): void;
  startFactor(hessian: Pointer, diagonal: Pointer, shift: number, size: number): void;
  factorRow(hessian: Pointer, diagonal: Pointer, size: number, row: number): number;
  solve(hessian: Pointer, gradient: Pointer, direction: Pointer, size: number): void;
  accepts(before: number, after: number, scale: number, slope: number): number;
  moveWeights(weights: Pointer, direction: Pointer, scale: number, out: Pointer, count: number): void;
};
