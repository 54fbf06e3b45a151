import type { Pointer } from './pointer.ts';

/** `assembly/encode.ts`, `memory.ts`, `math.ts`, `random.ts`, `split.ts`, `vectors.ts`. */
export type CommonKernels = {
  memory: WebAssembly.Memory;
  /** Which rules the code around the module follows; another number, other results. */
  rules: WebAssembly.Global;
  allocate(bytes: number): Pointer;
  exp(x: number): number;
  log(x: number): number;
  hashRanks(seed: bigint, keys: Pointer, first: number, last: number): void;
  /** Position `index` of splitmix64's stream of `seed`, as a signed integer of 64 bits. */
  randomKey(seed: bigint, index: bigint): bigint;
  encodeFour(block: Pointer, height: number, fitted: Pointer, out: Pointer, step: number, rows: number): number;
  encodeOne(block: Pointer, fitted: Pointer, out: Pointer, step: number, rows: number): number;
  clear(values: Pointer, count: number): void;
  takeRows(from: Pointer, line: number, stride: number, rows: number, out: Pointer): void;
  dot(a: Pointer, b: Pointer, count: number): number;
  largest(values: Pointer, count: number): number;
  /** out += sources, `count` values, from the first of `parts` sums that lie `stride` bytes apart to the last. */
  addParts(out: Pointer, sums: Pointer, parts: number, stride: number, count: number): void;
};
