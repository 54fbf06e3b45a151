import type { TrainResult } from '@neurodata/engine';
import { sha256Hex } from '@neurodata/protocol';
import type { Hex } from 'viem';

/**
 * Digest of a run's log: one line `step N loss L` per checkpoint, `\n` after each, numbers as ECMAScript prints them. It
 * holds nothing but what the engine computed, so whoever re-executes a run gets the same log.
 */
export function runLogDigest(result: Pick<TrainResult, 'checkpoints'>): Hex {
  const lines = result.checkpoints.map(({ step, loss }) => `step ${step} loss ${loss}\n`);
  return sha256Hex(new TextEncoder().encode(lines.join('')));
}
