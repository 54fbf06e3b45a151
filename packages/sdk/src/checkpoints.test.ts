import { array, assert, integer, property, record, uint8Array } from 'fast-check';
import { sha256Hex } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { encodeCheckpoints, foreignCheckpoint, parseCheckpoints } from './checkpoints.ts';

const states = array(record({ gap: integer({ min: 1, max: 1000 }), state: uint8Array({ maxLength: 200 }) }), { maxLength: 20 }).map((entries) => {
  let step = -1;
  return entries.map(({ gap, state }) => ({ step: (step += gap), state }));
});

test('what was written is read back, with digests', () => {
  assert(property(states, (checkpoints) => {
    const read = parseCheckpoints(encodeCheckpoints(checkpoints));
    expect(read.map(({ step, state }) => ({ step, state: [...state] }))).toEqual(checkpoints.map(({ step, state }) => ({ step, state: [...state] })));
  }));
});

test('nothing but whole files is read', () => {
  const bytes = encodeCheckpoints([{ step: 0, state: Uint8Array.of(1, 2, 3) }, { step: 1, state: new Uint8Array() }]);
  for (let length = 0; length < bytes.length; length += 1) expect(() => parseCheckpoints(bytes.subarray(0, length))).toThrow(/checkpoint file/);
  expect(() => parseCheckpoints(Uint8Array.of(...bytes, 0))).toThrow('goes on after its last entry');
});

test('an announced count costs no memory', () => {
  const bytes = encodeCheckpoints([]);
  new DataView(bytes.buffer).setUint32(4, 0xffffffff, true);
  expect(() => parseCheckpoints(bytes)).toThrow('ends inside an entry');
});

test('steps must rise', () => {
  expect(() => encodeCheckpoints([{ step: 1, state: new Uint8Array() }, { step: 1, state: new Uint8Array() }])).toThrow('does not follow');
  const bytes = encodeCheckpoints([{ step: 0, state: new Uint8Array() }, { step: 1, state: new Uint8Array() }]);
  new DataView(bytes.buffer).setUint32(16, 0, true);
  expect(() => parseCheckpoints(bytes)).toThrow('steps that do not rise');
});

test('the states that a long run kept are compared at their steps', () => {
  const all = [0, 1, 2, 3, 4].map((step) => Uint8Array.of(step, 7));
  const digests = all.map((state) => sha256Hex(state));
  const kept = parseCheckpoints(encodeCheckpoints(all.map((state, step) => (step % 2 === 0 ? { step, state } : { step }))));
  expect(kept.map(({ step }) => step)).toEqual([0, 2, 4]);
  expect(foreignCheckpoint(kept, digests)).toBeUndefined();
  expect(foreignCheckpoint(kept, [...digests.slice(0, 2), sha256Hex(Uint8Array.of(9)), ...digests.slice(3)])).toBe(2);
  expect(foreignCheckpoint(kept, digests.slice(0, 4))).toBe(4);
});
