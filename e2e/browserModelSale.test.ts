import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { train } from '@neurodata/engine';
import { type Evaluation, type ModelCheck, type ModelChecksDto, parseNcr } from '@neurodata/protocol';
import { createClient, describeEvaluationTable, publishAsset, readModelCheck, waitForVersion } from '@neurodata/sdk';
import type { ReadModelCheckResult } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loopModel } from '../apps/node/test/onnxModels.ts';
import { startBrowsing } from './browse.ts';
import type { Browsing } from './browse.ts';
import type { Stack } from './stack.ts';

/** An ONNX model is trained, exported and put on sale; validators measure what is claimed of it, and everybody sees both. */

const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
const rows = Array.from({ length: 600 }, (_, index) => `${index % 17},c${index % 3},${index % 17 > 8 !== (index % 11 === 0) ? 'yes' : 'no'}`);
const csvOf = (lines: string[]): string => `a,kind,label\n${lines.join('\n')}\n`;

vi.setConfig({ testTimeout: 240_000 });

let browsing: Browsing;
let stack: Stack;
let folder = '';
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-sale-'));
  browsing = await startBrowsing();
  ({ stack } = browsing);
  const { model } = await train({
    csv: new TextEncoder().encode(csvOf(rows.slice(0, 400))),
    spec: { algorithm: 'decision-tree', target: 'label', features: [{ name: 'a', kind: 'numeric' }, { name: 'kind', kind: 'categorical' }], split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, limits: { maxSteps: 1_000, maxBytes: 1 << 26 } },
  });
  await writeFile(at('model.ndm'), model);
  await writeFile(at('held-out.csv'), csvOf(rows.slice(400)));
  await writeFile(at('renamed.csv'), csvOf(rows.slice(400)).replace('a,kind', 'length,species'));
  expect(await neurodata('models', 'export', 'model.ndm', '--format', 'onnx', '--out', 'model.onnx')).toMatchObject({ code: 0 });
}, 240_000);

afterAll(async () => {
  await browsing?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function neurodata(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, env: { ...process.env, NEURODATA_HOME: at('state'), NEURODATA_URL: stack.node.url }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => { said[name] += text; });
  const [code] = await once(child, 'close') as [number | null];
  return { ...said, code };
}

const unread = ['models', 'publish', 'model.onnx', '--title', 'Yes or no', '--license', 'CC0-1.0', '--price', '3', '--as', 'publisher', '--yes', '--target', 'label'];
const sale = [...unread, '--validators-read'];
type Published = { assetId: number; status: string; check: ReadModelCheckResult };

async function published(...words: string[]): Promise<Published> {
  const ran = await neurodata(...sale, ...words, '--json');
  if (ran.code !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as Published;
}

/** The share of held-out rows that the tree's rule gets right: it learns a > 8, the rest is noise. */
const measuredAccuracy = rows.slice(400).filter((line) => (Number(line.split(',')[0]) > 8) === line.endsWith('yes')).length / 200;

test('a true claim is measured by each validator, and holds', async () => {
  const claimed = Math.floor(measuredAccuracy * 100) / 100;
  const { assetId, status, check } = await published('--evaluate-on', 'held-out.csv', '--claim', `accuracy=${claimed}`);
  expect(status).toBe('live');
  expect(check).toMatchObject({ state: 'checked', leftOut: [], evaluation: { table: { kind: 'file', fileName: 'held-out.csv' }, target: 'label' } });
  expect(check.checks.map(({ validatorId }) => validatorId)).toEqual([1, 2, 3]);
  for (const { body } of check.checks) expect(body.report).toMatchObject({ ran: true, task: 'classification', rows: 200, claims: [{ name: 'accuracy', claimed, measured: measuredAccuracy, holds: true }] });
  expect(await neurodata('models', 'check', String(assetId))).toMatchObject({ code: 0, stdout: expect.stringMatching(/Signed by validator 1, 2, 3[^]*accuracy +0\.\d+ +0\.\d+ +[+-]\d\.\d+ +holds/) });

  const { page, shots, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/models/${assetId}`);
  await page.locator('[data-testid=model-verdict][data-state=good]').getByText('The claim holds').waitFor();
  await page.getByTestId('score-accuracy').scrollIntoViewIfNeeded();
  expect((await page.getByTestId('score-accuracy').innerText()).replaceAll(/\s+/g, ' ')).toContain(`Accuracy holds ${claimed} `);
  await page.getByText('Takes 2 inputs, gives 2 outputs').click();
  await page.getByRole('region', { name: 'Signature' }).getByText('rows × 1').first().waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the table' }).click();
  expect(await readFile(await (await saving).path(), 'utf8')).toBe(csvOf(rows.slice(400)));
  await page.getByTestId('score-accuracy').scrollIntoViewIfNeeded();
  await shots('model-test-holds');
  expect(takeErrors()).toEqual([]);
});

test('a model is tested, sealed and sold on the publish page, as the command does it', async () => {
  const { page, button, shots, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/publish`);
  await browsing.connect('publisher');
  await page.getByRole('link', { name: 'Publish an ONNX model instead' }).click();
  await page.getByRole('heading', { name: 'Publish a model' }).waitFor();
  const verdict = (tone: string) => page.locator(`[data-testid=test-verdict][data-state=${tone}]`);
  await page.getByLabel('ONNX model').setInputFiles({ name: 'model.onnx', mimeType: 'application/octet-stream', buffer: Buffer.from([0x80, 4, 0x95, 1, 2, 3]) });
  await page.getByText('Such files run code when they are opened.').waitFor();
  expect(await button('Seal and publish').isDisabled()).toBe(true);
  await page.getByLabel('ONNX model').setInputFiles(at('model.onnx'));
  await verdict('plain').getByText('Loads and runs; nothing is claimed').waitFor();
  expect(await page.getByLabel('Description').inputValue()).toBe('An ONNX model: takes a, kind; gives label, probabilities.');
  expect(await page.getByLabel('Measured on').isDisabled()).toBe(true);
  await page.getByLabel('Title').fill('Sold from a page');
  await page.getByLabel('Validators may open the model').check();
  await page.getByLabel('Measured on').selectOption('file');
  await page.getByLabel('Table', { exact: true }).setInputFiles(at('renamed.csv'));
  await page.getByLabel('Target').selectOption('label');
  await verdict('stale').waitFor();
  expect(await button('Seal and publish').isDisabled()).toBe(true);
  await button('Measure').click();
  await page.getByText('The table has no column a').waitFor();
  await page.getByLabel('Column for the input a').selectOption('length');
  await page.getByLabel('Column for the input kind').selectOption('species');
  await button('Add a claim').click();
  await page.getByLabel('Claimed Accuracy').fill('0.99');
  await button('Measure').click();
  await verdict('bad').getByText('The claim does not hold').waitFor();
  expect([await button('Seal and publish').isDisabled(), await page.getByLabel('Publish although a claim does not hold').isChecked()]).toEqual([true, false]);
  await shots('publish-model-broken');
  const claimed = Math.floor(measuredAccuracy * 100) / 100;
  await page.getByLabel('Claimed Accuracy').fill(String(claimed));
  await verdict('stale').waitFor();
  await button('Measure').click();
  await verdict('good').getByText('The claim holds').waitFor();
  await page.getByTestId('score-accuracy').scrollIntoViewIfNeeded();
  await shots('publish-model');
  expect(takeErrors()).toEqual([]);
  await button('Seal and publish').click();
  await page.waitForURL(/\/models\/\d+$/, { timeout: 60_000 });
  await page.locator('[data-testid=model-verdict][data-state=good]').getByText('The claim holds').waitFor({ timeout: 60_000 });
  const client = await stack.client('publisher');
  const assetId = Number(page.url().split('/').at(-1));
  expect(await waitForVersion({ client, assetId, version: 1 })).toBe('live');
  const { checks, leftOut, evaluation } = await readModelCheck({ client, assetId });
  expect([checks.length, leftOut, evaluation]).toEqual([3, [], {
    table: { kind: 'file', fileName: 'renamed.csv', cid: expect.any(String), sha256: expect.any(String), size: expect.any(Number) }, target: 'label', inputs: { a: 'length', kind: 'species' }, claims: { accuracy: claimed },
  }]);
  for (const { body } of checks) expect(body.report.claims).toEqual([{ name: 'accuracy', claimed, measured: measuredAccuracy, holds: true }]);
  expect((await client.api.getAsset({ assetId })).listings).toMatchObject([{ kind: 'download', price: parseNcr('5') }]);
  expect(takeErrors()).toEqual([]);
});

test('a node cannot invent, change or borrow a measurement', async () => {
  const asset = await published('--evaluate-on', 'held-out.csv');
  const others = await published('--evaluate-on', 'held-out.csv', '--claim', 'accuracy=0.5');
  const found = async (change: (checks: ModelCheck[]) => ModelCheck[]): Promise<ReadModelCheckResult> => {
    const lying: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).endsWith(`/models/${asset.assetId}/check`)) return response;
      const answer = (await response.json()) as ModelChecksDto;
      return Response.json({ ...answer, checks: change(answer.checks) });
    };
    return readModelCheck({ client: await createClient({ url: stack.node.url, fetch: lying }), assetId: asset.assetId });
  };
  const reasons = async (change: (checks: ModelCheck[]) => ModelCheck[]): Promise<unknown> => {
    const { checks, leftOut } = await found(change);
    return [checks.length, leftOut.map(({ reason }) => reason)];
  };
  expect(await reasons((checks) => checks)).toEqual([3, []]);
  expect(await reasons(([first]) => [{ ...first!, body: { ...first!.body, report: { ...first!.body.report, scores: { accuracy: 1 } } } }])).toEqual([0, ['its signature is not that of its validator']]);
  expect(await reasons(([first]) => [{ ...first!, validatorId: 2 }])).toEqual([0, ['validator 2 has another account on chain']]);
  expect(await reasons(([first]) => [{ ...first!, validatorId: 9 }])).toEqual([0, ['validator 9 was not drawn for this version']]);
  expect(await reasons(() => others.check.checks.slice(0, 1))).toEqual([0, ['it is about another version']]);
  expect(await reasons(([first]) => [{ ...first!, body: { ...first!.body, evaluation: { ...first!.body.evaluation!, claims: { accuracy: 0.5 } } } }])).toEqual([0, ['it is about other claims than the manifest declares']]);
  const claims = others.check.checks.map(({ body }) => body.report.claims[0]?.holds);
  expect(claims).toEqual([true, true, true]);
});

test('what nobody but buyers may read is not measured, and the page says so', async () => {
  const ran = await neurodata('models', 'publish', 'model.onnx', '--title', 'Unread', '--license', 'CC0-1.0', '--no-validators-read', '--as', 'publisher', '--yes', '--json');
  const { assetId, status, check } = JSON.parse(ran.stdout) as Published;
  expect([status, check.state, check.checks]).toEqual(['live', 'unread', []]);
  await browsing.page.goto(`${stack.node.url}/models/${assetId}`);
  await browsing.page.getByText('Nobody has measured it: the publisher lets nobody but buyers read the file.').waitFor();
  expect(await neurodata('models', 'check', String(assetId))).toMatchObject({ code: 0, stdout: expect.stringContaining('Nobody measured it') });
  expect(await neurodata(...unread, '--evaluate-on', 'held-out.csv')).toMatchObject({ code: 1, stderr: expect.stringContaining('What nobody may read, nobody can measure.') });
  expect(await neurodata(...sale, '--claim', 'accuracy=0.9')).toMatchObject({ code: 1, stderr: expect.stringContaining('--evaluate-on') });
});

test('a false claim is not published, unless it is told to; then both figures are seen', async () => {
  const bold = [...sale, '--evaluate-on', 'held-out.csv', '--claim', 'accuracy=0.99'];
  const before = (await (await stack.client('alice')).api.listAssets({})).items.length;
  expect(await neurodata(...bold)).toMatchObject({ code: 1, stderr: expect.stringMatching(new RegExp(`1 of 1 claims do not hold[^]*accuracy is claimed as 0.99, measured ${measuredAccuracy}`)) });
  expect((await (await stack.client('alice')).api.listAssets({})).items).toHaveLength(before);
  const { assetId, status } = await published('--evaluate-on', 'held-out.csv', '--claim', 'accuracy=0.99', '--despite-check');
  // What is claimed is shown, not judged: the bytes are a model.
  expect(status).toBe('live');
  expect(await neurodata('models', 'check', String(assetId))).toMatchObject({ code: 1, stdout: expect.stringContaining('does not hold') });
  const { page, shots } = browsing;
  await page.goto(`${stack.node.url}/models/${assetId}`);
  await page.locator('[data-testid=model-verdict][data-state=bad]').getByText('The claim does not hold').waitFor();
  const row = page.getByTestId('score-accuracy');
  await row.scrollIntoViewIfNeeded();
  expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/Accuracy does not hold 0\.99 0\.\d{4} −0\.0\d+$/);
  await shots('model-test-broken');
  await page.setViewportSize({ width: 360, height: 900 });
  await row.scrollIntoViewIfNeeded();
  // The table fits a phone: nothing of it is behind the edge.
  expect(await page.getByRole('region', { name: 'Claimed and measured' }).evaluate((table) => table.scrollWidth - table.clientWidth)).toBe(0);
  await browsing.shot('model-test-broken-table-360');
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await neurodata(...sale, '--evaluate-on', 'held-out.csv', '--claim', 'accuracy=93')).toMatchObject({ code: 1, stderr: expect.stringContaining('accuracy is at least 0 and at most 1, not 93') });
  expect(await neurodata(...sale, '--evaluate-on', 'held-out.csv', '--claim', 'beauty=1')).toMatchObject({ code: 1, stderr: expect.stringContaining('"beauty" is no score: claim accuracy, balancedAccuracy') });
});

test('the table may be a free dataset on the market, and columns may have other names', async () => {
  const data = await neurodata('datasets', 'publish', 'renamed.csv', '--no-sample', '--title', 'Held-out', '--description', 'Rows', '--license', 'CC0-1.0', '--price', '0', '--no-validators-read', '--as', 'publisher', '--yes', '--json');
  const { assetId: table } = JSON.parse(data.stdout) as { assetId: number };
  const mapped = ['--input', 'a=length', '--input', 'kind=species'];
  expect(await neurodata(...sale, '--evaluate-on', `${table}@1`, '--claim', 'accuracy=0.5')).toMatchObject({ code: 1, stderr: expect.stringContaining('The table has no column a') });
  const { check } = await published('--evaluate-on', `${table}@1`, ...mapped, '--claim', 'accuracy=0.95', '--tolerance', '0.1');
  expect(check.checks.map(({ body }) => body.report.claims)).toEqual([1, 2, 3].map(() => [{ name: 'accuracy', claimed: 0.95, measured: measuredAccuracy, holds: true }]));
  const priced = await neurodata('datasets', 'publish', 'held-out.csv', '--no-sample', '--title', 'Not free', '--description', 'Rows', '--license', 'CC0-1.0', '--price', '9', '--no-validators-read', '--as', 'publisher', '--yes', '--json');
  expect(await neurodata(...sale, '--evaluate-on', `${(JSON.parse(priced.stdout) as { assetId: number }).assetId}@1`)).toMatchObject({ code: 1, stderr: expect.stringContaining('is not offered for nothing') });
});

/** Publishes by the SDK alone: what the command would refuse gets to the validators. */
async function put(bytes: Uint8Array, evaluation?: Evaluation): Promise<{ assetId: number; status: Promise<string> }> {
  const client = await stack.client('publisher');
  const description = { title: 'Past the CLI', description: 'Sent by hand.', license: 'CC0-1.0', tags: [] };
  const { assetId, version } = await publishAsset({ client, kind: 'model', content: () => piecesOf(bytes), fileName: 'model.onnx', mediaType: 'application/onnx', description, validatorsMayRead: true, ...(evaluation ? { evaluation } : {}) });
  return { assetId, status: waitForVersion({ client, assetId, version }).catch(() => 'refused') };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('a page that is open while validators measure gets the figures by itself', async () => {
  const client = await stack.client('publisher');
  const rowsOf = new TextEncoder().encode(`a,y\n${Array.from({ length: 20 }, (_, index) => `${index},${index}`).join('\n')}\n`);
  const table = await describeEvaluationTable({ bytes: rowsOf, fileName: 'rows.csv' });
  await client.storage.addFile({ content: piecesOf(rowsOf) });
  const { assetId, status } = await put(loopModel(1_000_000), { table, target: 'y', claims: { mae: 0, r2: 1 } });
  const { page, shots } = browsing;
  await page.goto(`${stack.node.url}/models/${assetId}`);
  await page.getByText('Validators are loading the model in a sandbox and measuring it.').waitFor();
  await page.getByText('Claimed by the publisher, checked by nobody: MAE 0, R² 1.').scrollIntoViewIfNeeded();
  await shots('model-test-pending');
  await page.locator('[data-testid=model-verdict][data-state=good]').getByText('All 2 claims hold').waitFor({ timeout: 120_000 });
  expect(await status).toBe('live');
});

test('what validators may not run, or cannot measure, says why', async () => {
  const client = await stack.client('publisher');
  await writeFile(at('pickle.onnx'), Uint8Array.of(0x80, 4, 0x95, 1, 2, 3));
  expect(await neurodata('models', 'publish', 'pickle.onnx', ...sale.slice(3), '--evaluate-on', 'held-out.csv')).toMatchObject({ code: 1, stderr: expect.stringMatching(/pickle[^]*PICKLE|PICKLE[^]*pickle/) });
  const pickle = await put(Uint8Array.of(0x80, 4, 0x95, 1, 2, 3));
  expect(await pickle.status).toBe('refused');
  expect((await readModelCheck({ client, assetId: pickle.assetId })).checks.map(({ body }) => body.report.refusal?.code)).toEqual(['PICKLE', 'PICKLE', 'PICKLE']);
  const absent = await put(await readFile(at('model.onnx')), { table: { kind: 'file', cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', sha256: `0x${'ab'.repeat(32)}`, size: 10, fileName: 'gone.csv' }, target: 'label', claims: { accuracy: 0.9 } });
  expect(await absent.status).toBe('live');
  const [check] = (await readModelCheck({ client, assetId: absent.assetId })).checks;
  const { page, shots } = browsing;
  await page.goto(`${stack.node.url}/models/${absent.assetId}`);
  await page.getByText('The declared table could not be read, so nothing was measured.').scrollIntoViewIfNeeded();
  await shots('model-test-no-table');
  await page.goto(`${stack.node.url}/models/${pickle.assetId}`);
  await page.getByText('Such files run code when they are opened.').scrollIntoViewIfNeeded();
  await shots('model-test-pickle');
  expect(check?.body.report).toMatchObject({ ran: false, refusal: { code: 'NO_TABLE', reason: expect.stringContaining('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy) could not be read') }, signature: { inputs: [{ name: 'a' }, { name: 'kind' }] } });
});
