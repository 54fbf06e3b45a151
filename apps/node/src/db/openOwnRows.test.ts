import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ModelCheck } from '@neurodata/protocol';
import { afterAll, expect, test } from 'vitest';
import type { Duty } from './duties.ts';
import { openOwnRows } from './openOwnRows.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'own-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const duty: Duty = { validatorId: 3, roundId: `0x${'11'.repeat(32)}`, verdict: 'accept', evidence: `0x${'22'.repeat(32)}`, salt: `0x${'33'.repeat(32)}`, stage: 'decided', digests: [`0x${'44'.repeat(32)}`], proofs: { 1: `0x${'55'.repeat(32)}` } };

test('a duty outlives the process, moves on, and never changes its verdict', async () => {
  const file = path.join(folder, 'deep', 'validator.sqlite');
  const first = openOwnRows(file);
  await first.duties.save(duty);
  await first.duties.save({ ...duty, verdict: 'reject', salt: `0x${'99'.repeat(32)}`, stage: 'committed' });
  const redrawn: Duty = { ...duty, roundId: `0x${'88'.repeat(32)}`, seed: `0x${'01'.repeat(32)}` };
  await first.duties.save(redrawn);
  await first.duties.save({ ...redrawn, verdict: 'reject', stage: 'committed' });
  expect(await first.duties.find(redrawn)).toEqual({ ...redrawn, stage: 'committed' });
  // Another draw of the same round: what was found for the last one is of no use.
  const former = [{ verdict: redrawn.verdict, evidence: redrawn.evidence, salt: redrawn.salt }];
  await first.duties.save({ ...redrawn, verdict: 'reject', seed: `0x${'02'.repeat(32)}`, former });
  expect(await first.duties.find(redrawn)).toEqual({ ...redrawn, verdict: 'reject', seed: `0x${'02'.repeat(32)}`, former });
  first.close();
  const again = openOwnRows(file);
  expect(await again.duties.find({ validatorId: 3, roundId: duty.roundId })).toEqual({ ...duty, stage: 'committed' });
  expect(await again.duties.find({ validatorId: 4, roundId: duty.roundId })).toBeUndefined();
  expect([(await again.duties.list(3)).toSorted(), await again.duties.list(4)]).toEqual([[duty.roundId, redrawn.roundId], []]);
  await again.duties.remove({ validatorId: 4, roundId: duty.roundId });
  await again.duties.remove(duty);
  expect([await again.duties.find(duty), await again.duties.list(3)]).toEqual([undefined, [redrawn.roundId]]);
  again.close();
});

test('the first measurement of a validator and a version stays', async () => {
  const rows = openOwnRows(path.join(folder, 'checks.sqlite'));
  const manifestDigest = `0x${'66'.repeat(32)}` as const;
  const check: ModelCheck = { validatorId: 3, account: `0x${'77'.repeat(20)}`, signature: '0x12', body: { version: 1, manifestDigest, measuredAt: 5, report: { ran: false, reason: 'It is no model.', scores: {}, claims: [] } } as unknown as ModelCheck['body'] };
  await rows.modelChecks.save(check);
  await rows.modelChecks.save({ ...check, signature: '0x34' });
  expect(await rows.modelChecks.find({ manifestDigest, validatorId: 3 })).toEqual(check);
  rows.close();
});
