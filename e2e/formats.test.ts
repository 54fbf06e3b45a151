import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readManifest, readVersion } from '@neurodata/sdk';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsing, startBrowsing } from './browse.ts';
import { penguinsCsv } from './csv.ts';

const minute = 60_000;
const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
const run = promisify(execFile);

let browsing: Browsing;

beforeAll(async () => {
  browsing = await startBrowsing({ settings: { workers: 1 } });
  await browsing.page.goto(browsing.stack.node.url);
  await browsing.connect('bob');
}, 3 * minute);

afterAll(() => browsing?.stop());

/** What the terminal says to a command with `--json`. */
async function neurodata<T>(...words: string[]): Promise<T> {
  const { home, node } = browsing.stack;
  const { stdout } = await run(process.execPath, [bin, ...words, '--json', '--yes'], { cwd: home, env: { ...process.env, NEURODATA_HOME: home, NEURODATA_URL: node.url }, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
}

type Row = Record<string, string | number | null>;

/** The penguins as typed rows: numbers as numbers, gaps as null. */
function penguins(): { names: string[]; rows: Row[] } {
  const [header = '', ...lines] = new TextDecoder().decode(penguinsCsv()).trim().split('\n');
  const names = header.split(',');
  const cellOf = (text: string): string | number | null => (text === '' || text === 'NA' ? null : /^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  return { names, rows: lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cellOf(cell)]))) };
}

function fileOf(format: string): Uint8Array {
  const { names, rows } = penguins();
  if (format === 'csv') return penguinsCsv();
  if (format === 'json') return Buffer.from(JSON.stringify(rows, undefined, 1));
  if (format === 'ndjson') return Buffer.from(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  if (format === 'arrow') return tableToIPC(tableFromArrays(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)]))), { format: 'file' }) ?? new Uint8Array();
  const columnData = names.map((name) => {
    const data = rows.map((row) => row[name] ?? null);
    return { name, data, type: data.some((value) => typeof value === 'string') ? 'STRING' as const : 'DOUBLE' as const };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const mediaTypes = { csv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet', arrow: 'application/vnd.apache.arrow.file' };
const spec = ['--target', 'Species', '--algorithm', 'logistic-regression', '--set', 'max_iter=5'];
const models = new Set<string>();

test.each(Object.entries(mediaTypes))('a dataset in %s is published, trained on, validated, and verified in terminal and browser', async (format, mediaType) => {
  const { page, stack } = browsing;
  // The name says nothing: the content does.
  const file = path.join(stack.home, `penguins-${format}.data`);
  await writeFile(file, fileOf(format));
  const here = await neurodata<{ modelDigest: string; tableDigest: string }>('train', file, ...spec, '--out', path.join(stack.home, `${format}.ndm`));
  models.add(here.modelDigest);
  const { labels } = await neurodata<{ labels: string[] }>('models', 'predict', path.join(stack.home, `${format}.ndm`), '--rows', file);
  expect(labels.slice(0, 2)).toEqual(['Adelie', 'Adelie']);
  // Samples keep the format, but for Parquet's.
  const sampled = format === 'json' || format === 'parquet' ? ['--sample-rows', '12', '--sample-seed', '3'] : format === 'ndjson' ? [] : ['--no-sample'];
  const { assetId, status, sampleAssetId } = await neurodata<{ assetId: number; status: string; sampleAssetId?: number }>('datasets', 'publish', file, ...sampled, '--as', 'publisher', '--title', `Penguins as ${format}`, '--description', 'Made for a test', '--license', 'CC0-1.0', '--run-price', '2', '--validators-read');
  expect(status).toBe('live');
  const client = await stack.client('bob');
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: 1 }) });
  expect([manifest['nd:sealed'].mediaType, manifest['nd:rows'], manifest['nd:columns']?.length]).toEqual([mediaType, 344, 7]);
  if (sampleAssetId !== undefined) {
    const sample = await readManifest({ client, facts: await readVersion({ client, assetId: sampleAssetId, version: 1 }) });
    expect([sample['nd:sealed'].mediaType, sample['nd:rows'], sample['nd:columns']?.map(({ name }) => name)]).toEqual([format === 'parquet' ? mediaTypes.csv : mediaType, sampled.length === 0 ? 20 : 12, manifest['nd:columns']?.map(({ name }) => name)]);
  }
  // Under an open licence there is one where nobody said otherwise.
  expect(sampleAssetId === undefined).toBe(sampled.includes('--no-sample'));
  const job = await neurodata<{ jobId: string; state: string }>('jobs', 'run', '--asset', String(assetId), '--as', 'bob', ...spec, '--wait');
  expect(job.state).toBe('settled');
  const { receipt } = await neurodata<{ receipt: { body: { modelDigest: string } } }>('runs', 'show', job.jobId);
  models.add(receipt.body.modelDigest);
  // The same rows give the same model in every format.
  expect([...models]).toEqual([here.modelDigest]);
  const verdict = await neurodata<{ passed: boolean; reexecuted: boolean }>('runs', 'verify', job.jobId, '--data', file);
  expect(verdict).toMatchObject({ passed: true, reexecuted: true });
  await page.goto(`${stack.node.url}/runs/${job.jobId}`);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByTestId('verify-result').filter({ hasText: 'bit for bit' }).waitFor({ timeout: minute });
  expect(browsing.takeErrors()).toEqual([]);
}, 4 * minute);

test('a description from elsewhere fills publishing, in terminal and page; what was bought is asked in SQL, and downloaded in part', async () => {
  const { page, stack } = browsing;
  const [file, from, part] = ['penguins.data', 'croissant.json', 'part.ndjson'].map((name) => path.join(stack.home, name)) as [string, string, string];
  await writeFile(file, fileOf('csv'));
  await writeFile(from, JSON.stringify({ '@type': 'sc:Dataset', name: 'Penguins of elsewhere', description: 'As another catalogue has them.', license: 'https://creativecommons.org/publicdomain/zero/1.0/', url: 'https://example.org/penguins', keywords: ['birds'] }));
  const { assetId, status } = await neurodata<{ assetId: number; status: string }>('datasets', 'publish', file, '--no-sample', '--from', from, '--title', 'Mine', '--price', '1', '--as', 'publisher');
  expect(status).toBe('live');
  const served = await fetch(`${stack.node.url}/api/datasets/assets/mine-${assetId}/croissant`);
  expect([served.status, served.headers.get('content-type')]).toEqual([200, 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"']);
  expect(await served.json()).toMatchObject({ name: 'Mine', description: 'As another catalogue has them.', license: 'https://spdx.org/licenses/CC0-1.0', isBasedOn: 'https://example.org/penguins', keywords: ['birds'], 'nd:status': 'live', usageInfo: [{ termCode: 'DUO_0000004' }, {}, { name: expect.stringMatching(/^Download/) }] });
  await neurodata('datasets', 'buy', String(assetId), '--as', 'bob');
  const { items } = await neurodata<{ items: unknown[] }>('datasets', 'sql', String(assetId), 'SELECT Species, count(*) AS n FROM data GROUP BY ALL ORDER BY n', '--as', 'bob');
  expect(items).toEqual([{ Species: 'Chinstrap', n: 68 }, { Species: 'Gentoo', n: 124 }, { Species: 'Adelie', n: 152 }].toSorted((a, b) => a.n - b.n));
  const { rows } = await neurodata<{ rows: number }>('datasets', 'download', '--asset', String(assetId), '--columns', 'Island,Species', '--where', "Species = 'Chinstrap'", '-o', part, '--as', 'bob');
  const lines = (await readFile(part, 'utf8')).trim().split('\n');
  expect([rows, lines.length, JSON.parse(lines[0]!)]).toEqual([68, 68, { Island: 'Dream', Species: 'Chinstrap' }]);
  await page.goto(`${stack.node.url}/datasets/${assetId}`);
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
  expect(await page.locator('link[rel=alternate][type*=croissant]').getAttribute('href')).toBe(`${stack.node.url}/api/v1/assets/${assetId}/croissant?revision=v1`);
  await page.goto(`${stack.node.url}/publish`);
  await page.getByLabel('Description', { exact: true }).fill('Typed already');
  await page.getByLabel('Description from elsewhere').setInputFiles(from);
  await page.getByText('Read as Croissant.').waitFor();
  const values = await Promise.all(['Title', 'Description', 'Licence', 'Tags', 'Source'].map((label) => page.getByLabel(label, { exact: true }).inputValue()));
  expect(values).toEqual(['Penguins of elsewhere', 'Typed already', 'CC0-1.0', 'birds', 'https://example.org/penguins']);
  expect(browsing.takeErrors()).toEqual([]);
}, 4 * minute);

test('an archive of texts is published and checked, and its statistics and rows are nobody\'s', async () => {
  const { stack } = browsing;
  const tar = pack();
  for (const [name, text] of [['notes/one.txt', 'first\n'], ['notes/two.txt', 'second\n']] as const) tar.entry({ name }, text);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  const file = path.join(stack.home, 'notes.csv');
  await writeFile(file, gzipSync(Buffer.concat(pieces)));
  const words = ['--as', 'publisher', '--title', 'Notes', '--description', 'Made for a test', '--license', 'CC0-1.0', '--validators-read'];
  const { assetId, status } = await neurodata<{ assetId: number; status: string }>('datasets', 'publish', file, ...words);
  expect(status).toBe('live');
  const client = await stack.client('bob');
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: 1 }) });
  expect([manifest['nd:sealed'].mediaType, manifest['nd:rows'], manifest['nd:columns']]).toEqual(['application/gzip', undefined, undefined]);
  await expect(neurodata('datasets', 'publish', file, ...words, '--run-price', '1')).rejects.toThrow('Training runs read tables');
  await expect(neurodata('datasets', 'preview', String(assetId))).rejects.toThrow('describes no columns');
}, 2 * minute);

test('a preview is drawn from what the manifest tells, and says so', async () => {
  const { items } = await neurodata<{ items: { assetId: number; title: string }[] }>('datasets', 'list', '--query', 'Penguins as csv');
  const assetId = String(items.find(({ title }) => title === 'Penguins as csv')?.assetId);
  const preview = await neurodata<{ synthetic: boolean; label: string; columns: string[]; rows: (string | number | null)[][] }>('datasets', 'preview', assetId, '--rows', '30');
  expect(preview).toMatchObject({ synthetic: true, label: expect.stringContaining('No row is real') as string });
  const mass = preview.columns.indexOf('Body Mass (g)');
  expect(preview.rows.map((row) => row[mass]).filter((value) => value !== null).every((value) => Number(value) >= 2_000 && Number(value) <= 7_000)).toBe(true);
}, minute);
