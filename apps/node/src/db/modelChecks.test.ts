import type { ModelCheck } from '@neurodata/protocol';
import { getAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wipeProjection } from '../indexer/projection.ts';
import { findModelCheck, listModelChecks, saveModelCheck } from './modelChecks.ts';
import type { Database } from './openDatabase.ts';
import { openTestDatabase } from './openTestDatabase.ts';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
});
afterAll(() => db.close());

const manifestDigest = `0x${'ab'.repeat(32)}` as const;
const check = (validatorId: number, accuracy: number): ModelCheck => ({
  validatorId, account: getAddress(`0x${'cd'.repeat(20)}`), signature: '0x1234',
  body: { version: 1, manifestDigest, measuredAt: 1_700_000_000, report: { ran: true, task: 'classification', rows: 3, scores: { accuracy, logLoss: 1e-300, prAuc: null }, claims: [] } },
});

test('a measurement is read as it was signed, digit by digit, and the first one stays', async () => {
  await saveModelCheck(db, check(2, 2 / 3));
  await saveModelCheck(db, check(1, 0.1 + 0.2));
  await saveModelCheck(db, check(2, 1));
  expect(await listModelChecks(db, manifestDigest)).toEqual([check(1, 0.1 + 0.2), check(2, 2 / 3)]);
  expect(await findModelCheck(db, { manifestDigest, validatorId: 3 })).toBeUndefined();
  expect(await listModelChecks(db, `0x${'00'.repeat(32)}`)).toEqual([]);
});

test('what was measured outlives a projection that is built again', async () => {
  await wipeProjection(db);
  expect(await findModelCheck(db, { manifestDigest, validatorId: 2 })).toEqual(check(2, 2 / 3));
});
