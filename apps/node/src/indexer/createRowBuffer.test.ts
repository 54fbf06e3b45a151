import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database, Transaction } from '../db/openDatabase.ts';
import { lineage, manifests, stakes, versions } from '../db/schema.ts';
import { writeInOrder } from '../db/writeInOrder.ts';
import { createRowBuffer } from './createRowBuffer.ts';
import type { RowBuffer } from './createRowBuffer.ts';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
});
afterAll(() => db.close());

const id = (digit: string) => `0x${digit.repeat(64)}` as const;
const write = (work: (rows: RowBuffer, tx: Transaction) => void | Promise<void>): Promise<void> => writeInOrder(db, async (tx) => {
  const rows = createRowBuffer(tx);
  await work(rows, tx);
  await rows.flush();
});
const version = (number: number) => ({
  assetId: 7, version: number, status: 'pending' as const, manifestDigest: id('A'), contentRoot: id('1'), contentCommitment: id('2'), keyCommitment: id('3'), committee: [3, 1], threshold: 2, validatorsMayRead: true, subject: id('4'), transaction: id('5'), block: 1, at: 1,
});
const of = (number: number) => ({ assetId: 7, version: number });
const versionsNow = () => db.orm.select({ version: versions.version, status: versions.status, reason: versions.reason, keyEpoch: versions.keyEpoch, committee: versions.committee, manifestDigest: versions.manifestDigest }).from(versions).orderBy(versions.version);
const kept = { keyEpoch: 0, committee: [3, 1], manifestDigest: id('a') };

test('what happens to a row in one go is written once, and what happens later changes it', async () => {
  await write((rows) => {
    // Of a row that is not there yet: nothing.
    rows.change(versions, of(2), { status: 'refused' });
    for (const number of [1, 2, 3]) rows.insert(versions, version(number));
    rows.change(versions, of(3), { status: 'live', reason: null });
    rows.change(versions, of(3), { reason: id('F') });
  });
  expect(await versionsNow()).toEqual([
    { version: 1, status: 'pending', reason: null, ...kept }, { version: 2, status: 'pending', reason: null, ...kept }, { version: 3, status: 'live', reason: id('f'), ...kept },
  ]);
  await write((rows) => {
    rows.change(versions, of(1), { status: 'live' }, 'no such version');
    rows.change(versions, of(2), { committee: [9], keyEpoch: 1 });
    rows.change(versions, of(2), { status: 'live' }, 'no such version');
    rows.change(versions, of(3), { reason: null });
  });
  expect(await versionsNow()).toEqual([
    { version: 1, status: 'live', reason: null, ...kept }, { version: 2, status: 'live', reason: null, ...kept, keyEpoch: 1, committee: [9] }, { version: 3, status: 'live', reason: null, ...kept },
  ]);
});

test('a row that must be there and is not, a second one with its key, and a row without a key are refused, and nothing stays', async () => {
  const before = await versionsNow();
  const bad: [(rows: RowBuffer) => void, string][] = [
    [(rows) => { rows.change(versions, of(1), { status: 'refused' }, 'version 1 is gone'); rows.change(versions, of(99), { status: 'live' }, 'version 99 is gone'); }, 'version 99 is gone'],
    [(rows) => { rows.insert(versions, version(4)); rows.insert(versions, version(4)); }, 'Two rows of versions have one key.'],
    [(rows) => { rows.change(versions, of(1), { status: 'refused' }); rows.insert(versions, version(3)); }, 'duplicate key'],
    [(rows) => rows.change(versions, { assetId: 7 }, { status: 'refused' }), 'A row of versions has no version.'],
    [(rows) => { rows.add(stakes, { account: '0x00000000000000000000000000000000000000aa' }, { amount: 1n }); rows.change(stakes, { account: '0x00000000000000000000000000000000000000aA' }, { amount: 2n }); }, 'Rows of stakes are added to and changed in one go.'],
  ];
  for (const [work, words] of bad) {
    const failure: unknown = await write(work).catch((error: unknown) => error);
    expect(`${String(failure)} ${String((failure as Error).cause)}`).toContain(words);
  }
  expect(await versionsNow()).toEqual(before);
});

test('amounts add up, below zero and beyond what fits into 64 bits, and what is there already may stay', async () => {
  const account = '0x00000000000000000000000000000000000000AA';
  const big = 10n ** 60n;
  await write((rows) => {
    rows.add(stakes, { account }, { amount: -5n });
    rows.add(stakes, { account }, { amount: big });
    rows.insert(manifests, { digest: id('9'), state: 'wanted', attempts: 0, retryAt: 0 }, true);
  });
  await write((rows) => {
    rows.add(stakes, { account }, { amount: 7n });
    for (const attempts of [5, 6]) rows.insert(manifests, { digest: id('9'), state: 'wanted', attempts, retryAt: 0 }, true);
  });
  expect(await db.orm.select().from(stakes)).toEqual([{ account, amount: big + 2n }]);
  expect(await db.orm.select({ attempts: manifests.attempts }).from(manifests)).toEqual([{ attempts: 0 }]);
});

test('what was sent can be read and goes on; tables with keys of three columns too', async () => {
  const row = { assetId: 1, parentAssetId: 2, parentVersion: 1, shareBps: 100, jobId: null };
  await write(async (rows, tx) => {
    rows.insert(lineage, row);
    await rows.flush();
    expect(await tx.select().from(lineage)).toEqual([row]);
    rows.change(lineage, { assetId: 1, parentAssetId: 2, parentVersion: 1 }, { shareBps: 200 });
    rows.insert(lineage, { ...row, parentVersion: 2 });
  });
  expect((await db.orm.select().from(lineage).orderBy(lineage.parentVersion)).map(({ shareBps }) => shareBps)).toEqual([200, 100]);
});
