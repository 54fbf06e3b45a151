import type { Progress } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { createReporter } from './createReporter.ts';

/** What a worker writes of a run in which it says all that it can. */
async function toldOf(trial: boolean): Promise<Progress | undefined> {
  const told: Progress[] = [];
  const setup = { progress: { write: async (_jobId: string, progress: Progress) => void told.push(progress) }, log: createLogger({ level: 'silent' }) };
  const reporter = createReporter(setup, { jobId: `0x${'02'.repeat(32)}`, trial });
  reporter.tell({ stage: 'training', step: 3, maxSteps: 50, loss: 0.5, lossCurve: [0.9, 0.5], secondsLeft: 1.25, message: 'Row 7 is Adelie.' });
  await reporter.stop();
  return told.at(-1);
}

test('a worker tells how a run goes, and of a trial no more than its receipt may', async () => {
  const common = { stage: 'training', step: 3, maxSteps: 50, updatedAt: expect.any(Number) };
  expect(await toldOf(false)).toEqual({ ...common, loss: 0.5, lossCurve: [0.9, 0.5], secondsLeft: 1.25, message: 'Row 7 is Adelie.' });
  expect(await toldOf(true)).toEqual({ ...common, lossCurve: [], secondsLeft: 2 });
});
