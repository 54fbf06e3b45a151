import { expect, test } from 'vitest';
import { createCheckpointStore, keptEvery } from '../src/run/checkpointStore.ts';

const digest = `0x${'00'.repeat(32)}` as const;
const fill = (kind: 'whole' | 'chain', count: number): (number | undefined)[] => {
  const store = createCheckpointStore(kind, { mostBytes: 1_000 });
  for (let step = 0; step < count; step += 1) store.add({ step, loss: 0, digest, state: new Uint8Array(100) });
  expect(store.checkpoints.map((one) => one.step)).toEqual(Array.from({ length: count }, (_, step) => step));
  return store.checkpoints.filter(({ state }) => state !== undefined).map(({ step }) => step);
};

test('states that stand alone are thinned evenly to what the store may hold', () => {
  expect(fill('whole', 10)).toHaveLength(10);
  expect(fill('whole', 11)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(fill('whole', 100)).toEqual([0, 16, 32, 48, 64, 80, 96]);
});

test('states of a chain are all kept', () => {
  expect(fill('chain', 100)).toHaveLength(100);
});

test('a file of states is one that a run keeps, or it is refused', () => {
  const kept = (every: number, count: number, bytes: number): { step: number; bytes: number }[] => Array.from({ length: Math.ceil(count / every) }, (_, index) => ({ step: index * every, bytes }));
  const large = 2 ** 20;
  expect(keptEvery('whole', 100, kept(1, 100, 100))).toBe(1);
  expect(keptEvery('chain', 1, kept(1, 1, 100))).toBe(1);
  expect(keptEvery('whole', 100, kept(4, 100, large))).toBe(4);
  // Room for all of them; a step that is no power of two; a chain; states left out in the middle and at the end.
  expect(keptEvery('whole', 100, kept(4, 100, 100))).toBeUndefined();
  expect(keptEvery('whole', 100, kept(3, 100, large))).toBeUndefined();
  expect(keptEvery('chain', 100, kept(4, 100, large))).toBeUndefined();
  expect(keptEvery('whole', 100, kept(1, 100, large).filter(({ step }) => step !== 50))).toBeUndefined();
  expect(keptEvery('whole', 100, kept(1, 99, 100))).toBeUndefined();
  expect(keptEvery('whole', 100, [])).toBeUndefined();
});
