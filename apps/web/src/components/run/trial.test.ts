import type { Check } from '@neurodata/sdk';
import { expect, test } from 'vitest';
import type { Reexecution } from '../../workers/engine.worker.ts';
import { checksWith, groundOf } from './trial.ts';

const same: Reexecution = { sameModel: true, modelDigest: '0x01', expectedModel: '0x01', firstDifference: undefined, digests: ['0x03', '0x04'], sameMetrics: true, engineId: '0x02', sameEngine: true, seconds: 0.02 };
const pending: Check[] = [{ name: 'Re-execution', status: 'not-checked', detail: 'needs the data', by: 'nobody here' }];
const status = (run: Reexecution, rows: 'bought' | 'file'): string | undefined => checksWith(pending, { run, rows }).find(({ name }) => name === 'Re-execution')?.status;

test('only what was recomputed and is the same passes', () => {
  expect(checksWith(pending, undefined)).toEqual(pending);
  expect(status(same, 'bought')).toBe('passed');
  expect(status({ ...same, sameModel: false }, 'bought')).toBe('failed');
  expect(status({ ...same, sameMetrics: false }, 'bought')).toBe('failed');
  expect(status({ ...same, sameEngine: false }, 'bought')).toBe('failed');
});

test('a file with other rows proves nothing, bought rows that differ from the start disprove the run', () => {
  const other: Reexecution = { ...same, sameModel: false, firstDifference: 0 };
  expect(status(other, 'file')).toBe('not-checked');
  expect(status(other, 'bought')).toBe('failed');
});

test('only another result of the same engine on the same rows is ground for a challenge', () => {
  const forged = { ...same, sameModel: false, firstDifference: 3 };
  expect(groundOf({ run: same, rows: 'bought' })).toEqual({ kind: 'none' });
  expect(groundOf({ run: forged, rows: 'file' })).toEqual({ kind: 'wrong', what: 'the first differing checkpoint is 3' });
  expect(groundOf({ run: { ...same, sameMetrics: false }, rows: 'bought' })).toEqual({ kind: 'wrong', what: 'the metrics differ' });
  expect(groundOf({ run: { ...forged, firstDifference: 0 }, rows: 'file' })).toEqual({ kind: 'other-rows' });
  expect(groundOf({ run: { ...forged, sameEngine: false }, rows: 'bought' })).toEqual({ kind: 'other-engine' });
});
