import { NeuroError, sha256Hex } from '@neurodata/protocol';
import type { Hex } from 'viem';

/** The state of a run after `step` steps; `digest` is its sha256. */
export type RunCheckpoint = { step: number; digest: Hex; state: Uint8Array };

const MAGIC = 0x3153_434e;
const HEADER = 8;
const ENTRY = 8;

/**
 * Those of a run's checkpoints whose states are kept, as one file: "NCS1", u32 count, then for each u32 step, u32 length and the state's bytes;
 * little-endian, steps rising. Same checkpoints, same bytes.
 */
export function encodeCheckpoints(all: readonly { step: number; state?: Uint8Array }[]): Uint8Array<ArrayBuffer> {
  const checkpoints = all.flatMap(({ step, state }) => (state === undefined ? [] : [{ step, state }]));
  const bytes = new Uint8Array(HEADER + checkpoints.reduce((sum, { state }) => sum + ENTRY + state.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, checkpoints.length, true);
  let at = HEADER;
  for (const [index, { step, state }] of checkpoints.entries()) {
    if (step <= (checkpoints[index - 1]?.step ?? -1)) throw new NeuroError(`Checkpoint ${index} is of step ${step}, which does not follow the one before.`, { code: 'BAD_INPUT', remedy: 'Give them in the order of their steps.' });
    view.setUint32(at, step, true);
    view.setUint32(at + 4, state.length, true);
    bytes.set(state, at + ENTRY);
    at += ENTRY + state.length;
  }
  return bytes;
}

/** Reads what {@link encodeCheckpoints} wrote; refuses anything else with `CONTENT_MISMATCH`. */
export function parseCheckpoints(bytes: Uint8Array): RunCheckpoint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC) throw refuse('does not begin with NCS1');
  const count = view.getUint32(4, true);
  const checkpoints: RunCheckpoint[] = [];
  let at = HEADER;
  let last = -1;
  while (checkpoints.length < count) {
    if (at + ENTRY > bytes.length) throw refuse('ends inside an entry');
    const step = view.getUint32(at, true);
    const end = at + ENTRY + view.getUint32(at + 4, true);
    if (end > bytes.length) throw refuse('ends inside a state');
    if (step <= last) throw refuse('has steps that do not rise');
    const state = bytes.slice(at + ENTRY, end);
    checkpoints.push({ step, digest: sha256Hex(state), state });
    last = step;
    at = end;
  }
  if (at !== bytes.length) throw refuse('goes on after its last entry');
  return checkpoints;
}

/** The step of the first kept state that is not the one which a receipt lists, or undefined. Long runs keep some states only. */
export function foreignCheckpoint(checkpoints: readonly RunCheckpoint[], digests: readonly Hex[]): number | undefined {
  return checkpoints.find(({ step, digest }) => digests[step] !== digest)?.step;
}

function refuse(problem: string): NeuroError {
  return new NeuroError(`The checkpoint file ${problem}.`, { code: 'CONTENT_MISMATCH', remedy: 'Fetch it again; if it stays so, the worker wrote it wrong.' });
}
