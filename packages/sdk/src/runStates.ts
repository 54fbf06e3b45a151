import { NeuroError, sha256Hex } from '@neurodata/protocol';
import { type Hex, bytesToHex, hexToBytes } from 'viem';

/** A checkpoint of an unfinished run: the state where it is kept, its digest in any case. */
export type RunState = { step: number; loss: number; digest: Hex; state?: Uint8Array };

const MAGIC = 0x3150_434e;
const HEADER = 8;
const ENTRY = 48;
const NOT_KEPT = 0xffff_ffff;

/**
 * Checkpoints that follow each other, as one file: "NCP1", u32 count, then for each u32 step, f64 loss, 32 bytes digest, u32 length of the
 * state (0xffffffff: not kept) and its bytes; little-endian.
 */
export function encodeRunStates(states: readonly RunState[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER + states.reduce((sum, { state }) => sum + ENTRY + (state?.length ?? 0), 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, states.length, true);
  let at = HEADER;
  for (const { step, loss, digest, state } of states) {
    view.setUint32(at, step, true);
    view.setFloat64(at + 4, loss, true);
    bytes.set(hexToBytes(digest), at + 12);
    view.setUint32(at + 44, state?.length ?? NOT_KEPT, true);
    bytes.set(state ?? [], at + ENTRY);
    at += ENTRY + (state?.length ?? 0);
  }
  return bytes;
}

/** Reads what {@link encodeRunStates} wrote, whose first step is `from`; refuses anything else, and states without their digest, with `CONTENT_MISMATCH`. */
export function parseRunStates(bytes: Uint8Array, from: number): RunState[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) throw refuse('does not begin with NCP1');
  const count = view.getUint32(4, true);
  const states: RunState[] = [];
  let at = HEADER;
  while (states.length < count) {
    if (at + ENTRY > bytes.length) throw refuse('ends inside an entry');
    const length = view.getUint32(at + 44, true);
    const end = at + ENTRY + (length === NOT_KEPT ? 0 : length);
    if (end > bytes.length) throw refuse('ends inside a state');
    const step = view.getUint32(at, true);
    if (step !== from + states.length) throw refuse(`names step ${step} where step ${from + states.length} belongs`);
    const known = { step, loss: view.getFloat64(at + 4, true), digest: bytesToHex(bytes.subarray(at + 12, at + 44)) };
    const state = length === NOT_KEPT ? undefined : bytes.slice(at + ENTRY, end);
    if (state && sha256Hex(state) !== known.digest) throw refuse(`holds another state of step ${step} than its digest says`);
    states.push(state ? { ...known, state } : known);
    at = end;
  }
  if (at !== bytes.length) throw refuse('goes on after its last entry');
  return states;
}

function refuse(problem: string): NeuroError {
  return new NeuroError(`The file of a run's states ${problem}.`, { code: 'CONTENT_MISMATCH', remedy: 'Begin the run anew.' });
}
