import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLane } from './createLane.ts';

const never = new AbortController().signal;

test('runs one at a time, in order; what fails holds up nobody', async () => {
  const lane = createLane();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    seen.push(`${name} begins`);
    await sleep(10);
    seen.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const answers = await Promise.allSettled(['a', 'b', 'c'].map((name) => lane(work(name), never)));
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('who has given up meanwhile never starts', async () => {
  const lane = createLane();
  const stop = new AbortController();
  let started = false;
  const first = lane(() => sleep(10), never);
  const second = lane(async () => { started = true; }, stop.signal);
  stop.abort(new Error('no longer wanted'));
  await first;
  await expect(second).rejects.toThrow('no longer wanted');
  expect(started).toBe(false);
});
