import type { Pointer } from '../kernels/index.ts';

// Where members meet in the middle of a round, and hand bytes to each other without the caller. One shared buffer: control
// words (i32): [0] arrivals since the start, [1] whether a member trapped, and will never come, [2] how many sleep. Then an outbox for each member.

const CONTROL_BYTES = 64;
/** Bytes that a member can hand to the others between two meetings. */
export const outboxBytes = 1 << 20;
/** Looks before sleeping: members come within a small part of a millisecond of each other. */
const SPINS = 20_000;

const ARRIVALS = 0;
const BROKEN = 1;
const SLEEPERS = 2;

/** A member's side of it. */
export type Exchange = {
  /** Copies bytes of a memory to place `at` of this member's outbox. */
  give(memory: WebAssembly.Memory, pointer: Pointer, bytes: number, at: number): void;
  /** Waits until every member has come as often as this one. @throws WebAssembly.RuntimeError where one trapped on its way */
  meet(): void;
  /** Copies bytes that `from` gave before the members met. */
  take(memory: WebAssembly.Memory, pointer: Pointer, bytes: number, from: number, at: number): void;
  /** Says that this member will not come again. */
  breakUp(): void;
};

export function createExchangeBuffer(size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES + size * outboxBytes);
}

export function openExchange(shared: SharedArrayBuffer, member: number, size: number): Exchange {
  const control = new Int32Array(shared, 0, CONTROL_BYTES / 4);
  const outboxes = Array.from({ length: size }, (_, index) => new Uint8Array(shared, CONTROL_BYTES + index * outboxBytes, outboxBytes));
  const own = outboxes[member] ?? new Uint8Array();
  let meetings = 0;
  const complete = (): boolean => Atomics.load(control, ARRIVALS) >= meetings * size || Atomics.load(control, BROKEN) === 1;
  const wake = (): void => {
    if (Atomics.load(control, SLEEPERS) > 0) Atomics.notify(control, ARRIVALS);
  };
  return {
    give: (memory, pointer, bytes, at) => own.set(new Uint8Array(memory.buffer, pointer, bytes), at),
    take: (memory, pointer, bytes, from, at) => {
      const outbox = outboxes[from];
      if (outbox !== undefined) new Uint8Array(memory.buffer, pointer, bytes).set(outbox.subarray(at, at + bytes));
    },
    meet: () => {
      meetings += 1;
      const arrived = Atomics.add(control, ARRIVALS, 1) + 1;
      if (arrived === meetings * size) wake();
      else awaitAll(control, complete);
      if (Atomics.load(control, BROKEN) === 1) throw new WebAssembly.RuntimeError('A kernel trapped in another thread');
    },
    breakUp: () => {
      Atomics.store(control, BROKEN, 1);
      wake();
    },
  };
}

function awaitAll(control: Int32Array, complete: () => boolean): void {
  for (let spin = 0; spin < SPINS; spin += 1) if (complete()) return;
  Atomics.add(control, SLEEPERS, 1);
  for (;;) {
    const seen = Atomics.load(control, ARRIVALS);
    if (complete()) break;
    // Breaking up leaves the arrivals as they are, so that no sleep may be long.
    Atomics.wait(control, ARRIVALS, seen, 10);
  }
  Atomics.sub(control, SLEEPERS, 1);
}
