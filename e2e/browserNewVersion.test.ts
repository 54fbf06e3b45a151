import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { folderFilesOf, parseNcr } from '@neurodata/protocol';
import { createListing, readManifest, readVersion, waitForVersion } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsing, startBrowsing } from './browse.ts';
import { openWhole } from './openWhole.ts';
import { unpackTar } from './unpackTar.ts';

/** The next version of a folder in the browser, and a subscription to it. */

const minute = 60_000;
const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
const rows = `x,y,side\n${Array.from({ length: 240 }, (_, index) => `${(index * 37) % 101},${(index * 53) % 97},${['north', 'south'][index % 2]}`).join('\n')}\n`;
const png = (size: number): Buffer => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(size)]);
const files: Record<string, Buffer> = { 'README.md': Buffer.from('# Birds\n'), 'images/größe.png': png(2_500_000), 'tables/codes.csv': Buffer.from('code,name\n1,one\n2,two\n'), 'tables/rows.csv': Buffer.from(rows), 'tables/z.png': png(800_000) };

let browsing: Browsing;
let folder = '';
let assetId = 0;

beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'neurodata-new-version-')), 'birds');
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  browsing = await startBrowsing();
  const { stack } = browsing;
  const words = ['datasets', 'publish', folder, '--main', 'tables/rows.csv', '--title', 'birds', '--description', 'Birds of a test.', '--license', 'CC-BY-4.0', '--purposes', 'research', '--no-sharing', '--as', 'publisher', '--json', '--yes'];
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], { cwd: stack.home, env: { ...process.env, NEURODATA_HOME: stack.home, NEURODATA_URL: stack.node.url }, maxBuffer: 2 ** 26 });
  ({ assetId } = JSON.parse(stdout) as { assetId: number });
}, 6 * minute);

afterAll(async () => {
  await browsing?.stop();
  await rm(path.dirname(folder), { recursive: true, force: true });
});

const overflow = (): Promise<number> => browsing.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Writes what becomes of the folder: a table grows, one goes, one comes, and the readme gets another name. */
async function editFolder(): Promise<void> {
  const at = (name: string): string => path.join(folder, name);
  files['tables/rows.csv'] = Buffer.from(`${rows}1,2,north\n`);
  files['tables/notes.csv'] = Buffer.from('note,day\nrain,1\nsun,2\n');
  files['ABOUT.md'] = files['README.md']!;
  delete files['README.md'];
  delete files['tables/codes.csv'];
  for (const name of ['tables/rows.csv', 'tables/notes.csv']) await writeFile(at(name), files[name]!);
  await rename(at('README.md'), at('ABOUT.md'));
  await rm(at('tables/codes.csv'));
}

const blocks = async (): Promise<number> => (await readdir(path.join(browsing.stack.home, 'blocks'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

test('its next version takes over what did not change, tells what did before anything is signed, and shows it afterwards', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  await editFolder();
  await page.goto(`${stack.node.url}/datasets/${assetId}?tab=versions`);
  await connect('alice');
  await page.getByRole('heading', { name: 'Version 1' }).waitFor();
  expect(await page.getByRole('link', { name: 'Publish a new version' }).count()).toBe(0);
  await page.goto(`${stack.node.url}/datasets/${assetId}/new-version`);
  await page.getByText('Another account owns it').waitFor();
  await connect('publisher');
  await page.goto(`${stack.node.url}/datasets/${assetId}?tab=versions`);
  await page.getByRole('link', { name: 'Publish a new version' }).click();
  await page.getByText('It becomes version 2.').waitFor();
  expect([await page.getByRole('textbox', { name: 'Title' }).inputValue(), await page.getByRole('textbox', { name: 'Description' }).inputValue()]).toEqual(['birds', 'Birds of a test.']);
  expect(await Promise.all(['Research without commercial aim', 'What is made of it may not be passed on', 'Validators may read the rows'].map((name) => page.getByLabel(name).isChecked()))).toEqual([true, true, false]);
  await page.getByRole('textbox', { name: 'Description' }).fill('Birds of a test, with notes.');
  await page.reload();
  await page.getByText('It becomes version 2.').waitFor();
  expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('Birds of a test, with notes.');

  const before = await blocks();
  await page.getByLabel('Folder: tables').setInputFiles(folder);
  await page.getByText('1 new, 1 changed, 1 renamed, 1 removed, 2 as in version 1').waitFor({ timeout: 2 * minute });
  await page.getByText('To be sealed and sent: 2 files').waitFor();
  expect(await page.getByRole('region', { name: 'Changed files, table' }).getByRole('row').allInnerTexts()).toEqual([
    'Path\tWhat becomes of it', 'tables/notes.csv\tnew', 'tables/rows.csv\tchanged', 'ABOUT.md\trenamed, was README.md', 'tables/codes.csv\tremoved',
  ]);
  expect(await page.getByLabel('Main table').inputValue()).toBe('tables/rows.csv');
  await page.getByText('241 rows and 3 columns').waitFor();
  expect(await blocks()).toBe(before);
  await shots('new-version');
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });

  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+\?tab=versions$/, { timeout: 2 * minute });
  const diff = page.getByRole('region', { name: 'Changes since version 1, table' });
  await diff.waitFor({ timeout: minute });
  expect((await diff.innerText()).split('\n').filter((line) => line.startsWith('File'))).toEqual([
    expect.stringMatching(/^Files added\tnot there\ttables\/notes\.csv/), expect.stringMatching(/^Files removed\ttables\/codes\.csv/), expect.stringMatching(/^File moved\tREADME\.md\tABOUT\.md/), expect.stringMatching(/^Files sealed anew\ttables\/rows\.csv/),
  ]);
  // Two files, their index, the keyset and the manifest.
  expect((await blocks()) - before).toBe(5);
  const client = await stack.client('publisher');
  const [first, second] = await Promise.all([1, 2].map(async (version) => new Map(folderFilesOf(await readManifest({ client, facts: await readVersion({ client, assetId, version }) })).map((file) => [file.path, file.cid]))));
  expect([...second!.keys()]).toEqual(Object.keys(files).toSorted());
  expect(['ABOUT.md', 'images/größe.png', 'tables/z.png'].map((name) => second!.get(name))).toEqual(['README.md', 'images/größe.png', 'tables/z.png'].map((name) => first!.get(name)));
  expect(second!.get('tables/rows.csv')).not.toBe(first!.get('tables/rows.csv'));

  // Its other table is described, too.
  await openWhole(page, `${stack.node.url}/datasets/${assetId}?tab=data`);
  await page.getByText('tables/notes.csv 2 rows, 2 columns').click();
  await page.getByRole('cell', { name: 'note', exact: true }).waitFor();
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

test('a subscription to it saves the whole folder of the version whose key it has', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  const client = await stack.client('publisher');
  await waitForVersion({ client, assetId, version: 2, status: 'live', timeoutMs: 2 * minute });
  const terms = { version: 1 as const, kind: 'subscription' as const, license: 'CC-BY-4.0', validatorsMayRead: false, algorithms: [], modelShareBps: 0 };
  await createListing({ client, assetId, firstVersion: 2, kind: 'subscription', price: parseNcr('3'), periodMinutes: 1440, terms });
  await page.goto(`${stack.node.url}/datasets/${assetId}`);
  await connect('carol');
  await button('Subscribe').first().click({ timeout: minute });
  await page.getByLabel('What is it for?').selectOption({ label: 'Research on health and medicine without commercial aim' });
  await button('Sign and subscribe').click();
  await page.waitForURL(/\/orders$/, { timeout: minute });
  await page.getByText('You hold the key of version 2.').waitFor({ timeout: minute });
  const download = page.waitForEvent('download', { timeout: 2 * minute });
  await button('Save it as one archive (tar)').click();
  expect(await unpack(await (await download).path())).toEqual(Object.keys(files).toSorted().map((name) => [`birds/${name}`, true]));
  await page.getByText('5 with the size and sha256 that the index names').waitFor();
  const table = page.waitForEvent('download');
  await button('Unseal the main table').click();
  expect(await readFile(await (await table).path(), 'utf8')).toBe(files['tables/rows.csv']!.toString());
  await shots('subscription-folder');
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(takeErrors()).toEqual([]);
}, 5 * minute);

/** Each file of an archive, and whether its bytes are those of the folder. */
async function unpack(file: string): Promise<[path: string, same: boolean][]> {
  return (await unpackTar(file)).map(([name, bytes]) => [name, bytes.equals(files[name.slice('birds/'.length)] ?? Buffer.alloc(0))]);
}
