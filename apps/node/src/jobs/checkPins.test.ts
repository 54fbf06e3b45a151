import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buildManifest, sha256Hex } from '@neurodata/protocol';
import { cachedBlocks, createStorage, memoryBlocks } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import { versions } from '../db/schema.ts';
import { checkPins } from './checkPins.ts';

let db: Database;
let folder: string;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-pins-'));
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const id = (digit: string) => `0x${digit.repeat(64)}` as const;

/** A version whose blocks lie in `storage`, as the indexer writes it. */
async function publish(storage: ReturnType<typeof createStorage>, assetId: number): Promise<string> {
  const content = new Uint8Array(400_000).map((_, index) => (index * 7 + assetId) % 251);
  const { cid } = await storage.addFile({ content: Readable.from([content]) });
  const { digest: keysetDigest } = await storage.addRaw(new TextEncoder().encode(`keyset ${assetId}`));
  const { bytes } = buildManifest({
    description: { title: `Asset ${assetId}`, description: 'rows', license: 'cc-by-4.0', tags: [] },
    sealed: { format: 'age-encryption.org/v1', cid, size: content.length, keysetDigest, contentRoot: id('1'), contentCommitment: id('2'), fileName: 'a.csv', mediaType: 'text/csv', ciphertextSha256: sha256Hex(content) },
  });
  const { digest: manifestDigest } = await storage.addRaw(bytes);
  await db.orm.insert(versions).values({
    assetId, version: 1, status: 'live', manifestDigest, contentRoot: id('1'), contentCommitment: id('2'), keyCommitment: id('3'), committee: [1], threshold: 1, validatorsMayRead: false, subject: id('4'), transaction: id('5'), block: 1, at: 1,
  });
  return cid;
}

test('what orders need is read to the end; a bad block is fetched anew from others, what nobody has is named, what nobody needs is passed over', async () => {
  const own = diskBlocks({ folder });
  const others = memoryBlocks();
  const cids = [];
  for (const assetId of [1, 2, 3]) {
    cids.push(await publish(createStorage(own), assetId));
    if (assetId === 1) {
      for await (const cid of own.list()) await others.put(cid, await own.get(cid));
    }
  }
  await db.pool.query(`INSERT INTO orders (order_id, listing_id, asset_id, version, buyer, seller, price, recipient_key, state, opened_at, changed_at, opened_block, opened_index)
    SELECT '0x' || n, 1, n, 1, '0x01', '0x02', 1, '0x03', CASE n WHEN 3 THEN 'refunded' ELSE 'granted' END, 1, 1, 1, n FROM generate_series(1, 3) AS n`);
  const check = (mostBytes?: number) => checkPins({ db, own, all: cachedBlocks([own, others]), signal: new AbortController().signal, ...(mostBytes === undefined ? {} : { mostBytes }) });
  expect(await check()).toEqual({ checked: 2, left: 0, repaired: 0, missing: [] });
  expect(await check(1)).toMatchObject({ checked: 1, left: 1 });

  // Every block of the disk goes bad.
  for (const file of globSync(path.join(folder, '*', '*.block'))) await writeFile(file, 'rubbish');
  const found = await check();
  expect(found).toMatchObject({ checked: 2, repaired: 3, missing: [{ assetId: 2, version: 1, part: 'manifest' }] });
  expect(await check()).toMatchObject({ repaired: 0, missing: [{ assetId: 2 }] });
  const read = [];
  for await (const chunk of createStorage(own).readFile({ cid: cids[0]! })) read.push(chunk);
  expect(Buffer.concat(read).length).toBe(400_000);
});
