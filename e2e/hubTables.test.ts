import os from 'node:os';
import path from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { sampleTable } from '@neurodata/engine';
import { type AssetDto, commitOf, hubIdOf, parseNcr } from '@neurodata/protocol';
import { buyLicense, createListing, publishAsset, publishSample, waitForGrant, waitForVersion } from '@neurodata/sdk';
import type { NeuroClient } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Serve, createServe } from '../apps/cli/src/serve/createServe.ts';
import { serveToken } from '../apps/cli/src/serve/serveToken.ts';
import { describeCsv, penguinsCsv, streamOf } from './csv.ts';
import { type Stack, startStack } from './stack.ts';

/** The viewer's routes that ask a table: of a dataset that was bought, of one that shows a sample, and of an open one. */
const minute = 60_000;
const small = penguinsCsv();
const csvOf = (head: string, row: (index: number) => string): Uint8Array => new TextEncoder().encode(`${head}\n${Array.from({ length: 60 }, (_, index) => row(index)).join('\n')}\n`);
let stack: Stack;
let [home, token] = ['', ''];
let [alice, bob]: Serve[] = [];
let [penguins, numbers, tides]: AssetDto[] = [];

beforeAll(async () => {
  stack = await startStack({ settings: { workers: 0 } });
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-hub-tables-'));
  const [seller, buyer, stranger] = await Promise.all([stack.client('publisher'), stack.client('alice'), stack.client('bob')]);
  const first = await publish(seller, 'Penguins of Palmer', small);
  const terms = { version: 1 as const, kind: 'download' as const, license: 'CC0-1.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
  const { listingId } = await createListing({ client: seller, assetId: first, firstVersion: 1, kind: 'download', price: parseNcr('3'), terms });
  const { orderId } = await buyLicense({ client: buyer, listingId });
  await waitForGrant({ client: buyer, orderId, timeoutMs: minute });
  const values = csvOf('id,value', (id) => `${id},${(id * 7_919) % 100_003}`);
  const second = await publish(seller, 'Numbers', values);
  const { bytes: rows } = await sampleTable(values, { rows: 5 });
  const sample = await publishSample({ client: seller, assetId: second, description: { title: 'Numbers', description: 'Some.', license: 'CC0-1.0', tags: [] }, table: rows, ...describeCsv(rows), fileName: 'numbers.csv', validatorsMayRead: false });
  await waitForVersion({ client: seller, assetId: sample.sampleAssetId, version: 1, timeoutMs: minute });
  const third = await publish(seller, 'Tides', csvOf('hour,height', (hour) => `${hour},${(hour % 12) / 10}`), true);
  [penguins, numbers, tides] = await Promise.all([first, second, third].map((assetId) => seller.api.getAsset({ assetId })));
  token = await serveToken(home, false);
  [alice, bob] = await Promise.all([buyer, stranger].map((client) => createServe({ client, token, port: 0, viewerFolder: path.join(home, 'viewer') })));
}, 4 * minute);

afterAll(async () => {
  await Promise.all([alice, bob].map((serve) => serve?.stop()));
  await stack?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

async function publish(client: NeuroClient, title: string, bytes: Uint8Array, open = false): Promise<number> {
  const description = { title, description: 'Made for a test.', license: 'CC0-1.0', tags: ['test'] };
  const { assetId, version } = await publishAsset({ client, kind: 'dataset', content: () => streamOf(bytes), fileName: `${title.toLowerCase().split(' ')[0]}.csv`, mediaType: 'text/csv', description, open, validatorsMayRead: false, ...describeCsv(bytes) });
  await waitForVersion({ client, assetId, version, timeoutMs: minute });
  return assetId;
}

const idOf = (asset: AssetDto | undefined): string => (asset ? hubIdOf(asset) : '');
const commit = (asset: AssetDto | undefined, version: number): string => commitOf(asset!.versions.find((one) => one.version === version)!);
const ask = (serve: Serve | undefined, where: string): Promise<Response> => fetch(`${serve?.url}${where}`, { headers: { authorization: `Bearer ${token}` } });
const facts = (response: Response, ...names: string[]): (string | null | number)[] => [response.status, ...names.map((name) => response.headers.get(name))];
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test('rows are searched and filtered for whom the file is, and of a sample it is said that they are', async () => {
  const [node, query] = [stack.node as { url: string } as Serve, `dataset=${idOf(penguins)}&config=default&split=train`];
  const read = async (serve: Serve | undefined, where: string) => (await ask(serve, where)).json();
  expect(await read(alice, `/is-valid?${query}`)).toMatchObject({ search: true, filter: true });
  const heavy = await read(alice, `/filter?${query}&where=${encodeURIComponent('"Body Mass (g)">5500 AND Species=\'Gentoo\'')}&orderby=${encodeURIComponent('"Body Mass (g)" DESC')}&length=2`) as { rows: { row: Record<string, number> }[]; num_rows_total: number };
  const masses = describedMasses();
  expect([heavy.num_rows_total, heavy.rows.map(({ row }) => row['Body Mass (g)'])]).toEqual([masses.filter((mass) => mass > 5_500).length, masses.toSorted((a, b) => b - a).slice(0, 2)]);
  expect(await read(alice, `/search?${query}&query=chinstrap&offset=1&length=1`)).toMatchObject({ num_rows_total: 68, num_rows_per_page: 100, partial: false, rows: [{ row_idx: expect.any(Number), row: { Species: 'Chinstrap' }, truncated_cells: [] }] });
  for (const serve of [bob, node]) {
    for (const route of [`filter?${query}&where=1`, `search?${query}&query=x`, `parquet?${query}`]) expect(facts(await ask(serve, `/${route}`), 'x-error-code')).toEqual([403, 'GatedRepo']);
    expect(await read(serve, `/filter?dataset=${idOf(numbers)}&where=value>10000`)).toMatchObject({ num_rows_total: 3, partial: true, sample: true, rows: [{ row_idx: 2, row: { value: 15_838 } }, {}, {}] });
  }
  const wrong = [['filter', '', 'MissingRequiredParameter'], ['search', '', 'MissingRequiredParameter'], ['filter', '&where=Species', 'InvalidParameter'], ['filter', `&where=${encodeURIComponent('1=1; SELECT 1')}`, 'InvalidParameter'], ['filter', '&orderby=random()', 'InvalidParameter'], ['search', '&query=x&length=101', 'InvalidParameter']];
  for (const [route, more, code] of wrong) expect(facts(await ask(alice, `/${route}?${query}${more}`), 'x-error-code'), `${route} ${more}`).toEqual([422, code]);
});

/** Of one species, read without the program's own readers. */
function describedMasses(): number[] {
  const [head = '', ...lines] = Buffer.from(small).toString().trim().split('\n').map((line) => line.trim());
  const at = head.split(',').indexOf('Body Mass (g)');
  return lines.filter((line) => line.startsWith('Gentoo')).map((line) => Number(line.split(',')[at])).filter((mass) => mass > 0);
}

test('a table as Parquet: listed, resolved in parts, a revision of its own', async () => {
  // As people come to the node.
  const [node, id] = [{ url: stack.node.url.replace('//127.0.0.1:', '//localhost:') } as Serve, idOf(tides)];
  const { parquet_files: [file], partial } = await (await fetch(`${node.url}/parquet?dataset=${id}`)).json() as { parquet_files: { url: string; size: number; filename: string }[]; partial: boolean };
  expect([file, partial]).toMatchObject([{ dataset: id, config: 'default', split: 'train', filename: '0000.parquet', url: `${node.url}/datasets/${id}/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet` }, false]);
  const whole = await fetch(file!.url);
  const bytes = await bytesOf(whole);
  expect([...facts(whole, 'content-length'), bytes.subarray(0, 4).toString(), bytes.length]).toEqual([200, String(file!.size), 'PAR1', file!.size]);
  expect(await bytesOf(await fetch(file!.url, { headers: { range: 'bytes=-8' } }))).toEqual(bytes.subarray(-8));
  const info = await (await fetch(`${node.url}/api/datasets/${id}/revision/refs%2Fconvert%2Fparquet`)).json() as { sha: string };
  expect(info).toMatchObject({ siblings: [{ rfilename: 'default/train/0000.parquet' }] });
  expect([info.sha === commit(tides, 1), whole.headers.get('x-repo-commit')]).toEqual([false, info.sha]);
  expect(await bytesOf(await fetch(`${node.url}/datasets/${id}/resolve/${info.sha}/default/train/0000.parquet`))).toEqual(bytes);
  expect(await (await fetch(`${node.url}/api/datasets/${id}/parquet`)).json()).toEqual({ default: { train: [file!.url] } });
  expect(await bytesOf(await fetch(`${node.url}/api/datasets/${id}/parquet/default/train/0.parquet`))).toEqual(bytes);
  expect([(await fetch(`${node.url}/api/datasets/${id}/parquet/default/test`)).status, (await ask(bob, `/datasets/${idOf(penguins)}/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet`)).status]).toEqual([404, 403]);
  expect((await (await ask(alice, `/parquet?dataset=${idOf(penguins)}`)).json() as { parquet_files: object[] }).parquet_files).toMatchObject([{ url: expect.stringContaining(`${alice!.url}/datasets/`) }]);
});
