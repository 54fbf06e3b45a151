import { sha256 } from '@noble/hashes/sha2.js';
import { type Json, canonicalJson } from './canonicalJson.ts';
import { EngineError } from './errors.ts';
import { type Digest, fromHex, sha256Hex } from './hash.ts';
import type { TrainSpec } from './trainSpec.ts';

/** The state after `step` iterations; step 0 is the start. digest = sha256(state). */
export type Checkpoint = { step: number; loss: number; state: Uint8Array; digest: Digest };

const MAGIC = 'NDC1';
const HEADER = 52;

/** Which table and spec a state belongs to: sha256 of the table digest and the canonical spec. */
export function runBinding(table: Digest, spec: TrainSpec): Uint8Array {
  const text = new TextEncoder().encode(canonicalJson(spec as unknown as Json));
  const bytes = new Uint8Array(32 + text.length);
  bytes.set(fromHex(table));
  bytes.set(text, 32);
  return sha256(bytes);
}

/** State: "NDC1", u32 step, 32 bytes binding, f64 loss, u32 count, count f64 weights; little-endian. */
export function writeCheckpoint(parameters: { binding: Uint8Array; step: number; loss: number; weights: Float64Array | number[] }): Checkpoint {
  const { binding, step, loss, weights } = parameters;
  const state = new Uint8Array(HEADER + weights.length * 8);
  const view = new DataView(state.buffer);
  state.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, step, true);
  state.set(binding, 8);
  view.setFloat64(40, loss, true);
  view.setUint32(48, weights.length, true);
  for (const [index, weight] of weights.entries()) view.setFloat64(HEADER + index * 8, weight, true);
  return { step, loss, state, digest: sha256Hex(state) };
}

/** Reads a state of the run with this binding. @throws EngineError BAD_CHECKPOINT */
export function readCheckpoint(state: Uint8Array, binding: Uint8Array): { step: number; loss: number; weights: Float64Array } {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
  const refuse = (problem: string): EngineError => new EngineError('BAD_CHECKPOINT', `The checkpoint state ${problem}: pass the bytes that the run of this table and spec wrote.`);
  if (state.length < HEADER || new TextDecoder('latin1').decode(state.subarray(0, 4)) !== MAGIC) throw refuse('does not begin with NDC1');
  if (binding.some((byte, index) => state[8 + index] !== byte)) throw refuse('belongs to another table or spec');
  const count = view.getUint32(48, true);
  if (state.length !== HEADER + count * 8) throw refuse(`is ${state.length} bytes long, ${HEADER + count * 8} were announced`);
  const weights = Float64Array.from({ length: count }, (_, index) => view.getFloat64(HEADER + index * 8, true));
  if (!weights.every(Number.isFinite)) throw refuse('holds a weight that is not finite');
  return { step: view.getUint32(4, true), loss: view.getFloat64(40, true), weights };
}
