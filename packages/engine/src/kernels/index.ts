import { EngineError } from '../errors.ts';
import { engineModule } from '../generated/engineModule.ts';
import { type Digest, sha256Hex } from '../hash.ts';
import type { CommonKernels } from './common.ts';
import type { KMeansKernels } from './kmeans.ts';
import type { LinearKernels } from './linear.ts';
import type { PerceptronKernels } from './perceptron.ts';
import type { TreeKernels } from './trees.ts';
import type { NeighbourKernels } from './neighbours.ts';
import type { Pointer } from './pointer.ts';

const moduleBytes = Uint8Array.from(atob(engineModule), (char) => char.charCodeAt(0));
let compiled: WebAssembly.Module | undefined;

/** The engine's identity: sha256 of the WebAssembly module's bytes. */
export const engineId: Digest = sha256Hex(moduleBytes);

/** A copy of the WebAssembly module, to check its digest or that it imports nothing. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  return moduleBytes.slice();
}

/** The module's bytes as they are, for another thread. */
export function engineModuleBytes(): Uint8Array {
  return moduleBytes;
}

export type { Pointer };

/** What the module exports; shapes and orders of sums are told in `assembly/`. */
export type Kernels =
  & CommonKernels
  & LinearKernels
  & KMeansKernels
  & TreeKernels
  & NeighbourKernels
  & PerceptronKernels;

/** A fresh instance with its own memory: one for each run or prediction. */
export function createKernels(): Kernels {
  compiled ??= new WebAssembly.Module(moduleBytes);
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels;
}

const ATTEMPTS = 100;
const BETWEEN_MS = 50;

/**
 * {@link createKernels}, waiting where there is no room for another instance's addresses: browsers keep room for about a
 * hundred, and threads that have just been ended give theirs back a little later.
 */
export async function openKernels(create: () => Kernels = createKernels): Promise<Kernels> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return create();
    } catch (error) {
      if (!(error instanceof RangeError) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, BETWEEN_MS);
      });
    }
  }
}

let shared: Kernels | undefined;

/** One instance for what needs hardly any memory of it, such as a logarithm or the keys of some rows. */
export function sharedKernels(): Kernels {
  shared ??= createKernels();
  return shared;
}

/** Zeroed memory. @throws EngineError TOO_LARGE */
export function allocate(kernels: Kernels, bytes: number): Pointer {
  const pointer = bytes < 2 ** 32 ? kernels.allocate(bytes) >>> 0 : 0;
  if (pointer !== 0) return pointer;
  throw new EngineError('TOO_LARGE', `The engine's memory cannot grow by ${bytes} bytes: use fewer rows or columns, or a machine with more memory.`);
}

/** f64 values at a pointer. Views die when memory grows: take them anew. */
export function doubles(kernels: Kernels, pointer: Pointer, count: number): Float64Array {
  return new Float64Array(kernels.memory.buffer, pointer, count);
}

export function integers(kernels: Kernels, pointer: Pointer, count: number): Int32Array {
  return new Int32Array(kernels.memory.buffer, pointer, count);
}

/** Rows a call: short calls let engines replace interpreted code by compiled code between them. */
export function rowsPerCall(workPerRow: number): number {
  return Math.max(64, Math.ceil((1 << 20) / workPerRow));
}
