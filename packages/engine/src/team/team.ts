import { EngineError } from '../errors.ts';
import { type Kernels, type Pointer, engineModuleBytes, openKernels } from '../kernels/index.ts';
import { type DesignSource, openEncoder } from '../prepare/designSource.ts';
import type { WorkTrace } from '../run/workTrace.ts';
import { type Mailbox, capacity, createMailbox, kernelNames } from './mailbox.ts';
import { createExchangeBuffer, openExchange } from './exchange.ts';
import type { MemberSetup } from './memberMessage.ts';
import { type Answer, type Hands, type Op, perform } from './ops.ts';

/** Starts a thread that runs `serveMember` with this setup, and answers once it serves. The host's way to do so is given: the engine itself knows no host. */
export type StartMember = (setup: MemberSetup) => Promise<{ terminate(): void }>;

/**
 * Instances of the engine that work at the same time, each with a memory of its own. Member 0 is in the caller's
 * thread. What members compute must not depend on how many there are: give them parts of `partBounds`, and merge
 * floating-point results part by part.
 */
export type Team = {
  size: number;
  /** Member 0's kernels, for what is done once. */
  kernels: Kernels;
  /** Does each member's operations in order, all members at once. Answers by member, one for each operation. */
  round(ops: (member: number) => Op[]): Answer[][];
  /** Calls one kernel on every member at once; the numbers it returns, by member. */
  call(kernel: string, args: (member: number) => number[]): number[];
  /** Zeroed memory of so many bytes in every member. */
  allocate(bytes: (member: number) => number): Pointer[];
  write(member: number, pointer: Pointer, bytes: Uint8Array): void;
  /** A copy of a member's memory. */
  read(member: number, pointer: Pointer, bytes: number): Uint8Array;
  /** Tells whoever follows the work (`WorkTrace`) what was computed on the way and no state holds; it must not depend on the number of members. */
  note(values: Float64Array | Uint8Array | readonly number[]): void;
  close(): void;
};

/** Work is cut into this many parts, whatever the number of threads: the cut decides the order of sums. */
export const parts = 16;

/** The first row of a part of so many rows; `partStart(rows, parts)` is `rows`. */
export function partStart(rows: number, part: number): number {
  return Math.floor((rows * part) / parts);
}

/** The parts [first, last) of a member. */
export function partsOf(member: number, size: number): [first: number, last: number] {
  return [Math.floor((parts * member) / size), Math.floor((parts * (member + 1)) / size)];
}

export type TeamSetup = {
  /** 1 to 16; 1 unless `startMember` is given. */
  threads?: number | undefined;
  startMember?: StartMember | undefined;
  /** What members encode rows from. */
  source?: DesignSource | undefined;
  trace?: Pick<WorkTrace, 'note'> | undefined;
};

export async function createTeam({ threads = 1, startMember, source, trace }: TeamSetup = {}): Promise<Team> {
  const size = startMember === undefined ? 1 : Math.min(Math.max(threads, 1), parts);
  const kernels = await openKernels();
  const meeting = size > 1 ? createExchangeBuffer(size) : undefined;
  const exchange = meeting === undefined ? undefined : openExchange(meeting, 0, size);
  const hands: Hands = { kernels, encode: openEncoder(kernels, source), exchange };
  const names = kernelNames(kernels);
  const others = meeting === undefined ? [] : await Promise.all(Array.from({ length: size - 1 }, async (_, index) => {
    const mailbox = createMailbox(names);
    return { mailbox, thread: await startMember?.({ module: engineModuleBytes(), mailbox: mailbox.shared, exchange: meeting, member: index + 1, size, source }) };
  }));
  const round = (ops: (member: number) => Op[]): Answer[][] => {
    const asked = others.map(({ mailbox }, index) => {
      const list = ops(index + 1);
      mailbox.send(list);
      return list;
    });
    const own = performHere(hands, ops(0));
    return [own, ...others.map(({ mailbox }, index) => take(mailbox, asked[index] ?? []))];
  };
  const team: Team = {
    size, kernels, round,
    call: (kernel, args) => round((member) => [{ call: kernel, args: args(member) }]).map(([value]) => numberIn(value)),
    allocate: (bytes) => round((member) => [{ call: 'allocate', args: [bytes(member)] }]).map(([value]) => checkPointer(numberIn(value))),
    write: (member, pointer, bytes) => {
      for (let at = 0; at < bytes.length; at += capacity) {
        const from = bytes.subarray(at, at + capacity);
        round((index) => (index === member ? [{ write: pointer + at, from }] : []));
      }
    },
    read: (member, pointer, bytes) => {
      const all = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += capacity) {
        const piece = round((index) => (index === member ? [{ read: pointer + at, bytes: Math.min(capacity, bytes - at) }] : []))[member]?.[0];
        if (piece instanceof Uint8Array) all.set(piece, at);
      }
      return all;
    },
    note: (values) => {
      if (trace === undefined) return;
      if (values instanceof Uint8Array) trace.note(values);
      else trace.note(new Uint8Array(Float64Array.from(values).buffer));
    },
    close: () => {
      for (const { thread } of others) thread?.terminate();
    },
  };
  return team;
}

function performHere(hands: Hands, ops: Op[]): Answer[] {
  try {
    return ops.map((op) => perform(hands, op));
  } catch (error) {
    hands.exchange?.breakUp();
    throw toEngineError(error);
  }
}

function take(mailbox: Mailbox, ops: Op[]): Answer[] {
  try {
    return mailbox.take(ops);
  } catch (error) {
    throw toEngineError(error);
  }
}

/** A trap of the module is arithmetic that left its range: kernels trap on nothing else. */
function toEngineError(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new EngineError('NOT_FINITE', 'The numbers left the range that can be computed with: rescale the columns, or lower the learning rate.', { cause: error });
}

function numberIn(value: Answer | undefined): number {
  if (typeof value === 'number') return value;
  throw new TypeError('A kernel that returns nothing was asked for a number');
}

function checkPointer(pointer: number): Pointer {
  if (pointer !== 0) return pointer >>> 0;
  throw new EngineError('TOO_LARGE', "The engine's memory cannot grow further: use fewer rows or columns, or a machine with more memory.");
}
