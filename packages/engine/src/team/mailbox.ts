import type { DesignBlock } from '../prepare/designSource.ts';
import type { Answer, Op } from './ops.ts';

// One shared buffer between the caller and a member. Control words (i32): [0] whose turn it is, [1] operations, [2] whether
// the caller sleeps, [3] whether the member does. Then f64 words: a command for each operation, its answer in place of its
// first word. Then bytes that are copied.

export const IDLE = 0;
export const ASKED = 1;
export const DONE = 2;
export const FAILED = 3;

export const CALLER_SLEEPS = 2;
export const MEMBER_SLEEPS = 3;

const WORDS = 8192;
const DATA_AT = 64 + WORDS * 8;
/** Bytes that one round can copy to or from a member. */
export const capacity = 1 << 22;
/** Looks before sleeping, some 0.01 ms: what is between two calls of kernels is often shorter than waking up. */
const SPINS = 10_000;

export const CALL = 0;
export const WRITE = 1;
export const READ = 2;
export const ENCODE = 3;
export const GIVE = 4;
export const MEET = 5;
export const TAKE = 6;

export type Mailbox = {
  shared: SharedArrayBuffer;
  send(ops: Op[]): void;
  /** Waits for the member. @throws WebAssembly.RuntimeError where a kernel trapped */
  take(ops: Op[]): Answer[];
};

export type Views = { control: Int32Array; words: Float64Array; data: Uint8Array };

export function viewsOf(shared: SharedArrayBuffer): Views {
  return { control: new Int32Array(shared, 0, 16), words: new Float64Array(shared, 64, WORDS), data: new Uint8Array(shared, DATA_AT, capacity) };
}

/** Names of kernels in the order of the alphabet: both sides count alike. */
export function kernelNames(exports: object): string[] {
  return Object.keys(exports).sort();
}

export function createMailbox(names: readonly string[]): Mailbox {
  const shared = new SharedArrayBuffer(DATA_AT + capacity);
  const views = viewsOf(shared);
  const numbers = new Map(names.map((name, index) => [name, index]));
  return {
    shared,
    send: (ops) => {
      writeOps(views, ops, numbers);
      passTurn(views.control, ASKED, MEMBER_SLEEPS);
    },
    take: (ops) => {
      const turn = waitWhile(views.control, ASKED, CALLER_SLEEPS);
      if (turn === FAILED) throw new WebAssembly.RuntimeError('A kernel trapped in another thread');
      return readAnswers(views, ops);
    },
  };
}

/** Waits until control[0] is no longer `value`, and returns it. `own`: the word that says whether this side sleeps. */
export function waitWhile(control: Int32Array, value: number, own: number): number {
  for (let spin = 0; spin < SPINS; spin += 1) {
    const turn = Atomics.load(control, 0);
    if (turn !== value) return turn;
  }
  Atomics.store(control, own, 1);
  while (Atomics.load(control, 0) === value) Atomics.wait(control, 0, value);
  Atomics.store(control, own, 0);
  return Atomics.load(control, 0);
}

/** Sets control[0], and wakes the other side if it sleeps: who finds it awake needs no call into the system. */
export function passTurn(control: Int32Array, turn: number, other: number): void {
  Atomics.store(control, 0, turn);
  if (Atomics.load(control, other) === 1) Atomics.notify(control, 0);
}

function writeOps(views: Views, ops: Op[], numbers: Map<string, number>): void {
  const { control, words, data } = views;
  control[1] = ops.length;
  let word = 0;
  let used = 0;
  for (const op of ops) {
    const [kind, first, args] = wordsOf(op, numbers);
    words[word] = kind;
    words[word + 1] = first;
    words[word + 2] = args.length;
    for (let index = 0; index < args.length; index += 1) words[word + 3 + index] = args[index] as number;
    word += 3 + args.length;
    if ('write' in op) data.set(op.from, used);
    used += copiedBytes(op);
    if (word > WORDS - 64 || used > capacity) throw new RangeError('A round holds more than its mailbox');
  }
}

function wordsOf(op: Op, numbers: Map<string, number>): [kind: number, first: number, args: number[]] {
  if ('call' in op) return [CALL, numbers.get(op.call) ?? -1, op.args];
  if ('write' in op) return [WRITE, op.write, [op.from.length]];
  if ('read' in op) return [READ, op.read, [op.bytes]];
  if ('give' in op) return [GIVE, op.give, [op.bytes, op.at]];
  if ('meet' in op) return [MEET, 0, []];
  if ('take' in op) return [TAKE, op.take, [op.bytes, op.from, op.at]];
  const { pointer, first, last, line, at, ones, target } = op.encode;
  return [ENCODE, pointer, [first, last, line, at, ones, target]];
}

/** A block as {@link wordsOf} wrote it. */
export function blockOf(pointer: number, [first = 0, last = 0, line = 0, at = 0, ones = -1, target = -1]: readonly number[]): DesignBlock {
  return { pointer, first, last, line, at, ones, target };
}

function copiedBytes(op: Op): number {
  if ('write' in op) return op.from.length;
  return 'read' in op ? op.bytes : 0;
}

/** An answer stands in its operation's second word, bytes where the operation had its room. */
function readAnswers({ words, data }: Views, ops: Op[]): Answer[] {
  let word = 0;
  let used = 0;
  return ops.map((op) => {
    const at = word;
    word += 3 + (words[at + 2] ?? 0);
    if ('call' in op || 'encode' in op) return words[at + 1] ?? 0;
    const start = used;
    used += copiedBytes(op);
    return 'read' in op ? data.slice(start, used) : undefined;
  });
}
