import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { FOLDER_MEDIA_TYPE, buildManifest, canonicalJson, encodeFolderLists, encodeKeptStates, encodeTerms, sha256Hex } from '@neurodata/protocol';
import { createStorage, parseCid } from '@neurodata/storage';
import type { Storage } from '@neurodata/storage';
import { diskBlocks } from '@neurodata/storage/node';
import type { DiskBlocks } from '@neurodata/storage/node';
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type { Hex } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/openDatabase.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import * as schema from '../db/schema.ts';
import { blockColumns, withoutBlocks } from './blockColumns.ts';
import { collectGarbage } from './collectGarbage.ts';

let db: Database;
let folder: string;
let own: DiskBlocks;
let storage: Storage;
beforeAll(async () => {
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.pool.query('TRUNCATE cursor, versions, orders, jobs, events');
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-garbage-'));
  own = diskBlocks({ folder });
  storage = createStorage(own);
  await db.pool.query("INSERT INTO cursor (id, deployment, block, hash, timestamp) VALUES (1, 'd', 100, '0x01', extract(epoch FROM now())::bigint)");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const id = (digit: string): Hex => `0x${digit.repeat(64)}`;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const old = new Date(Date.now() - 30 * 86_400_000);

/** As if all that is here had been put a month ago. */
async function age(): Promise<void> {
  for (const file of globSync(path.join(folder, '*', '*.block'))) await utimes(file, old, old);
}

/** Files over one chunk, so that there are nodes and leaves; none of the leaves is in two of them. */
async function addFile(seed: number): Promise<string> {
  const content = new Uint8Array(1_200_000).map((_, index) => (index * 7 + seed) % 251);
  return (await storage.addFile({ content: Readable.from([content]) })).cid;
}

async function publish(assetId: number, status: string): Promise<{ manifest: string; keyset: string; content: string; table: string }> {
  const content = await addFile(assetId);
  const keyset = await storage.addRaw(text(`keyset ${assetId}`));
  const table = await storage.addFile({ content: Readable.from([text(`a,b\n${assetId},2\n`)]) });
  const { bytes } = buildManifest({
    description: { title: `Asset ${assetId}`, description: 'rows', license: 'cc-by-4.0', tags: [] },
    sealed: { format: 'age-encryption.org/v1', cid: content, size: 1_200_000, keysetDigest: keyset.digest, contentRoot: id('1'), contentCommitment: id('2'), fileName: 'a.onnx', mediaType: 'application/onnx', ciphertextSha256: sha256Hex(text('x')) },
    evaluation: { table: { kind: 'file', cid: table.cid, sha256: table.sha256, size: table.size, fileName: 't.csv' }, target: 'a', claims: { accuracy: 0.5 } },
  });
  const manifest = await storage.addRaw(bytes);
  await db.orm.insert(schema.versions).values({
    assetId, version: 1, status: status as 'live', manifestDigest: manifest.digest, contentRoot: id('1'), contentCommitment: id('2'), keyCommitment: id('3'), committee: [1], threshold: 1, validatorsMayRead: false, subject: id(String(assetId)), transaction: id('5'), block: 1, at: 1,
  });
  return { manifest: manifest.cid, keyset: keyset.cid, content, table: table.cid };
}

const order = (assetId: number, state: string): Promise<unknown> => db.pool.query(`INSERT INTO orders (order_id, listing_id, asset_id, version, buyer, seller, price, recipient_key, state, opened_at, changed_at, opened_block, opened_index)
  VALUES ($1, 1, $2::bigint, 1, '0x01', '0x02', 1, '0x03', $3, 1, 1, 1, 1)`, [`0x${assetId}`, assetId, state]);

const job = (jobId: Hex, state: string, receipt: Hex | null): Promise<unknown> => db.pool.query(`INSERT INTO jobs (job_id, listing_id, asset_id, version, buyer, spec_digest, recipient_key, price, worker_fee, validation_fee, state, opened_at, changed_at, opened_block, opened_index, receipt_digest, units, max_worker_fee, lost)
  VALUES ($1, 1, 99, 1, '0x01', $4, '0x03', 1, 1, 1, $2, 1, 1, 1, 1, $3, 1, 1, '[]')`, [jobId, state, receipt, id('e')]);

let events = 0;
const event = (data: Hex): Promise<unknown> => db.pool.query(`INSERT INTO events (block, log_index, transaction, timestamp, gas_used, contract, name, subject, topics, data, args)
  VALUES (1, $1, '0x01', 1, 1, 'training', 'Beat', '', '[]', $2, '{}')`, [events++, data]);

type Options = Partial<Parameters<typeof collectGarbage>[0]>;
const collect = (options: Options = {}) => collectGarbage({ db, own, others: [], noted: [], head: 100, graceSeconds: 7 * 86_400, dryRun: false, signal: new AbortController().signal, ...options });

const whole = async (cid: string): Promise<boolean> => {
  try {
    for await (const _ of storage.readFile({ cid }));
    return true;
  } catch {
    return false;
  }
};
const has = (cid: string): Promise<boolean> => own.has(parseCid(cid));

test('what versions, orders, runs and the chain name stays to the last leaf; what nobody names goes', async () => {
  const live = await publish(1, 'live');
  const pending = await publish(2, 'pending');
  const revoked = await publish(3, 'revoked');
  const paid = await publish(4, 'revoked');
  const refunded = await publish(5, 'refused');
  await order(4, 'claimed');
  await order(5, 'refunded');
  // A receipt names what it was sealed into; a document of an event names the states of a run that goes on.
  const [model, states, oldStates, noted, abandoned] = await Promise.all([11, 12, 13, 14, 15].map(addFile));
  const receipt = await storage.addRaw(canonicalJson({ body: { sealed: { modelCid: model } } }));
  await job(id('a'), 'settled', receipt.digest);
  await job(id('b'), 'claimed', null);
  const kept = async (jobId: Hex, cid: string): Promise<string> => {
    const { bytes, digest } = encodeKeptStates({ version: 1, jobId, specDigest: id('c'), engineId: id('d'), step: 3, parts: [{ from: 0, cid }] });
    const added = await storage.addRaw(bytes);
    await event(`0x${'00'.repeat(32)}${digest.slice(2)}`);
    return added.cid;
  };
  const goingOn = await kept(id('b'), states!);
  const over = await kept(id('a'), oldStates!);
  const evidence = await storage.addRaw(text('{"version":1,"about":"x","text":"y"}'));
  await event(`0x${Buffer.from(`ipfs://${evidence.cid}`).toString('hex')}`);
  const terms = await storage.addRaw(encodeTerms({ version: 1, kind: 'download', license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 }).bytes);
  const stray = await storage.addRaw(text('nobody names this'));
  await age();
  const young = await storage.addRaw(text('put just now'));

  const dry = await collect({ noted: [noted!], dryRun: true });
  expect(await has(stray.cid)).toBe(true);
  const report = await collect({ noted: [noted!] });
  expect(report).toMatchObject({ removed: dry.removed, removedBytes: dry.removedBytes, young: 1, missing: [] });

  for (const version of [live, pending, paid]) for (const cid of [version.manifest, version.keyset]) expect(await has(cid)).toBe(true);
  for (const cid of [live.content, live.table, pending.content, paid.content, paid.table, model!, states!, noted!]) expect(await whole(cid)).toBe(true);
  for (const cid of [receipt.cid, goingOn, over, evidence.cid, terms.cid, young.cid, revoked.manifest, refunded.manifest]) expect(await has(cid)).toBe(true);
  for (const cid of [revoked.content, refunded.content, oldStates!, abandoned!, stray.cid]) expect(await has(cid)).toBe(false);
  // Nothing is left to do.
  expect(await collect({ noted: [noted!] })).toMatchObject({ removed: 0, young: 1 });
});

test('what is put again while it is removed is there afterwards; an end in the middle loses nothing that is needed', async () => {
  const live = await publish(1, 'live');
  const strays = await Promise.all(Array.from({ length: 40 }, (_, index) => storage.addRaw(text(`stray ${index}`))));
  await age();
  const ending = new AbortController();
  await expect(collect({ signal: ending.signal, onProgress: (stage, done) => { if (stage === 'removing' && done === 5) ending.abort(new Error('killed')); } })).rejects.toThrow('killed');
  expect(await whole(live.content)).toBe(true);
  const [report] = await Promise.all([collect(), ...strays.slice(0, 20).map((_, index) => storage.addRaw(text(`stray ${index}`)))]);
  for (const { cid } of strays.slice(0, 20)) expect(await has(cid)).toBe(true);
  for (const { cid } of strays.slice(20)) expect(await has(cid)).toBe(false);
  expect(report.missing).toEqual([]);
});

test('in doubt nothing is removed', async () => {
  const live = await publish(1, 'live');
  const { cid } = await storage.addRaw(text('stray'));
  await age();
  await expect(collect({ head: 121 })).rejects.toMatchObject({ code: 'NOT_READY' });
  await db.pool.query('UPDATE cursor SET timestamp = 1');
  await expect(collect({ head: 101 })).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(await collect({ head: 100, dryRun: true })).toMatchObject({ removed: 1 });
  await own.delete(parseCid(live.content));
  await expect(collect()).rejects.toMatchObject({ code: 'NOT_FOUND', details: live.content });
  await own.delete(parseCid(live.manifest));
  await expect(collect()).rejects.toMatchObject({ code: 'NOT_FOUND', details: live.manifest });
  expect(await has(cid)).toBe(true);
  await db.pool.query('DELETE FROM cursor');
  await expect(collect({ despiteMissing: true })).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(await has(cid)).toBe(true);
});

test('every column that may name a block is known to the collector', () => {
  const looksLike = /digest|cid$|address|evidence|reason|root|commitment|uri$/;
  const unknown = Object.values(schema).flatMap((table) => {
    if (!is(table, PgTable) || withoutBlocks.has(getTableName(table))) return [];
    const name = getTableName(table);
    return Object.values(getTableColumns(table)).map((column) => column.name).filter((column) => looksLike.test(column) && blockColumns[name]?.[column] === undefined).map((column) => `${name}.${column}`);
  });
  expect(unknown, 'say in apps/node/src/keeping/blockColumns.ts whether they name a block').toEqual([]);
  const columns = new Map<string, Set<string>>(Object.values(schema).flatMap((table) => (is(table, PgTable) ? [[getTableName(table), new Set(Object.values(getTableColumns(table)).map(({ name }) => name))] as const] : [])));
  for (const [table, named] of Object.entries(blockColumns)) for (const column of Object.keys(named)) expect(columns.get(table)?.has(column), `${table}.${column}`).toBe(true);
});

test('a large folder keeps the files that its lists name, and nothing is removed where a list is not here', async () => {
  const [file, index, stray] = await Promise.all([21, 22, 23].map(addFile)) as [string, string, string];
  const files = Array.from({ length: 5_000 }, (_, at) => ({ path: `photo-${String(at).padStart(4, '0')}.png`, cid: file, sealedSize: 1_200_000, sealedSha256: 'a'.repeat(64) }));
  const lists = await Promise.all(encodeFolderLists(files).map((bytes) => storage.addRaw(bytes)));
  const keyset = await storage.addRaw(text('keyset of a folder'));
  const { bytes } = buildManifest({
    description: { title: 'Photos', description: 'many', license: 'cc-by-4.0', tags: [] }, folder: { files, lists: lists.map(({ cid }) => cid) },
    sealed: { format: 'age-encryption.org/v1', cid: index, size: 1_200_000, keysetDigest: keyset.digest, contentRoot: id('1'), contentCommitment: id('2'), fileName: 'photos.folder.json', mediaType: FOLDER_MEDIA_TYPE, ciphertextSha256: sha256Hex(text('x')) },
  });
  const manifest = await storage.addRaw(bytes);
  await db.orm.insert(schema.versions).values({
    assetId: 7, version: 1, status: 'live', manifestDigest: manifest.digest, contentRoot: id('1'), contentCommitment: id('2'), keyCommitment: id('3'), committee: [1], threshold: 1, validatorsMayRead: false, subject: id('7'), transaction: id('5'), block: 1, at: 1,
  });
  await age();
  await collect();
  expect([await whole(file), await whole(index), await whole(stray), await has(manifest.cid), ...(await Promise.all(lists.map(({ cid }) => has(cid))))]).toEqual([true, true, false, true, ...lists.map(() => true)]);

  const other = await addFile(24);
  await age();
  await own.delete(parseCid(lists[0]!.cid));
  await expect(collect()).rejects.toMatchObject({ code: 'NOT_FOUND', details: lists[0]!.cid });
  expect(await whole(other)).toBe(true);
});
