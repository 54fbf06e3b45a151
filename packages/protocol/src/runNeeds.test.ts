import { expect, test } from 'vitest';
import type { JobSpec } from './jobSpec.ts';
import { needsOfRun } from './runNeeds.ts';

function specOf(maxSteps: number, maxBytes: number): JobSpec {
  // Only the limits and the engine count here.
  return { engineId: `0x${'ab'.repeat(32)}`, train: { limits: { maxSteps, maxBytes } } } as JobSpec;
}

test('counts begun units of work and whole MiB', () => {
  const runtime = `0x${'ab'.repeat(32)}`;
  expect(needsOfRun({ spec: specOf(1, 1_024), size: 1 })).toEqual({ runtime, units: 1, memoryMiB: 1, cores: 1 });
  expect(needsOfRun({ spec: specOf(1_024, 2 ** 30), size: 2 ** 20 })).toEqual({ runtime, units: 1, memoryMiB: 1_025, cores: 1 });
  expect(needsOfRun({ spec: specOf(1_024, 2 ** 30), size: 2 ** 20 + 1 })).toEqual({ runtime, units: 2, memoryMiB: 1_026, cores: 1 });
  expect(needsOfRun({ spec: specOf(100_000, 4e9), size: 1e12 })).toEqual({ runtime, units: 93_132_258, memoryMiB: 957_490, cores: 1 });
  expect(() => needsOfRun({ spec: specOf(100_000, 1_024), size: 2 ** 46 })).toThrow(expect.objectContaining({ code: 'BAD_SPEC' }));
});
