import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { sampleTable } from '@neurodata/engine';
import { type AssetDto, commitOf, hubIdOf, parseNcr } from '@neurodata/protocol';
import { buyLicense, createListing, entitlementOf, publishAsset, publishSample, publishVersion, subscribe, waitForGrant, waitForKey, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findMlcroissant } from '../apps/node/src/api/mlcroissant.ts';
import { type Serve, createServe } from '../apps/cli/src/serve/createServe.ts';
import { serveToken } from '../apps/cli/src/serve/serveToken.ts';
import { createDraftStore } from '../apps/cli/src/drafts/createDraftStore.ts';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import { pythonClients } from './pythonClients.ts';
import { type Stack, startStack } from './stack.ts';

const minute = 60_000;
const run = promisify(execFile);
const clients = await pythonClients();
const mlcroissant = await findMlcroissant();
const [small, large] = [penguinsCsv(), bigCsv()];

/** More than two of the pieces whose digests make the content root. */
function bigCsv(): Uint8Array {
  const lines = ['id,value'];
  for (let id = 0; id < 150_000; id += 1) lines.push(`${id},${(id * 7_919) % 100_003}`);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

const tidesCsv = new TextEncoder().encode(`hour,height\n${Array.from({ length: 60 }, (_, hour) => `${hour},${(hour % 12) / 10}`).join('\n')}\n`);

let stack: Stack;
let home: string;
let token: string;
let [alice, bob, owner, carols]: Serve[] = [];
let [penguins, numbers, tides]: AssetDto[] = [];

beforeAll(async () => {
  stack = await startStack({ settings: { workers: 0 } });
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-hub-'));
  const [seller, buyer, stranger] = await Promise.all([stack.client('publisher'), stack.client('alice'), stack.client('bob')]);
  const first = await publish(seller, 'Penguins of Palmer', small);
  await sell(seller, buyer, first);
  const second = await publish(seller, 'Numbers', large);
  await sell(seller, buyer, second);
  const third = await publish(seller, 'Tides', tidesCsv, undefined, true);
  const { bytes: head } = await sampleTable(large, { rows: 5 });
  const sample = await publishSample({ client: seller, assetId: second, description: { title: 'Numbers', description: 'Some.', license: 'CC0-1.0', tags: [] }, table: head, ...describeCsv(head), fileName: 'numbers.csv', validatorsMayRead: false });
  await waitForVersion({ client: seller, assetId: sample.sampleAssetId, version: 1, timeoutMs: minute });
  // A subscription that holds the key of the version before the newest.
  const carol = await stack.client('carol');
  const terms = { version: 1 as const, kind: 'subscription' as const, license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client: seller, assetId: second, firstVersion: 1, kind: 'subscription', price: parseNcr('2'), periodMinutes: 1440, terms });
  const { subscriptionId } = await subscribe({ client: carol, listingId });
  await waitForKey({ client: carol, subscriptionId, timeoutMs: minute });
  // A version that nobody has bought, and is the newest.
  await publish(seller, 'Numbers', new TextEncoder().encode('id,value\n1,2\n'), second);
  [penguins, numbers, tides] = await Promise.all([first, second, third].map((assetId) => seller.api.getAsset({ assetId })));
  token = await serveToken(home, false);
  [alice, bob, owner, carols] = await Promise.all([buyer, stranger, seller, carol].map((client) => createServe({ client, token, port: 0, viewerFolder: path.join(home, 'viewer') })));
}, 4 * minute);

afterAll(async () => {
  await Promise.all([alice, bob, owner, carols].map((serve) => serve?.stop()));
  await stack?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

async function publish(client: NeuroClient, title: string, bytes: Uint8Array, assetId?: number, open = false): Promise<number> {
  const description = { title, description: 'Made for a test.', license: 'CC0-1.0', tags: ['test'], task: 'classification' as const };
  const file = { client, content: () => streamOf(bytes), fileName: `${title.toLowerCase().split(' ')[0]}.csv`, mediaType: 'text/csv', description, open, validatorsMayRead: false, ...describeCsv(bytes) };
  const published = await (assetId === undefined ? publishAsset({ ...file, kind: 'dataset' }) : publishVersion({ ...file, assetId }));
  await waitForVersion({ client, assetId: published.assetId, version: published.version, timeoutMs: minute });
  return published.assetId;
}

async function sell(seller: NeuroClient, buyer: NeuroClient, assetId: number): Promise<void> {
  const terms = { version: 1 as const, kind: 'download' as const, license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client: seller, assetId, firstVersion: 1, kind: 'download', price: parseNcr('3'), terms });
  const { orderId } = await buyLicense({ client: buyer, listingId });
  await waitForGrant({ client: buyer, orderId, timeoutMs: minute });
}

const idOf = (asset: AssetDto | undefined): string => (asset ? hubIdOf(asset) : '');
const commit = (asset: AssetDto | undefined, version: number): string => commitOf(asset!.versions.find((one) => one.version === version)!);
const ask = (serve: Serve | undefined, where: string, init: RequestInit & { as?: string } = {}): Promise<Response> => fetch(`${serve?.url}${where}`, { ...init, headers: { authorization: `Bearer ${init.as ?? token}`, ...init.headers } });
const facts = (response: Response, ...names: string[]): (string | null | number)[] => [response.status, ...names.map((name) => response.headers.get(name))];
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test('the token lies in a file of its owner alone, and without it nothing is told', async () => {
  expect((await stat(path.join(home, 'serve.token'))).mode & 0o777).toBe(0o600);
  expect([await serveToken(home, false) === token, await serveToken(await mkdtemp(path.join(home, 'x')), true) === token]).toEqual([true, false]);
  for (const as of ['', 'nds_wrong', `${token}x`, token.slice(0, -1)]) {
    for (const where of ['/api/whoami-v2', `/api/datasets/${idOf(penguins)}`, `/datasets/${idOf(penguins)}/resolve/main/penguins.csv`, '/splits?dataset=assets/1']) {
      expect(facts(await ask(alice, where, { as }), 'x-error-message', 'x-repo-commit')).toEqual([401, 'Invalid credentials in Authorization header', null]);
    }
  }
  await expect(createServe({ client: await stack.client('bob'), token, port: 0, viewerFolder: home, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  // As a page would that points its own name at this machine. fetch sets the header itself.
  const { stdout } = await run(process.execPath, ['-e', `require('node:http').get(${JSON.stringify(`${alice!.url}/api/whoami-v2`)}, { headers: { host: 'evil.example', authorization: 'Bearer ${token}' } }, (r) => console.log(r.statusCode))`]);
  expect(stdout.trim()).toBe('403');
});

test('who asks is the account that is served', async () => {
  const { account } = await stack.client('alice');
  expect(await (await ask(alice, '/api/whoami-v2')).json()).toMatchObject({ type: 'user', name: account!.address, orgs: [] });
});

test('a repository is described, by its name, by its number, and at each of its revisions', async () => {
  const id = idOf(numbers);
  const main = await ask(alice, `/api/datasets/${id}`);
  expect(await main.json()).toMatchObject({
    id, author: numbers!.owner.toLowerCase(), sha: commit(numbers, 2), private: false, gated: 'auto', disabled: false, siblings: [{ rfilename: 'README.md' }, { rfilename: 'croissant.json' }, { rfilename: 'numbers.csv' }],
    cardData: { license: 'cc0-1.0', task_categories: ['tabular-classification'] },
  });
  const { manifestDigest, manifestCid } = numbers!.versions.find(({ version }) => version === 1)!;
  for (const revision of ['v1', commit(numbers, 1), manifestDigest, manifestDigest.slice(2), manifestCid]) {
    for (const name of [id, `assets/${numbers!.assetId}`]) expect(await (await ask(alice, `/api/datasets/${name}/revision/${revision}`)).json()).toMatchObject({ sha: commit(numbers, 1) });
  }
  for (const revision of ['v3', 'v0', 'master', 'refs%2Fconvert%2Fcsv', commit(penguins, 1)]) {
    for (const where of [`/api/datasets/${id}/revision/${revision}`, `/api/datasets/${id}/tree/${revision}`, `/datasets/${id}/resolve/${revision}/numbers.csv`]) {
      expect(facts(await ask(alice, where), 'x-error-code')).toEqual([404, 'RevisionNotFound']);
    }
  }
  for (const name of [`assets/${numbers!.assetId + 99}`, `0x${'ab'.repeat(20)}/${numbers!.assetId}`, 'assets/numbers', 'rajpurkar/squad']) expect(facts(await ask(alice, `/api/datasets/${name}`), 'x-error-code')).toEqual([404, 'RepoNotFound']);
  expect(facts(await ask(alice, `/api/models/${id}`), 'x-error-code')).toEqual([404, 'RepoNotFound']);
  expect(facts(await ask(alice, '/api/datasets/%ff/x'), 'x-error-code')).toEqual([400, 'BadRequest']);
});

test('trees and paths list each file with its size', async () => {
  const id = idOf(penguins);
  const entries = await (await ask(alice, `/api/datasets/${id}/tree/main?recursive=True&expand=False`)).json() as { path: string; size: number; oid: string; type: string }[];
  expect(entries.map(({ path: name }) => name)).toEqual(['README.md', 'croissant.json', 'penguins.csv']);
  expect(entries[2]).toMatchObject({ type: 'file', size: small.length });
  const card = await bytesOf(await ask(alice, `/datasets/${id}/resolve/main/README.md`));
  expect(entries[0]).toMatchObject({ size: card.length, oid: createHash('sha1').update(`blob ${card.length}\0`).update(card).digest('hex') });
  expect(facts(await ask(alice, `/api/datasets/${id}/tree/main/nowhere`), 'x-error-code')).toEqual([404, 'EntryNotFound']);
  const asked = { method: 'POST', body: new URLSearchParams([['paths', 'penguins.csv'], ['paths', 'nothing'], ['expand', 'False']]) };
  for (const init of [asked, { method: 'POST', body: JSON.stringify({ paths: ['penguins.csv'] }), headers: { 'content-type': 'application/json' } }]) {
    for (const serve of [alice, stack.node as { url: string } as Serve]) expect(await (await ask(serve, `/api/datasets/${id}/paths-info/main`, init)).json()).toEqual([entries[2]]);
  }
});

test('a file: facts before it, the whole, ranges, and what is no range', async () => {
  const where = `/datasets/${idOf(numbers)}/resolve/v1/numbers.csv`;
  const head = await ask(alice, where, { method: 'HEAD' });
  const etag = head.headers.get('etag');
  expect(etag).toMatch(/^"nd-[0-9a-f]{64}"$/);
  expect(facts(head, 'content-length', 'x-linked-size', 'x-linked-etag', 'x-repo-commit', 'accept-ranges', 'x-neurodata-checked')).toEqual([200, String(large.length), String(large.length), etag, commit(numbers, 1), 'bytes', 'content']);
  const part = await ask(alice, where, { headers: { range: 'bytes=1048570-1048600' } });
  expect(facts(part, 'content-range', 'content-length', 'etag')).toEqual([206, `bytes 1048570-1048600/${large.length}`, '31', etag]);
  expect(await bytesOf(part)).toEqual(Buffer.from(large.slice(1_048_570, 1_048_601)));
  expect(Buffer.compare(await bytesOf(await ask(alice, where)), large)).toBe(0);
  expect(await bytesOf(await ask(alice, where, { headers: { range: 'bytes=-5' } }))).toEqual(Buffer.from(large.slice(-5)));
  expect((await ask(alice, where, { method: 'HEAD', headers: { range: 'bytes=0-0' } })).headers.get('content-length')).toBe('1');
  expect(facts(await ask(alice, where, { headers: { range: `bytes=${large.length}-` } }), 'content-range')).toEqual([416, `bytes */${large.length}`]);
  expect((await ask(alice, where, { method: 'HEAD', headers: { range: 'bytes=0-0', 'if-range': '"another"' } })).status).toBe(200);
  expect(facts(await ask(alice, where.replace('.csv', '.txt')), 'x-error-code', 'x-repo-commit')).toEqual([404, 'EntryNotFound', commit(numbers, 1)]);
  expect((await ask(alice, where, { method: 'DELETE' })).status).toBe(404);
});

test('a byte that was changed on the way ends the connection, and is not delivered', async () => {
  const client = await stack.client('alice');
  const { storage } = client;
  const readFile: typeof storage.readFile = async function* (asked) {
    let at = asked.offset ?? 0;
    for await (const bytes of storage.readFile(asked)) {
      const copy = Uint8Array.from(bytes);
      if (at <= 1_500_000 && at + copy.length > 1_500_000) copy[1_500_000 - at]! ^= 1;
      at += copy.length;
      yield copy;
    }
  };
  const serve = await createServe({ client: { ...client, storage: { ...storage, readFile } }, token, port: 0, viewerFolder: path.join(home, 'viewer') });
  const got: Buffer[] = [];
  const reading = async (): Promise<void> => {
    const { body } = await ask(serve, `/datasets/${idOf(numbers)}/resolve/v1/numbers.csv`);
    for await (const piece of body!) got.push(Buffer.from(piece));
  };
  await expect(reading()).rejects.toThrow('terminated');
  const whole = Buffer.concat(got);
  expect([whole.length <= 1_048_576, Buffer.compare(whole, large.slice(0, whole.length))]).toEqual([true, 0]);
  await expect(ask(serve, `/datasets/${idOf(numbers)}/resolve/v1/numbers.csv`, { headers: { range: 'bytes=1450000-1450010' } }).then((response) => response.text())).rejects.toThrow();
  await serve.stop();
});

test('the card and the manifest are told, and the manifest is the one whose digest is on chain', async () => {
  const id = idOf(penguins);
  for (const serve of [alice, bob, stack.node as { url: string } as Serve]) {
    const croissant = await ask(serve, `/datasets/${id}/resolve/main/croissant.json`);
    expect(`0x${createHash('sha256').update(await bytesOf(croissant)).digest('hex')}`).toBe(penguins!.versions[0]!.manifestDigest);
    expect(await (await ask(serve, `/datasets/${id}/resolve/main/README.md`)).text()).toMatch(/^---\nlicense: "cc0-1\.0"\n[^]*configs: .*penguins\.csv[^]*# Penguins of Palmer\n/);
  }
});

test('who is not entitled is told how to be, by a proxy of their own and by a node', async () => {
  const [client, where] = [await stack.client('bob'), `/datasets/${idOf(penguins)}/resolve/main/penguins.csv`];
  expect(await entitlementOf({ client, assetId: penguins!.assetId, version: 1 })).toEqual({ by: 'nothing', why: 'not bought' });
  for (const [serve, words] of [[bob, 'neurodata datasets buy'], [stack.node as { url: string } as Serve, 'neurodata serve']] as const) {
    for (const method of ['HEAD', 'GET']) {
      const refused = await ask(serve, where, { method });
      expect(facts(refused, 'x-error-code', 'x-repo-commit')).toEqual([403, 'GatedRepo', commit(penguins, 1)]);
      expect(refused.headers.get('x-error-message')).toContain(words);
      expect(refused.headers.get('x-error-message')).toContain('3 NCR');
    }
  }
  // The version that came after the purchase is another one.
  expect(facts(await ask(alice, `/datasets/${idOf(numbers)}/resolve/main/numbers.csv`), 'x-error-code')).toEqual([403, 'GatedRepo']);
});

test('a subscription opens the version whose key it was granted, and another costs', async () => {
  expect(Buffer.compare(await bytesOf(await ask(carols, `/datasets/${idOf(numbers)}/resolve/v1/numbers.csv`)), large)).toBe(0);
  const refused = await ask(carols, `/datasets/${idOf(numbers)}/resolve/v2/numbers.csv`);
  expect(facts(refused, 'x-error-code')).toEqual([402, 'PaymentRequired']);
  expect(refused.headers.get('x-error-message')).toContain('neurodata subscriptions request');
});

test("an asset's owner may open every version of it", async () => {
  const seller = await stack.client('publisher');
  expect(await entitlementOf({ client: seller, assetId: numbers!.assetId, version: 2 })).toEqual({ by: 'owner' });
  expect(await (await ask(owner, `/datasets/${idOf(numbers)}/resolve/main/numbers.csv`)).text()).toBe('id,value\n1,2\n');
}, 2 * minute);

test('what its publisher opened, a node gives to everybody, checked as any other', async () => {
  const [id, where] = [idOf(tides), `${stack.node.url}/datasets/${idOf(tides)}/resolve/main/tides.csv`];
  expect(await (await fetch(`${stack.node.url}/api/datasets/${id}`)).json()).toMatchObject({ gated: false });
  const whole = await fetch(where);
  expect([...facts(whole, 'content-length', 'x-neurodata-checked', 'x-repo-commit'), Buffer.compare(await bytesOf(whole), tidesCsv)]).toEqual([200, String(tidesCsv.length), 'content', commit(tides, 1), 0]);
  const part = await fetch(where, { headers: { range: 'bytes=5-10' } });
  expect([part.status, await part.text()]).toEqual([206, Buffer.from(tidesCsv.slice(5, 11)).toString()]);
  expect(facts(await fetch(where, { method: 'HEAD' }), 'content-length')).toEqual([200, String(tidesCsv.length)]);
  expect(await (await fetch(`${stack.node.url}/rows?dataset=${id}&length=1`)).json()).toMatchObject({ rows: [{ row: { hour: 0, height: 0 } }] });
  // Nor does the buyer's own proxy ask for an entitlement.
  expect(Buffer.compare(await bytesOf(await ask(bob, `/datasets/${id}/resolve/main/tides.csv`)), tidesCsv)).toBe(0);
  const seller = await stack.client('publisher');
  await expect(publishAsset({ client: seller, kind: 'dataset', content: () => streamOf(tidesCsv), fileName: 'x.csv', mediaType: 'text/csv', open: true, description: { title: 'T', description: 'D', license: 'LicenseRef-Own', tags: [] } })).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test("the viewer's routes: statistics for everybody, rows for who may open the file", async () => {
  const [node, query] = [stack.node as { url: string } as Serve, `dataset=${idOf(penguins)}&config=default&split=train`];
  const read = async (serve: Serve | undefined, where: string) => (await ask(serve, where)).json();
  expect([await read(alice, `/is-valid?${query}`), await read(node, `/is-valid?${query}`)]).toMatchObject([{ viewer: true, preview: true, statistics: true }, { viewer: false, preview: false, statistics: true }]);
  for (const serve of [alice, node]) {
    expect(await read(serve, `/splits?dataset=${idOf(penguins)}`)).toEqual({ splits: [{ dataset: idOf(penguins), config: 'default', split: 'train' }], pending: [], failed: [] });
    expect(await read(serve, `/size?${query}`)).toMatchObject({ size: { dataset: { num_rows: 344, num_bytes_original_files: small.length, num_columns: 7 } }, partial: false });
    const { num_examples: count, statistics } = await read(serve, `/statistics?${query}`) as { num_examples: number; statistics: { column_name: string; column_statistics: { min?: number; histogram?: { hist: number[]; bin_edges: number[] } } }[] };
    expect([count, statistics.length]).toEqual([344, 7]);
    const { min, histogram } = statistics.find(({ column_name: name }) => name.startsWith('Body'))!.column_statistics;
    expect([min! > 1_000, histogram!.bin_edges.length === histogram!.hist.length + 1, Math.round(histogram!.hist.reduce((sum, rows) => sum + rows, 0) / 34)]).toEqual([true, true, 10]);
  }
  expect(await read(alice, `/rows?${query}&offset=1&length=2`)).toMatchObject({ num_rows_total: 344, rows: [{ row_idx: 1, row: { Species: 'Adelie' } }, { row_idx: 2 }], partial: false });
  expect(await read(alice, `/first-rows?${query}`)).toMatchObject({ truncated: true, features: [{ name: 'Species', type: { dtype: 'string' } }, {}, {}, {}, {}, {}, {}] });
  for (const serve of [bob, node]) for (const route of ['rows', 'first-rows']) expect((await ask(serve, `/${route}?${query}`)).status).toBe(403);
  // Of what has an open sample, that is shown to whom the file is not for.
  for (const serve of [bob, node]) {
    expect(await read(serve, `/rows?dataset=${idOf(numbers)}&offset=1`)).toMatchObject({ num_rows_total: 5, partial: true, sample: true, rows: [{ row_idx: 1, row: { id: 1, value: 7_919 } }, {}, {}, {}] });
    expect(await read(serve, `/is-valid?dataset=${idOf(numbers)}`)).toMatchObject({ preview: true, viewer: false });
  }
  expect([(await ask(alice, `/rows?${query}&length=101`)).status, (await ask(alice, '/rows')).status, (await ask(alice, `/splits?dataset=${idOf(penguins)}&split=test`)).status]).toEqual([422, 422, 404]);
});

test('the command: an open file is published, a price beside it refused; a model is served as one; it ends when it is told to', async () => {
  const file = path.join(home, 'wind.csv');
  await writeFile(file, Buffer.from(tidesCsv).toString().replace('height', 'wind'));
  const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
  const env = { ...process.env, NEURODATA_HOME: path.join(home, 'state'), NEURODATA_URL: stack.node.url };
  const words = ['datasets', 'publish', file, '--as', 'publisher', '--title', 'Wind', '--description', 'Made', '--license', 'CC0-1.0', '--open', '--yes', '--json'];
  await expect(run(process.execPath, [bin, ...words, '--price', '2'], { env, cwd: home })).rejects.toMatchObject({ stdout: expect.stringContaining('What is open is free') });
  const { assetId } = JSON.parse((await run(process.execPath, [bin, ...words], { env, cwd: home })).stdout) as { assetId: number };
  expect(await (await fetch(`${stack.node.url}/datasets/assets/${assetId}/resolve/main/wind.csv`)).text()).toContain('hour,wind\n0,0\n');

  const seller = await stack.client('publisher');
  const model = await publishAsset({ client: seller, kind: 'model', content: () => streamOf(Uint8Array.of(1, 2, 3)), fileName: 'm.bin', mediaType: 'application/octet-stream', open: true, description: { title: 'Tiny', description: 'A model.', license: 'MIT', tags: [], task: 'regression' } });
  await waitForVersion({ client: seller, assetId: model.assetId, version: 1, timeoutMs: minute });
  const serving = spawn(process.execPath, [bin, 'serve', '--port', '0', '--as', 'alice', '--json'], { env, cwd: home });
  const [line] = await once(serving.stdout, 'data') as [Buffer];
  const printed = JSON.parse(line.toString()) as { url: string; token: string; account: string };
  expect(await readFile(path.join(home, 'state', 'serve.token'), 'utf8')).toBe(`${printed.token}\n`);
  const at = printed as unknown as Serve;
  expect(await (await ask(at, '/api/whoami-v2', { as: printed.token })).json()).toMatchObject({ name: printed.account });
  for (const [serve, as] of [[at, printed.token], [stack.node as { url: string } as Serve, '']] as const) {
    expect(await (await ask(serve, `/api/models/assets/${model.assetId}`, { as })).json()).toMatchObject({ pipeline_tag: 'tabular-regression', gated: false });
    expect(await bytesOf(await ask(serve, `/assets/${model.assetId}/resolve/v1/m.bin`, { as }))).toEqual(Buffer.of(1, 2, 3));
  }
  serving.kill('SIGTERM');
  expect(await once(serving, 'exit')).toEqual([0, null]);
}, 3 * minute);

if (typeof clients === 'string') {
  test(`the stock Python clients did NOT run here (${clients})`, () => expect(clients).not.toBe(''));
} else {
  const { python, hf, versions } = clients;
  const environment = (serve: { url: string } | undefined, shown = token) => ({
    PATH: process.env['PATH'] ?? '', HOME: home, HF_HOME: path.join(home, `hf-${new URL(serve?.url ?? '').port}`), HF_ENDPOINT: serve?.url ?? '', HF_TOKEN: shown, HF_HUB_DISABLE_TELEMETRY: '1', HF_HUB_DISABLE_XET: '1', HF_HUB_DISABLE_PROGRESS_BARS: '1', NO_COLOR: '1',
  });
  /** What a script prints, or what it dies of. */
  const script = async (serve: { url: string } | undefined, text: string, shown?: string): Promise<string> => {
    const { stdout, stderr } = await run(python, ['-c', text], { env: environment(serve, shown), cwd: home, maxBuffer: 2 ** 26 }).catch((error: unknown) => error as { stdout: string; stderr: string });
    return stdout.trim() === '' ? stderr : stdout.trim();
  };

  test(`hf download (${versions})`, async () => {
    const folder = path.join(home, 'downloaded');
    await run(hf, ['download', idOf(penguins), '--repo-type', 'dataset', '--local-dir', folder], { env: environment(alice), cwd: home });
    expect(Buffer.compare(await readFile(path.join(folder, 'penguins.csv')), small)).toBe(0);
    expect(`0x${createHash('sha256').update(await readFile(path.join(folder, 'croissant.json'))).digest('hex')}`).toBe(penguins!.versions[0]!.manifestDigest);
    const refused = await run(hf, ['download', idOf(penguins), 'penguins.csv', '--repo-type', 'dataset', '--local-dir', path.join(home, 'refused')], { env: environment(bob), cwd: home }).then(() => '', (error: { stderr: string; stdout: string }) => error.stdout + error.stderr);
    expect(refused.replaceAll(/\s+/g, ' ')).toContain('neurodata datasets buy');
  }, 2 * minute);

  test(`huggingface_hub: files, revisions, listings, resumption, refusals (${versions})`, async () => {
    const id = JSON.stringify(idOf(numbers));
    expect(JSON.parse(await script(alice, `
import hashlib, json, os
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.file_download import http_get
api, repo = HfApi(), ${id}
file = hf_hub_download(${id}, 'numbers.csv', repo_type='dataset', revision='v1')
sha = lambda path: hashlib.sha256(open(path, 'rb').read()).hexdigest()
half = os.path.join('half.csv')
open(half, 'wb').write(open(file, 'rb').read()[:1500000])
with open(half, 'ab') as out:
    http_get(f"{os.environ['HF_ENDPOINT']}/datasets/{repo}/resolve/v1/numbers.csv", out, resume_size=1500000, headers={'authorization': 'Bearer ' + os.environ['HF_TOKEN']}, expected_size=${large.length})
fs = HfFileSystem()
with fs.open(f"datasets/{repo}@v1/numbers.csv", 'rb', block_size=65536) as remote:
    remote.seek(2000000)
    piece = remote.read(10).decode()
print(json.dumps({
  'who': api.whoami()['name'], 'sha': sha(file), 'resumed': sha(half), 'commit': os.path.basename(os.path.dirname(file)), 'info': api.dataset_info(${id}, revision='v1').sha,
  'tree': [f.path for f in api.list_repo_tree(${id}, repo_type='dataset', revision='v1')], 'exists': [api.file_exists(${id}, name, repo_type='dataset') for name in ('README.md', 'no.txt')],
  'snapshot': sorted(os.listdir(snapshot_download(${id}, repo_type='dataset', revision='v1'))), 'piece': piece,
}))`))).toEqual({
      who: (await stack.client('alice')).account!.address, sha: createHash('sha256').update(large).digest('hex'), resumed: createHash('sha256').update(large).digest('hex'), commit: commit(numbers, 1), info: commit(numbers, 1),
      tree: ['README.md', 'croissant.json', 'numbers.csv'], exists: [true, false], snapshot: ['README.md', 'croissant.json', 'numbers.csv'], piece: Buffer.from(large.slice(2_000_000, 2_000_010)).toString(),
    });
    const fetching = (revision: string, file = 'numbers.csv'): string => `
from huggingface_hub import hf_hub_download
try:
    hf_hub_download(${id}, '${file}', repo_type='dataset', revision='${revision}')
except Exception as error:
    chain = []
    while error: chain.append(f"{type(error).__name__}: {error}"); error = error.__cause__
    print(' | '.join(chain))`;
    expect(await script(alice, fetching('v9'))).toMatch(/^RevisionNotFoundError[^]*has no revision v9/);
    expect(await script(alice, fetching('v1', 'other.csv'))).toMatch(/^RemoteEntryNotFoundError/);
    expect(await script(bob, fetching('v2'))).toMatch(/GatedRepoError[^]*neurodata datasets buy/);
    expect(await script(stack.node, fetching('v2'), '')).toMatch(/GatedRepoError[^]*neurodata serve/);
    expect(await script(alice, fetching('v2', 'croissant.json'), 'wrong')).toMatch(/401[^]*Invalid credentials in Authorization header/);
  }, 3 * minute);

  test(`hf upload, and what becomes of it (${versions})`, async () => {
    const state = path.join(home, 'uploads');
    const cli = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
    const env = { ...process.env, NEURODATA_HOME: state, NEURODATA_URL: stack.node.url };
    const neurodata = async (...words: string[]) => JSON.parse((await run(process.execPath, [cli, ...words, '--as', 'publisher', '--json', '--yes'], { env, cwd: home })).stdout) as Record<string, never>;
    const drafts = createDraftStore({ folder: path.join(state, 'drafts') });
    const seller = await stack.client('publisher');
    const serve = await createServe({ client: seller, token, port: 0, viewerFolder: path.join(home, 'viewer'), drafts });
    try {
      const rows = path.join(home, 'krill.csv');
      const krill = `year,krill\n${Array.from({ length: 60 }, (_, year) => `${1960 + year},${(year * 7) % 13}`).join('\n')}\n`;
      await writeFile(rows, krill);
      const told = (await run(hf, ['upload', 'me/krill', rows, 'krill.csv', '--repo-type', 'dataset'], { env: environment(serve), cwd: home })).stdout;
      expect(told).toContain('/datasets/me/krill');
      const [draft] = await drafts.list();
      expect(draft).toMatchObject({ repo: 'me/krill', files: [{ path: 'krill.csv', size: krill.length, oid: createHash('sha256').update(krill).digest('hex') }] });
      // A card beside it, a folder, a large file by LFS, reading back, deleting.
      expect(JSON.parse(await script(serve, `
import hashlib, json, os
from huggingface_hub import HfApi, hf_hub_download
api = HfApi()
url = api.create_repo('me/krill', repo_type='dataset', exist_ok=True)
card = b'---\\nlicense: cc0-1.0\\npretty_name: Krill of the South\\ntags: [krill, sea]\\n---\\n\\n# Krill\\n\\nHow much there was.\\n'
info = api.upload_file(path_or_fileobj=card, path_in_repo='README.md', repo_id='me/krill', repo_type='dataset')
os.makedirs('folder/notes', exist_ok=True)
open('folder/notes/a.txt', 'w').write('a')
open('folder/large.bin', 'wb').write(b'0123456789abcdef' * 400000)
api.upload_folder(folder_path='folder', repo_id='me/krill', repo_type='dataset')
large = hf_hub_download('me/krill', 'large.bin', repo_type='dataset', force_download=True)
listed = sorted(api.list_repo_files('me/krill', repo_type='dataset'))
api.delete_file('large.bin', 'me/krill', repo_type='dataset')
api.delete_folder('notes', 'me/krill', repo_type='dataset')
print(json.dumps({'url': str(url).endswith('/datasets/me/krill'), 'oid': len(info.oid), 'listed': listed, 'same': open(large, 'rb').read() == b'0123456789abcdef' * 400000, 'left': sorted(api.list_repo_files('me/krill', repo_type='dataset'))}))`))).toEqual({ url: true, oid: 40, listed: ['README.md', 'krill.csv', 'large.bin', 'notes/a.txt'], same: true, left: ['README.md', 'krill.csv'] });
      // Nothing was published by that; it takes a command.
      expect((await seller.api.listAssets({ owner: seller.account!.address, q: 'Krill' })).items).toEqual([]);
      expect(await neurodata('drafts', 'show', draft!.draftId)).toMatchObject({ repo: 'me/krill', card: { title: 'Krill of the South', license: 'CC0-1.0', tags: ['krill', 'sea'] } });
      const { assetId, sampleAssetId } = await neurodata('drafts', 'publish', draft!.draftId, '--price', '2') as unknown as { assetId: number; sampleAssetId: number };
      const asset = await seller.api.getAsset({ assetId });
      // Its card names an open licence: whoever has not bought it sees its first rows.
      expect(asset.sampleAssetId).toBe(sampleAssetId);
      expect(await (await ask(stack.node as { url: string } as Serve, `/rows?dataset=${hubIdOf(asset)}&offset=18`)).json()).toMatchObject({ rows: [{ row: { year: 1978 } }, {}], num_rows_total: 20, sample: true });
      expect(asset).toMatchObject({ title: 'Krill of the South', description: 'How much there was.', license: 'CC0-1.0', tags: ['krill', 'sea'], rows: 60, status: 'live' });
      expect([await drafts.list(), await neurodata('drafts', 'list')]).toEqual([[], { items: [] }]);
      expect(await (await ask(serve, `/datasets/${hubIdOf(asset)}/resolve/main/krill.csv`)).text()).toBe(krill);
      // Its next version, by the asset's own name; another's is refused.
      await run(hf, ['upload', hubIdOf(asset), rows, 'krill.csv', '--repo-type', 'dataset'], { env: environment(serve), cwd: home });
      expect(await drafts.list()).toMatchObject([{ assetId, files: [{ path: 'krill.csv' }] }]);
      expect(await script(alice, `from huggingface_hub import HfApi\nHfApi().upload_file(path_or_fileobj=b'x', path_in_repo='x.csv', repo_id='${hubIdOf(asset)}', repo_type='dataset')`)).toMatch(/not served here|changes are made/);
      expect(await neurodata('drafts', 'drop', (await drafts.list())[0]!.draftId)).toMatchObject({ dropped: expect.any(String) });
    } finally {
      await serve.stop();
    }
  }, 5 * minute);

  test(`datasets.load_dataset (${versions})`, async () => {
    const loading = (streaming: string): string => `
import json
from datasets import load_dataset
rows = load_dataset(${JSON.stringify(idOf(penguins))}, split='train'${streaming})
some = [row['Species'] for _, row in zip(range(2), rows)]
print(json.dumps([sum(1 for _ in rows), some]))`;
    expect(JSON.parse(await script(alice, loading('')))).toEqual([344, ['Adelie', 'Adelie']]);
    expect(JSON.parse(await script(alice, loading(', streaming=True')))).toEqual([344, ['Adelie', 'Adelie']]);
    expect(await script(bob, loading(''))).toMatch(/neurodata datasets buy/);
    expect(JSON.parse(await script(alice, loading(", revision='refs/convert/parquet'")))).toEqual([344, ['Adelie', 'Adelie']]);
    expect(await script(stack.node, `from datasets import load_dataset\nprint(len(load_dataset(${JSON.stringify(idOf(tides))}, split='train')))`, '')).toBe('60');
  }, 4 * minute);
}

test.skipIf(!mlcroissant)(mlcroissant ? 'mlcroissant fetches, checks and reads the rows of an open dataset by its Croissant document' : 'mlcroissant did not run: it cannot be installed here', async () => {
  const file = path.join(home, 'tides.json');
  const document = await fetch(`${stack.node.url}/api/datasets/${hubIdOf(tides!)}/croissant`);
  await writeFile(file, await document.text());
  expect(await mlcroissant!.validate([file])).toEqual([{ errors: [], warnings: [] }]);
  const rows = await mlcroissant!.load(file);
  expect([rows.length, rows[0], rows[59]]).toEqual([60, { 'rows/hour': 0, 'rows/height': 0 }, { 'rows/hour': 59, 'rows/height': 1.1 }]);
}, 3 * minute);
