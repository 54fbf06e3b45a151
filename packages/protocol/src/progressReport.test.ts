import { expect, test } from 'vitest';
import type { Progress } from './dto.ts';
import { runNews, trialProgress } from './progressReport.ts';

const told: Progress = { stage: 'training', step: 3, maxSteps: 50, loss: 0.123456, lossCurve: [0.9, 0.123456], secondsLeft: 12.0625, message: 'Row 7 is Adelie.', updatedAt: 5 };

test('of a trial run only stage, steps and whole seconds are told', () => {
  expect(trialProgress(told)).toEqual({ stage: 'training', step: 3, maxSteps: 50, lossCurve: [], secondsLeft: 13, updatedAt: 5 });
  expect(trialProgress({ ...told, step: 77, secondsLeft: 1e300 })).toMatchObject({ step: 50, secondsLeft: 604_800 });
  expect(trialProgress({ ...told, step: -9 })).toMatchObject({ step: 0 });
});

test('its worker has no words of its own, also where it fails', () => {
  expect(trialProgress({ ...told, stage: 'failed', message: 'Column "age" has the text "forty".' }).message).toBe(runNews.trialFailed);
  expect(trialProgress({ ...told, stage: 'failed', message: runNews.slashed }).message).toBe(runNews.slashed);
  expect(trialProgress({ ...told, stage: 'validating', message: runNews.appealed }).message).toBe(runNews.appealed);
});
