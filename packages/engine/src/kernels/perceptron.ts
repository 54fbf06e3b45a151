import type { Pointer } from './pointer.ts';

/** `assembly/perceptron`. */
export type PerceptronKernels = {
  turnWeights(net: Pointer, parameters: Pointer, turned: Pointer): void;
  groupGradient(
    net: Pointer, parameters: Pointer, turned: Pointer, gradient: Pointer, values: Pointer, deltas: Pointer, halfDeltas: Pointer,
    design: Pointer, targets: Pointer, order: Pointer, rows: number, threshold: number, scale: number, seedHigh: number, seedLow: number, group: number, loss: Pointer,
  ): void;
  applyNetwork(net: Pointer, parameters: Pointer, values: Pointer, rows: number, classes: number, out: Pointer): number;
  addFloats(a: Pointer, b: Pointer, count: number): void;
  adamStep(
    w: Pointer, m: Pointer, v: Pointer, a: Pointer, b: Pointer, count: number,
    alpha: number, share: number, beta1: number, rest1: number, beta2: number, rest2: number, rate: number, epsilon: number,
  ): void;
  sumSquares(values: Pointer, count: number): number;
  fillUniform(out: Pointer, rows: number, columns: number, lanes: number, bound: number, seedHigh: number, seedLow: number, first: number): void;
  shuffleRows(order: Pointer, count: number, seedHigh: number, seedLow: number): void;
};
