import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDraftStore } from './createDraftStore.ts';

let folder = '';
beforeEach(async () => { folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'neurodata-drafts-')), 'drafts'); });
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

const staged = (text: string) => {
  const bytes = Buffer.from(text);
  return { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, content: [bytes.subarray(0, 2), bytes.subarray(2)] };
};
const objectsOf = () => readdir(path.join(folder, 'objects'));

test('files are kept by their digest, whole or not at all, for their owner alone', async () => {
  const store = createDraftStore({ folder });
  const file = staged('a,b\n1,2\n');
  await store.put(file);
  expect(await readFile(store.objectPath(file.oid), 'utf8')).toBe('a,b\n1,2\n');
  expect(await Promise.all([folder, path.join(folder, 'objects'), store.objectPath(file.oid)].map(async (place) => (await stat(place)).mode & 0o777))).toEqual([0o700, 0o700, 0o600]);
  const other = staged('other');
  await expect(store.put({ ...other, oid: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(store.put({ ...other, size: 4 })).rejects.toThrow(/more than 4 of 4/);
  await expect(store.put({ ...other, size: 6 })).rejects.toThrow(/only 5 of 6/);
  async function* torn(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ot');
    throw new Error('the client is gone');
  }
  await expect(store.put({ ...other, content: torn() })).rejects.toThrow('the client is gone');
  expect(await objectsOf()).toEqual([file.oid]);
  expect(await Promise.all([store.sizeOf(file.oid), store.sizeOf(other.oid), store.sizeOf('../../etc/passwd')])).toEqual([8, undefined, undefined]);
});

test('quota, largest file and the number of drafts are kept', async () => {
  const store = createDraftStore({ folder, quota: 10, largest: 8 });
  await expect(store.put(staged('123456789'))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  await store.put(staged('12345678'));
  await expect(store.put(staged('abc'))).rejects.toThrow(/--quota/);
  // Two at once see each other.
  const results = await Promise.allSettled([store.put(staged('a')), store.put(staged('bc'))]);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  for (let at = 0; at < 100; at += 1) await store.open({ kind: 'dataset', repo: `me/${at}` });
  await expect(store.open({ kind: 'dataset', repo: 'me/more' })).rejects.toMatchObject({ code: 'TOO_LARGE' });
});

test('what is dropped goes with its files, what another draft names stays; forgotten parts are swept', async () => {
  const store = createDraftStore({ folder });
  const [one, two] = [staged('one'), staged('two')];
  await Promise.all([store.put(one), store.put(two)]);
  const [{ draft: first, made }, { draft: second }] = await Promise.all([store.open({ kind: 'dataset', repo: 'me/first' }), store.open({ kind: 'dataset', repo: 'me/second' })]);
  expect([made, (await store.open({ kind: 'dataset', repo: 'Me/First' })).made]).toEqual([true, false]);
  const put = ({ oid, size }: typeof one, name: string) => ({ put: { path: name, oid, size } });
  await store.commit(first.draftId, { changes: [put(one, 'one.csv'), put(two, 'two.csv')], message: 'Add' });
  await store.commit(second.draftId, { changes: [put(two, 'two.csv')], message: 'Add' });
  await store.drop(first.draftId);
  expect([await objectsOf(), (await store.list()).map(({ repo }) => repo)]).toEqual([[two.oid], ['me/second']]);
  await expect(store.get(first.draftId)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const stray = staged('nobody committed this');
  await store.put(stray);
  await writeFile(path.join(folder, 'objects', `.${stray.oid}.abc.part`), 'half');
  expect([await store.sweep(), (await objectsOf()).length]).toEqual([0, 3]);
  expect([await store.sweep(Date.now() + 11 * 60_000), (await objectsOf()).toSorted()]).toEqual([1, [stray.oid, two.oid].toSorted()]);
  expect([await store.sweep(Date.now() + 25 * 3_600_000), await objectsOf()]).toEqual([1, [two.oid]]);
});

test('a note that was damaged is told, not overwritten', async () => {
  const store = createDraftStore({ folder });
  const { draft } = await store.open({ kind: 'model', repo: 'me/net' });
  await writeFile(path.join(folder, `${draft.draftId}.json`), '{"version":1');
  await expect(store.open({ kind: 'model', repo: 'me/net' })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
});
