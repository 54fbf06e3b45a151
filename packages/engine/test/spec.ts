import type { ColumnSpec, TrainSpecInput } from '../src/index.ts';

/** A spec with usual settings for a small table. */
export function specOf(target: string, features: ColumnSpec[], changes: Partial<TrainSpecInput> = {}): TrainSpecInput {
  return {
    algorithm: 'logistic-regression',
    target,
    features,
    split: { rule: 'hash-rank', seed: 1, testFraction: 0.25 },
    parameters: { C: 1, max_iter: 30, tol: 1e-6 },
    limits: { maxSteps: 30, maxBytes: 1 << 24 },
    ...changes,
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
