import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AssetDto } from '@neurodata/protocol';
import { HubError } from '@neurodata/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDraftStore, type DraftStore } from '../drafts/createDraftStore.ts';
import type { Draft } from '../drafts/draft.ts';
import { createUploads, type Uploads } from './createUploads.ts';
import { readUploadLink, uploadLink } from './uploadLink.ts';

const account = '0x00000000000000000000000000000000000000aa';
const token = 'nds_token';
let [home, store, uploads, told]: [string, DraftStore, Uploads, Draft[]] = ['', undefined as never, undefined as never, []];

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-uploads-'));
  told = [];
  store = createDraftStore({ folder: path.join(home, 'drafts'), quota: 64 * 2 ** 20, largest: 32 * 2 ** 20 });
  const assets = new Map([[7, { assetId: 7, kind: 'dataset', owner: account, title: 'Penguins' }], [8, { assetId: 8, kind: 'dataset', owner: '0xbb', title: 'Others' }]]) as unknown as Map<number, AssetDto>;
  uploads = createUploads({
    store, token, account, findAsset: async (assetId) => assets.get(assetId), committed: (draft) => told.push(draft),
    expectLocal: ({ host }) => { if (host !== '127.0.0.1:4800') throw new HubError('no', { status: 403, code: 'Unauthorized' }); },
    authorize: ({ authorization }) => { if (authorization !== `Bearer ${token}`) throw new HubError('no', { status: 401, code: 'Unauthorized' }); },
  });
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function* piecesOf(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(body as Uint8Array);
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

type Answer = { status: number; value: Record<string, unknown>; headers: Record<string, string> };

async function ask(method: string, url: string, body: unknown = '', headers: Record<string, string> = {}): Promise<Answer> {
  const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const answered = await uploads({ method, url, headers: { host: '127.0.0.1:4800', authorization: `Bearer ${token}`, ...headers }, body: piecesOf(sent) });
  if (!answered) return { status: 0, value: {}, headers: {} };
  const parts: Uint8Array[] = [];
  if (answered.body instanceof Uint8Array) parts.push(answered.body);
  else if (answered.body) for await (const part of answered.body) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return { status: answered.status, headers: answered.headers, value: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text }) as Record<string, unknown> };
}

const linesOf = (...lines: object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');
const header = { key: 'header', value: { summary: 'Add rows', description: '' } };
const inline = (name: string, text: string) => ({ key: 'file', value: { path: name, encoding: 'base64', content: Buffer.from(text).toString('base64') } });
const shaOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const create = (name = 'rows', organization = 'me') => ask('POST', '/api/repos/create', { name, organization, type: 'dataset' });

test('a repository is a draft; a commit stages its files and tells its owner; nothing else happens', async () => {
  expect(await create()).toMatchObject({ status: 200, value: { url: 'http://127.0.0.1:4800/datasets/me/rows', name: 'me/rows' } });
  expect(await create()).toMatchObject({ status: 409, value: { url: 'http://127.0.0.1:4800/datasets/me/rows' } });
  expect((await ask('POST', '/api/datasets/me/rows/preupload/main', { files: [{ path: 'rows.csv', sample: '', size: 8 }, { path: 'big.bin', sample: '', size: 5 * 2 ** 20 }] })).value).toEqual({ files: [{ path: 'rows.csv', uploadMode: 'regular', shouldIgnore: false }, { path: 'big.bin', uploadMode: 'lfs', shouldIgnore: false }] });
  const committed = await ask('POST', '/api/datasets/me/rows/commit/main', linesOf(header, inline('rows.csv', 'a,b\n1,2\n'), inline('README.md', '# Rows\n')));
  const [draft] = await store.list();
  expect(committed).toMatchObject({ status: 200, value: { success: true, commitOid: expect.stringMatching(/^[0-9a-f]{40}$/), commitUrl: expect.stringContaining('/datasets/me/rows/commit/') } });
  expect(draft).toMatchObject({ kind: 'dataset', repo: 'me/rows', message: 'Add rows', files: [{ path: 'README.md' }, { path: 'rows.csv', oid: shaOf('a,b\n1,2\n'), size: 8 }] });
  expect(told).toEqual([draft]);
  expect(await readFile(store.objectPath(shaOf('a,b\n1,2\n')), 'utf8')).toBe('a,b\n1,2\n');
  // What is there can be read again, and be replaced and removed.
  const commitOid = String(committed.value['commitOid']);
  expect((await ask('GET', '/api/datasets/me/rows')).value).toMatchObject({ id: 'me/rows', sha: commitOid, siblings: [{ rfilename: 'README.md' }, { rfilename: 'rows.csv' }] });
  expect((await ask('GET', '/datasets/me/rows/resolve/main/rows.csv')).value).toEqual({ text: 'a,b\n1,2\n' });
  expect(await ask('HEAD', '/datasets/me/rows/resolve/main/rows.csv')).toMatchObject({ status: 200, headers: { 'x-linked-size': '8', 'x-repo-commit': commitOid } });
  expect((await ask('GET', '/api/datasets/me/rows/tree/main')).value).toMatchObject([{ path: 'README.md' }, { path: 'rows.csv', size: 8 }]);
  expect((await ask('POST', '/api/datasets/me/rows/paths-info/main', { paths: ['rows.csv', 'x'] })).value).toMatchObject([{ path: 'rows.csv' }]);
  expect((await ask('GET', '/datasets/me/rows/resolve/main/../../../etc/passwd')).status).toBe(404);
  expect((await ask('POST', '/api/datasets/me/rows/commit/main', linesOf({ ...header, value: { summary: '', parentCommit: '0'.repeat(40) } }, { key: 'deletedFile', value: { path: 'rows.csv' } }))).status).toBe(412);
  expect((await ask('POST', '/api/datasets/me/rows/commit/main', linesOf(header, { key: 'deletedFile', value: { path: 'rows.csv' } }))).status).toBe(200);
  expect((await store.list())[0]?.files.map((file) => file.path)).toEqual(['README.md']);
});

test('large files go by LFS to a signed address, are compared, and are not asked for twice', async () => {
  await create();
  const bytes = Buffer.alloc(5 * 2 ** 20, 'x,y\n');
  const [oid, size] = [shaOf(bytes), bytes.length];
  const batch = () => ask('POST', '/datasets/me/rows.git/info/lfs/objects/batch', { operation: 'upload', transfers: ['basic', 'multipart'], hash_algo: 'sha256', objects: [{ oid, size }] });
  const { value, headers } = await batch();
  expect([value['transfer'], headers['content-type']]).toEqual(['basic', 'application/vnd.git-lfs+json']);
  const { upload, verify } = (value['objects'] as { actions: Record<'upload' | 'verify', { href: string }> }[])[0]!.actions;
  const put = upload.href.replace('http://127.0.0.1:4800', '');
  expect(put).not.toContain(token);
  const nobody = { authorization: '' };
  for (const wrong of [put.replace(/signature=./, 'signature=!'), put.replace(`size=${size}`, `size=${size + 1}`), put.replace(oid, 'f'.repeat(64)), `/api/uploads/${oid}`, put.replace(/until=\d+/, 'until=9999999999')]) expect((await ask('PUT', wrong, bytes, nobody)).status, wrong).toBe(403);
  expect((await ask('PUT', put, bytes, { ...nobody, host: 'evil.example' })).status).toBe(403);
  expect((await ask('PUT', put, Buffer.alloc(size), nobody)).status).toBe(400);
  expect((await ask('PUT', put, bytes.subarray(1), nobody)).status).toBe(400);
  // Not committed before its bytes are here.
  const line = { key: 'lfsFile', value: { path: 'big.csv', algo: 'sha256', oid, size } };
  expect((await ask('POST', '/api/datasets/me/rows/commit/main', linesOf(header, line))).status).toBe(400);
  expect((await ask('PUT', put, bytes, nobody)).status).toBe(200);
  expect([(await ask('POST', verify.href.replace('http://127.0.0.1:4800', ''), { oid, size })).status, (await ask('POST', `/api/uploads/${'f'.repeat(64)}/verify`, { oid: 'f'.repeat(64), size })).status]).toEqual([200, 404]);
  expect((await ask('POST', '/api/datasets/me/rows/commit/main', linesOf(header, line))).status).toBe(200);
  expect((await batch()).value['objects']).toEqual([{ oid, size }]);
  const refused = await ask('POST', '/datasets/me/rows.git/info/lfs/objects/batch', { operation: 'upload', objects: [{ oid: 'e'.repeat(64), size: 33 * 2 ** 20 }] });
  expect(refused.value['objects']).toMatchObject([{ error: { code: 413, message: expect.stringContaining('too large') } }]);
  expect(() => readUploadLink({ token, oid, query: new URLSearchParams(uploadLink({ token, oid, size, now: 0 }).split('?')[1]), now: 3_601_000 })).toThrow(/too old/);
});

test('a commit that is none, or names what may not be, changes nothing', async () => {
  await create();
  const commit = (body: string | Uint8Array) => ask('POST', '/api/datasets/me/rows/commit/main', body);
  const bad: [string, number][] = [
    ['', 400], ['no json', 400], [linesOf({ key: 'copyFile', value: {} }), 400], [linesOf({ key: 'what' }), 400], [linesOf(header, { key: 'file', value: { path: 'a', encoding: 'base64', content: '!!' } }), 400],
    [linesOf(header, inline('good.csv', 'x'), inline('../../evil', 'x')), 400], [linesOf(header, inline('a/b', 'x'), inline('A/c', 'y')), 400], [linesOf(header, inline('a', 'x'), inline('a/b', 'y')), 400],
    [linesOf(header, { key: 'lfsFile', value: { path: 'a', algo: 'sha256', oid: '../../../etc/passwd' } }), 400],
  ];
  for (const [body, status] of bad) expect({ body: body.slice(0, 60), status: (await commit(body)).status }).toEqual({ body: body.slice(0, 60), status });
  expect((await commit(Buffer.alloc(17 * 2 ** 20, 'x'))).status).toBe(413);
  expect([(await store.list())[0]?.files, told]).toEqual([[], []]);
  for (const where of ['commit/v2', 'commit/refs%2Fpr%2F1', 'preupload/dev']) expect((await ask('POST', `/api/datasets/me/rows/${where}`, linesOf(header))).status, where).toBe(404);
  expect((await ask('POST', '/api/datasets/me/rows/commit/main?create_pr=1', linesOf(header))).status).toBe(400);
  expect((await ask('POST', '/api/datasets/me/other/commit/main', linesOf(header))).headers['x-error-code']).toBe('RepoNotFound');
  expect((await ask('GET', '/api/datasets/me/rows/xet-write-token/main')).headers['x-error-message']).toMatch(/HF_HUB_DISABLE_XET/);
});

test('without the token nothing is taken; names and kinds are kept to', async () => {
  for (const [method, url] of [['POST', '/api/repos/create'], ['POST', '/api/datasets/me/rows/commit/main'], ['POST', '/datasets/me/rows.git/info/lfs/objects/batch'], ['POST', '/api/validate-yaml'], ['GET', '/api/datasets/me/rows']] as const) {
    expect((await ask(method, url, '{}', { authorization: 'Bearer nds_wrong' })).status, url).toBe(401);
  }
  expect(await readdir(home)).toEqual([]);
  const made = async (value: object) => (await ask('POST', '/api/repos/create', value)).status;
  expect(await Promise.all([{ name: '../x' }, { name: 'a b' }, { name: 'x--y' }, { name: 'x', organization: 'x..y' }, { name: 'x', type: 'space' }, {}].map(made))).toEqual([400, 400, 400, 400, 400, 400]);
  expect((await ask('POST', '/api/repos/create', { name: 'net' })).value).toMatchObject({ name: `${account}/net`, url: `http://127.0.0.1:4800/${account}/net` });
  // Other questions are somebody else's.
  expect((await ask('GET', '/api/whoami-v2')).status).toBe(0);
  expect((await ask('GET', '/api/datasets/assets/7')).status).toBe(0);
});

test("what is uploaded to an own asset's name becomes its next version; to another's, nothing", async () => {
  expect(await ask('POST', '/api/repos/create', { name: 'assets/7', type: 'dataset' })).toMatchObject({ status: 409, value: { error: expect.stringContaining('next version') } });
  expect((await ask('POST', `/api/datasets/${account}/penguins-7/commit/main`, linesOf(header, inline('rows.csv', 'x\n1\n')))).status).toBe(200);
  expect(await store.list()).toMatchObject([{ repo: `${account}/penguins-7`, assetId: 7 }]);
  expect((await ask('GET', `/api/datasets/${account}/penguins-7`)).status).toBe(0);
  expect((await ask('POST', '/api/datasets/assets/8/commit/main', linesOf(header))).status).toBe(403);
  expect((await ask('POST', '/api/datasets/assets/9/commit/main', linesOf(header))).status).toBe(404);
  // A name that only ends with a number is a new one.
  expect((await create('cifar-7')).status).toBe(200);
});

test('a card is looked at before it is uploaded', async () => {
  const check = (content: string) => ask('POST', '/api/validate-yaml', { content, repoType: 'dataset' });
  expect(await check('---\nlicense: mit\n---\n')).toMatchObject({ status: 200, value: { errors: [], warnings: [] } });
  expect(await check('# No front matter')).toMatchObject({ status: 200, value: { warnings: [{}] } });
  expect(await check('---\nlicense: [\n---\n')).toMatchObject({ status: 400, value: { errors: [{ message: expect.stringContaining('YAML') }] } });
});
