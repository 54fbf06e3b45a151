import type { Kernels } from '../kernels/index.ts';

/** A stream of random numbers that are counted, not drawn: number i is the same whoever asks first. */
export type Stream = bigint;

/** Stream `tag` of a seed; streams of different tags or seeds have nothing to do with each other. */
export function streamOf(kernels: Kernels, seed: number, tag: number): Stream {
  return kernels.randomKey(BigInt(seed), BigInt(tag));
}

const UNIT = 1.1102230246251565e-16;

/** Number `index` of a stream: a multiple of 2^-53 in [0, 1). */
export function uniformAt(kernels: Kernels, stream: Stream, index: number): number {
  return Number(BigInt.asUintN(64, kernels.randomKey(stream, BigInt(index))) >> 11n) * UNIT;
}
