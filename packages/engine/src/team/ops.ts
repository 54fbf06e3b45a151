import type { Kernels, Pointer } from '../kernels/index.ts';
import type { DesignBlock, Encoder } from '../prepare/designSource.ts';
import type { Exchange } from './exchange.ts';

/**
 * One thing for a member to do: call a kernel, encode rows into its memory, or copy bytes into or out of it. Within a round
 * members hand bytes to each other: all `give`, all `meet`, then all `take`; a round has one meeting at most.
 */
export type Op =
  | { call: string; args: number[] } | { encode: DesignBlock } | { write: Pointer; from: Uint8Array } | { read: Pointer; bytes: number }
  | { give: Pointer; bytes: number; at: number } | { meet: true } | { take: Pointer; bytes: number; from: number; at: number };

/** A call's number (0 where the kernel returns none), how far the numbers go that were encoded, the bytes that were read, nothing after all else. */
export type Answer = number | Uint8Array | undefined;

type Callable = Record<string, ((...args: number[]) => number | undefined) | undefined>;

/** An instance, what encodes rows into its memory, and the place where it meets others. */
export type Hands = { kernels: Kernels; encode: Encoder; exchange: Exchange | undefined };

/** Does one operation on an instance. Traps come out as WebAssembly.RuntimeError. */
export function perform(hands: Hands, op: Op): Answer {
  const { kernels, encode } = hands;
  if ('call' in op) {
    // Kernels are functions of numbers; the names come from this package only.
    const kernel = (kernels as unknown as Callable)[op.call];
    if (kernel === undefined) throw new TypeError(`The engine has no kernel ${op.call}`);
    return kernel(...op.args) ?? 0;
  }
  if ('encode' in op) return encode(op.encode);
  if ('write' in op) {
    new Uint8Array(kernels.memory.buffer, op.write, op.from.length).set(op.from);
    return undefined;
  }
  if ('read' in op) return new Uint8Array(kernels.memory.buffer, op.read, op.bytes).slice();
  exchange(hands, op);
  return undefined;
}

function exchange({ kernels: { memory }, exchange: place }: Hands, op: Extract<Op, { give: Pointer } | { meet: true } | { take: Pointer }>): void {
  if (place === undefined) return;
  if ('meet' in op) place.meet();
  else if ('give' in op) place.give(memory, op.give, op.bytes, op.at);
  else place.take(memory, op.take, op.bytes, op.from, op.at);
}
