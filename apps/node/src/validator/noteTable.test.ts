import { describeColumns } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { profileTable, tableMediaTypes } from '@neurodata/engine';
import * as dagPb from '@ipld/dag-pb';
import { publishAsset, publishVersion, readNotices, readVersion, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient, VersionFacts } from '@neurodata/sdk';
import { createStorage, memoryBlocks, parseCid } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../common/service.ts';
import { listTableChecks } from '../db/tableChecks.ts';
import { startSmallStack } from '../../test/smallStack.ts';
import type { SmallStack } from '../../test/smallStack.ts';
import { checkCiphertext, readContent } from './readContent.ts';
import type { CheckContext } from './readContent.ts';

let stack: SmallStack;
let validators: Service[];
let publisher: NeuroClient;
let copier: NeuroClient;

beforeAll(async () => {
  stack = await startSmallStack();
  validators = await Promise.all([0, 1, 2].map((index) => stack.validator(index)));
  for (const validator of validators) await validator.start();
  [publisher, copier] = await Promise.all([0, 1].map((index) => stack.connect(stack.cast.people[index]!.account.privateKey))) as [NeuroClient, NeuroClient];
}, 120_000);

afterAll(async () => {
  await Promise.all(validators.map((validator) => validator.stop()));
  await stack.stop();
});

async function publish(client: NeuroClient, title: string, bytes: Uint8Array, said: { mediaType?: string; rows?: number; assetId?: number } = {}): Promise<{ assetId: number; version: number }> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const profile = said.rows === undefined ? await profileTable(bytes) : undefined;
  const file = {
    client, content, fileName: 'rows', mediaType: said.mediaType ?? tableMediaTypes[profile?.format ?? 'csv'], validatorsMayRead: true, ...(profile ? { rows: profile.rows, columns: describeColumns(profile) } : { rows: said.rows ?? 0 }),
    description: { title, description: 'For a test.', license: 'CC0-1.0', tags: [] },
  };
  return said.assetId === undefined ? publishAsset({ ...file, kind: 'dataset' }) : publishVersion({ ...file, assetId: said.assetId });
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const rows = Array.from({ length: 400 }, (_, row) => ({ reading: row * 1.25, site: `Site ${row % 40}`, month: row % 12 }));

test('a copy with other names, another order and a few changed rows is told by every validator, from their own memory; its owner alone learns of people in it', async () => {
  const original = await publish(publisher, 'Readings', text(['reading,site,month', ...rows.map(({ reading, site, month }) => `${reading},${site},${month}`)].join('\n')));
  await waitForVersion({ client: publisher, ...original, timeoutMs: 60_000 });
  const copied = rows.toReversed().map((row, index) => (index % 20 === 0 ? { ...row, month: 99 } : row));
  const unlike = rows.map(({ reading, site, month }, index) => `${month},${reading + 0.5},${site},s${index}@example.org`);
  const copy = await publish(copier, 'My own readings', text(copied.map(({ reading, site, month }) => JSON.stringify({ when: month, value: reading, place: site })).join('\n')));
  const other = await publish(copier, 'Addresses', text(['m,r,s,contact', ...unlike].join('\n')));
  await Promise.all([copy, other].map((one) => waitForVersion({ client: copier, ...one, timeoutMs: 90_000 })));
  const next = await publish(publisher, 'Readings', text(['reading,site,month', ...rows.map(({ reading, site, month }) => `${reading},${site},${month + 1}`)].join('\n')), { assetId: original.assetId });
  await waitForVersion({ client: publisher, ...next, timeoutMs: 60_000 });

  const facts = await Promise.all([original, copy, other, next].map((one) => readVersion({ client: publisher, ...one })));
  const [first, second, third, fourth] = await Promise.all(facts.map(({ manifestDigest }) => listTableChecks(stack.db, manifestDigest)));
  expect(first!.map(({ validatorId, body }) => [validatorId, body.compared, body.alike])).toEqual([1, 2, 3].map((id) => [id, 0, []]));
  for (const { body } of second!) expect(body).toMatchObject({ compared: 1, alike: [{ assetId: original.assetId, version: 1, manifestDigest: facts[0]!.manifestDigest, part: 0.95 }] });
  for (const { body } of [...third!, ...fourth!]) expect(body.alike).toEqual([]);

  const found = { version: 1, personal: [{ column: 'contact', kind: 'e-mail', values: 400 }] };
  expect(await readNotices({ client: copier, ...other })).toEqual([1, 2, 3].map((validatorId) => ({ validatorId, items: [{ ...found, at: expect.any(Number) }] })));
  expect((await readNotices({ client: publisher, ...other })).map(({ items, problem }) => [items, problem])).toEqual(Array.from({ length: 3 }, () => [[], expect.stringContaining('is not owned by')]));
  // What a validator keeps holds no row and no address.
  for (const index of [1, 2, 3]) {
    const folder = stack.folder;
    const kept = Buffer.concat(await Promise.all(['', '-wal'].map((end) => readFile(path.join(folder, `${index}.tables.sqlite${end}`)).catch(() => Buffer.alloc(0)))));
    expect(kept.includes('contact')).toBe(true);
    expect(['example.org', 'Site 1', 's399@'].filter((secret) => kept.includes(secret))).toEqual([]);
  }
}, 240_000);

test('hostile uploads are refused with a reason, and the validators go on', async () => {
  const bomb = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x'.repeat(2 ** 28 + 1)], type: 'STRING' }], codec: 'SNAPPY' }));
  const hostile: [string, Uint8Array, string][] = [
    ['formula', text('a,b\n1,"=HYPERLINK(""http://x.example"",""y"")"\n'), 'text/csv'], ['NUL', text('a,b\n1,x\0y\n'), 'text/csv'], ['not UTF-8', Uint8Array.of(97, 10, 0xff, 10), 'text/csv'],
    ['deep', text(`[${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]`), 'application/json'], ['one line', new Uint8Array(2 ** 24).fill(97), 'text/csv'], ['bomb', bomb, 'application/vnd.apache.parquet'],
  ];
  const published = [];
  // One after the other: they are one account's transactions.
  for (const [title, bytes, mediaType] of hostile) published.push(await publish(publisher, title, bytes, { rows: 1, mediaType }));
  await Promise.all(published.map((one) => waitForVersion({ client: publisher, ...one, status: 'refused', timeoutMs: 180_000 })));
  const good = await publish(publisher, 'Harmless', text('a,b\n1,x\n2,-5 %\n'));
  await waitForVersion({ client: publisher, ...good, timeoutMs: 60_000 });
}, 400_000);

test('a sealed file of 10 GB, all one line, is left alone at the first byte too many', async () => {
  const blocks = memoryBlocks();
  const { cid: leaf } = await createStorage(blocks).addRaw(new Uint8Array(2 ** 20).fill(97));
  // The same block ten thousand times over: what a publisher stores in a megabyte, a reader would fetch for hours.
  const thousand = await putNode(blocks, parseCid(leaf), 2 ** 20, 1_000);
  const cid = (await putNode(blocks, thousand, 1_000 * 2 ** 20, 10)).toString();
  let read = 0;
  const context = { setup: { client: { storage: createStorage(blocks) } }, signal: new AbortController().signal } as unknown as CheckContext;
  const manifest = { 'nd:sealed': { cid, size: 3 * 2 ** 20 }, distribution: [{ contentUrl: `ipfs://${cid}`, sha256: '00' }] } as unknown as Manifest;
  await expect(checkCiphertext({ context, manifest, keep: ({ length }) => { read += length; } })).rejects.toThrow('The ciphertext is longer than the 3145728 bytes of the manifest.');
  expect(read).toBe(3 * 2 ** 20);
  const honest = { ...manifest, 'nd:sealed': { cid, size: 10_000 * 2 ** 20 } } as Manifest;
  await expect(readContent({ context, manifest: honest, facts: {} as VersionFacts })).rejects.toThrow('The sealed file has 10485760000 bytes; validators read at most 268435456.');
});

/** A file of `count` times the same child. */
async function putNode(blocks: BlockStore, child: CID, size: number, count: number): Promise<CID> {
  const node = dagPb.encode({ Data: new UnixFS({ type: 'file', blockSizes: Array.from({ length: count }, () => BigInt(size)) }).marshal(), Links: Array.from({ length: count }, () => ({ Name: '', Hash: child, Tsize: size })) });
  const cid = CID.createV1(dagPb.code, await sha256.digest(node));
  await blocks.put(cid, node);
  return cid;
}
