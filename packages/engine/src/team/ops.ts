import type { Kernels, Pointer } from '../kernels/index.ts';

/** One thing for a member to do: call a kernel, or copy bytes into or out of its memory. */
export type Op = { call: string; args: number[] } | { write: Pointer; from: Uint8Array } | { read: Pointer; bytes: number };

/** A call's number (0 where the kernel returns none), the bytes that were read, nothing after a write. */
export type Answer = number | Uint8Array | undefined;

type Callable = Record<string, ((...args: number[]) => number | undefined) | undefined>;

/** Does one operation on an instance. Traps come out as WebAssembly.RuntimeError. */
export function perform(kernels: Kernels, op: Op): Answer {
  if ('call' in op) {
    // Kernels are functions of numbers; the names come from this package only.
    const kernel = (kernels as unknown as Callable)[op.call];
    if (kernel === undefined) throw new TypeError(`The engine has no kernel ${op.call}`);
    return kernel(...op.args) ?? 0;
  }
  if ('write' in op) {
    new Uint8Array(kernels.memory.buffer, op.write, op.from.length).set(op.from);
    return undefined;
  }
  return new Uint8Array(kernels.memory.buffer, op.read, op.bytes).slice();
}
