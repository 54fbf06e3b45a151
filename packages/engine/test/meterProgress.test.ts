import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type MeteredProgress, meterProgress } from '../src/index.ts';

test('thousands of steps are told a few times, and the last one always', async () => {
  const told: MeteredProgress[] = [];
  const meter = meterProgress((progress) => told.push(progress), 20);
  for (let step = 0; step <= 5_000; step += 1) meter.onProgress({ step, maxSteps: 10_000, loss: 1 / (step + 1), trainRows: 10 });
  meter.stop();
  expect(told.length).toBeLessThan(100);
  const last = told.at(-1);
  expect(last).toMatchObject({ step: 5_000, secondsLeft: expect.any(Number) });
  expect(last?.lossCurve).toHaveLength(200);
  expect([last?.lossCurve[0], last?.lossCurve.at(-1)]).toEqual([1, 1 / 5_001]);
  const before = told.length;
  await sleep(60);
  expect(told).toHaveLength(before);
});

test('a long step is told again and again, with the time that is left', async () => {
  const told: MeteredProgress[] = [];
  const meter = meterProgress((progress) => told.push(progress), 20);
  meter.onProgress({ step: 0, maxSteps: 4, loss: 2, trainRows: 10 });
  await sleep(50);
  meter.onProgress({ step: 1, maxSteps: 4, loss: 1.5, trainRows: 10 });
  meter.onProgress({ step: 2, maxSteps: 4, loss: 1, trainRows: 10 });
  await sleep(150);
  meter.stop();
  expect(told[0]).toEqual({ step: 0, maxSteps: 4, loss: 2, trainRows: 10, lossCurve: [2] });
  const second = told.filter(({ step }) => step === 2);
  expect(second.length).toBeGreaterThanOrEqual(2);
  expect(second.at(-1)?.secondsLeft).toBeGreaterThan(second[0]?.secondsLeft ?? Infinity);
  expect(second.at(-1)?.lossCurve).toEqual([2, 1.5, 1]);
});
