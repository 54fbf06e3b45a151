import type { Kernels, Pointer } from '../kernels/index.ts';
import type { DesignBlock, Encoder } from '../prepare/designSource.ts';

/** One thing for a member to do: call a kernel, encode rows into its memory, or copy bytes into or out of it. */
export type Op = { call: string; args: number[] } | { encode: DesignBlock } | { write: Pointer; from: Uint8Array } | { read: Pointer; bytes: number };

/** A call's number (0 where the kernel returns none), how far the numbers go that were encoded, the bytes that were read, nothing after a write. */
export type Answer = number | Uint8Array | undefined;

type Callable = Record<string, ((...args: number[]) => number | undefined) | undefined>;

/** An instance, and what encodes rows into its memory. */
export type Hands = { kernels: Kernels; encode: Encoder };

/** Does one operation on an instance. Traps come out as WebAssembly.RuntimeError. */
export function perform({ kernels, encode }: Hands, op: Op): Answer {
  if ('encode' in op) return encode(op.encode);
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
