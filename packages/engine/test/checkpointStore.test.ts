import { expect, test } from 'vitest';
import { createCheckpointStore } from '../src/run/checkpointStore.ts';

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
