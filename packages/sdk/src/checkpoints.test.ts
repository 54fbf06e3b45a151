import { array, assert, integer, property, record, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCheckpoints, parseCheckpoints } from './checkpoints.ts';

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
