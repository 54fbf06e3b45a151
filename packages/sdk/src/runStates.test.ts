import { sha256Hex } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { type RunState, encodeRunStates, parseRunStates } from './runStates.ts';

const stateOf = (text: string): { state: Uint8Array; digest: `0x${string}` } => {
  const state = new TextEncoder().encode(text);
  return { state, digest: sha256Hex(state) };
};
const states: RunState[] = [{ step: 3, loss: 0.1, ...stateOf('three') }, { step: 4, loss: -0, digest: stateOf('four').digest }, { step: 5, loss: Infinity, ...stateOf('') }];

test('states come back as they were', () => {
  const bytes = encodeRunStates(states);
  expect(parseRunStates(bytes, 3)).toEqual(states);
  expect(Object.is(parseRunStates(bytes, 3)[1]!.loss, -0)).toBe(true);
  expect(parseRunStates(encodeRunStates([]), 0)).toEqual([]);
});

test('no changed or cut byte is taken for the same', () => {
  const bytes = encodeRunStates(states);
  expect(() => parseRunStates(bytes, 2)).toThrow('names step 3 where step 2 belongs');
  const read = (change: (copy: Uint8Array) => Uint8Array): unknown => {
    try {
      return parseRunStates(change(bytes.slice()), 3);
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONTENT_MISMATCH' });
      return undefined;
    }
  };
  for (let at = 0; at < bytes.length; at += 1) {
    expect(read((copy) => copy.fill(copy[at]! ^ 1, at, at + 1))).not.toEqual(states);
    expect(read((copy) => copy.slice(0, at))).toBeUndefined();
  }
  expect(read((copy) => Uint8Array.of(...copy, 0))).toBeUndefined();
});
