import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { auditDutyOf } from './auditDuty.ts';

type Vectors = { draws: { lot: `0x${string}`; checkpoints: number; segments: number[] }[] };

test('as many steps as contracts and engine draw, and all of a short run', () => {
  // A file of this repository, made by `node contracts/generate.ts`.
  const { draws } = JSON.parse(readFileSync(new URL('../../../vectors/segments.json', import.meta.url), 'utf8')) as Vectors;
  for (const { lot, checkpoints, segments } of draws) {
    expect(auditDutyOf({ lot: BigInt(lot), checkpoints })).toEqual({ drawn: segments.length, all: checkpoints - 1 });
  }
  expect(auditDutyOf({ lot: 7n, checkpoints: 999 })).toBeUndefined();
});
