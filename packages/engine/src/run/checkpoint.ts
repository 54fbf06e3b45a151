import { sha256 } from '@noble/hashes/sha2.js';
import { type Json, canonicalJson } from '../canonicalJson.ts';
import { EngineError } from '../errors.ts';
import { type Digest, fromHex, sha256Hex } from '../hash.ts';
import type { TrainSpec } from '../spec/types.ts';

/**
 * The state after `step` steps; step 0 is the start. digest = sha256(state). Where a run has more states than its
 * store may hold, some are dropped and only their digests are left.
 */
export type Checkpoint = { step: number; loss: number; digest: Digest; state?: Uint8Array };

/** "NDC2" */
const MAGIC = 0x3243_444e;
const HEADER = 84;

/** Which table and spec a state belongs to: sha256 of the table digest and the canonical spec. */
export function runBinding(table: Digest, spec: TrainSpec): Uint8Array {
  const text = new TextEncoder().encode(canonicalJson(spec as unknown as Json));
  const bytes = new Uint8Array(32 + text.length);
  bytes.set(fromHex(table));
  bytes.set(text, 32);
  return sha256(bytes);
}

/**
 * State: "NDC2", u32 step, 32 bytes binding, 32 bytes digest of the state before (zero at step 0), f64 loss, u32 number of
 * the fit from 0, the f64 ratings of the fits before it, what the algorithm keeps.
 */
export function writeCheckpoint(parameters: { binding: Uint8Array; step: number; loss: number; ratings: readonly number[]; kept: Uint8Array; previous: Digest | undefined }): Required<Checkpoint> {
  const { binding, step, loss, ratings, kept, previous } = parameters;
  const state = new Uint8Array(HEADER + ratings.length * 8 + kept.length);
  const view = new DataView(state.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, step, true);
  state.set(binding, 8);
  if (previous !== undefined) state.set(fromHex(previous), 40);
  view.setFloat64(72, loss, true);
  view.setUint32(80, ratings.length, true);
  for (const [index, rating] of ratings.entries()) view.setFloat64(HEADER + index * 8, rating, true);
  state.set(kept, HEADER + ratings.length * 8);
  return { step, loss, digest: sha256Hex(state), state };
}

/** A state in parts. `ratings`: one for each fit before this one. */
export type CheckpointParts = { step: number; loss: number; ratings: number[]; previous: Uint8Array; kept: Uint8Array };

/** Reads a state of the run with this binding. @throws EngineError BAD_CHECKPOINT */
export function readCheckpoint(state: Uint8Array, binding: Uint8Array): CheckpointParts {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  if (state.length < HEADER || view.getUint32(0, true) !== MAGIC) throw badCheckpoint('does not begin with NDC2');
  if (!holdsAt(state, 8, binding)) throw badCheckpoint('belongs to another table or spec');
  const fit = view.getUint32(80, true);
  const end = HEADER + fit * 8;
  if (state.length < end) throw badCheckpoint('is cut off before what the fit keeps');
  const ratings: number[] = [];
  for (let at = HEADER; at < end; at += 8) ratings.push(view.getFloat64(at, true));
  if (ratings.some(Number.isNaN)) throw badCheckpoint('holds a rating that is no number');
  return { step: view.getUint32(4, true), loss: view.getFloat64(72, true), ratings, previous: state.subarray(40, 72), kept: state.subarray(end) };
}

/** The loss that a state names, without a look at anything else in it. @throws EngineError BAD_CHECKPOINT */
export function lossOfState(state: Uint8Array): number {
  if (state.length < HEADER) throw badCheckpoint('is shorter than its head');
  return new DataView(state.buffer, state.byteOffset, state.byteLength).getFloat64(72, true);
}

function holdsAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let index = 0; index < part.length; index += 1) if (bytes[at + index] !== part[index]) return false;
  return true;
}

export function badCheckpoint(problem: string): EngineError {
  return new EngineError('BAD_CHECKPOINT', `The checkpoint state ${problem}: pass the bytes that the run of this table and spec wrote.`);
}

/** Doubles as the bytes of a state or body. */
export function doublesToBytes(values: Float64Array | readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  writeDoubles(bytes, 0, values);
  return bytes;
}

/** {@link doublesToBytes} into bytes that are there. */
export function writeDoubles(bytes: Uint8Array, at: number, values: Float64Array | readonly number[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, values.length * 8);
  for (let index = 0; index < values.length; index += 1) view.setFloat64(index * 8, values[index] ?? 0, true);
}

/** So many finite doubles of a state. @throws EngineError BAD_CHECKPOINT */
export function bytesToDoubles(bytes: Uint8Array, count: number): Float64Array {
  if (bytes.length !== count * 8) throw badCheckpoint(`keeps ${bytes.length} bytes, this run keeps ${count * 8}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Float64Array.from({ length: count }, (_, index) => view.getFloat64(index * 8, true));
  if (!values.every(Number.isFinite)) throw badCheckpoint('holds a number that is not finite');
  return values;
}
