import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson, folderFilesOf } from '@neurodata/protocol';
import { readManifest, readVersion } from '@neurodata/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browsing, startBrowsing } from './browse.ts';
import { unpackTar } from './unpackTar.ts';

/** A folder in the browser: published with limits, sold for a purpose, and saved whole. */

const minute = 60_000;
const bin = path.join(import.meta.dirname, '../apps/cli/bin/neurodata.mjs');
const rows = `x,y,side\n${Array.from({ length: 240 }, (_, index) => `${(index * 37) % 101},${(index * 53) % 97},${['north', 'south'][index % 2]}`).join('\n')}\n`;
const png = (size: number): Buffer => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(size)]);
const files: Record<string, Buffer> = {
  'README.md': Buffer.from('# Birds\n'), 'images/größe.png': png(2_500_000), 'tables/codes.csv': Buffer.from('code,name\n1,one\n2,two\n'), 'tables/rows.csv': Buffer.from(rows), 'tables/z.png': png(48_000_000),
};
const names = Object.keys(files);

let browsing: Browsing;
let folder = '';

beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'neurodata-browser-folder-')), 'birds');
  for (const [name, bytes] of Object.entries({ ...files, '.hidden/x.txt': Buffer.from('x') })) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  browsing = await startBrowsing();
  // A place that a test can look into; a person would choose one in the browser's own dialog.
  await browsing.page.addInitScript('globalThis.showDirectoryPicker = () => navigator.storage.getDirectory();');
}, 4 * minute);

afterAll(async () => {
  await browsing?.stop();
  await rm(path.dirname(folder), { recursive: true, force: true });
});

const overflow = (): Promise<number> => browsing.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Lets go of the folder over the form, as a hand does. */
async function drop(): Promise<void> {
  const { page } = browsing;
  const place = await page.getByText('Or drop one of them here.').boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, x: place!.x + 5, y: place!.y + 5, data });
  await session.detach();
}

/** What an interrupted publishing has stored, by path. */
const journal = (): Promise<[path: string, cid: string][]> => browsing.page.evaluate(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('neurodata-publishing');
  opening.addEventListener('error', () => reject(opening.error));
  opening.addEventListener('success', () => {
    const asking = opening.result.transaction('stored').objectStore('stored').getAll() as IDBRequest<{ entry?: { path: string; cid: string } }[]>;
    asking.addEventListener('success', () => {
      opening.result.close();
      resolve(asking.result.flatMap(({ entry }) => (entry ? [[entry.path, entry.cid] as [string, string]] : [])));
    });
  });
}));

let assetId = 0;

test('a folder is published with purposes, beyond a reload in between, as the command line would publish it', async () => {
  const { stack, page, button, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/publish`);
  await connect('publisher');
  await page.getByLabel('Folder: tables').setInputFiles(folder);
  await page.getByText(/birds: 5 files, 50\.5 MB\./).waitFor({ timeout: minute });
  expect(await page.getByLabel('Main table').inputValue()).toBe('tables/codes.csv');
  await page.getByText('2 rows and 2 columns').waitFor();
  await page.getByLabel('Main table').selectOption('tables/rows.csv');
  await page.getByText('240 rows and 3 columns').waitFor();
  await page.getByRole('textbox', { name: 'Description' }).fill('Birds of a test.');

  await page.getByLabel('Download, NCR').fill('a lot');
  await page.getByText('Write an amount like 12.5').waitFor();
  await page.getByLabel('Only for certain purposes').check();
  await page.getByText('Choose at least one purpose').waitFor();
  await button('Seal and publish').click();
  expect(await page.getByLabel('Download, NCR').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByLabel('Download, NCR').fill('12.5');
  await page.getByLabel('Research without commercial aim').check();
  await page.getByLabel('What is made of it may not be passed on').check();
  const limits = page.getByTestId('limits');
  expect(await limits.innerText()).toBe('Only for: Research without commercial aim, Research on health and medicine without commercial aim. Each buyer signs for which.\nWhat is made of it may not be passed on.');
  await limits.scrollIntoViewIfNeeded();
  await shots('publish-folder');
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });

  // Cut while the last file is sent: what was stored before is not sealed anew.
  await button('Seal and publish').click();
  await page.getByText(/Sealing and storing tables\/z\.png \(5 of 5\)/).waitFor({ timeout: minute });
  await page.reload();
  await page.getByLabel('Research without commercial aim').waitFor();
  expect(await Promise.all(['Research without commercial aim', 'What is made of it may not be passed on', 'Teaching and learning'].map((name) => page.getByLabel(name).isChecked()))).toEqual([true, true, false]);
  expect(await page.getByRole('textbox', { name: 'Description' }).inputValue()).toBe('Birds of a test.');
  const stored = await journal();
  expect(stored.map(([name]) => name)).toEqual(names.slice(0, 4));
  await drop();
  await page.getByText(/birds: 5 files, 50\.5 MB\. 1 hidden file left out\./).waitFor({ timeout: minute });
  await page.getByLabel('Main table').selectOption('tables/rows.csv');
  await button('Seal and publish').click();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: 2 * minute });
  expect(await journal()).toEqual([]);
  assetId = Number(page.url().split('/').at(-1));

  const client = await stack.client('publisher');
  const manifest = await readManifest({ client, facts: await readVersion({ client, assetId, version: 1 }) });
  expect(folderFilesOf(manifest).map((file) => file.path)).toEqual(names);
  expect(folderFilesOf(manifest).slice(0, 4).map((file) => [file.path, file.cid])).toEqual(stored);
  const words = ['datasets', 'publish', folder, '--main', 'tables/rows.csv', '--title', 'birds', '--description', 'Birds of a test.', '--license', 'CC-BY-4.0', '--purposes', 'research', '--no-sharing', '--as', 'publisher', '--json', '--yes'];
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words], { cwd: stack.home, env: { ...process.env, NEURODATA_HOME: stack.home, NEURODATA_URL: stack.node.url }, maxBuffer: 2 ** 26 });
  const other = JSON.parse(stdout) as { assetId: number };
  const theirs = await readManifest({ client, facts: await readVersion({ client, assetId: other.assetId, version: 1 }) });
  // Keys are drawn anew each time, and with them everything that follows from ciphertext.
  const plain = (value: object): string => Buffer.from(canonicalJson(value)).toString().replaceAll(/[0-9a-f]{64}/g, 'DIGEST').replaceAll(/\bbaf[a-z0-9]{50,}/g, 'CID');
  expect(plain(manifest)).toBe(plain(theirs));
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

test('it is bought for a purpose, and saved whole: as an archive, and into a folder', async () => {
  const { stack, page, button, state, shots, connect, takeErrors } = browsing;
  await page.goto(`${stack.node.url}/datasets/${assetId}`);
  await connect('alice');
  await button('Buy').click({ timeout: minute });
  await page.getByLabel('What is it for?').selectOption({ label: 'Research on health and medicine without commercial aim' });
  await button('Sign and buy').click();
  await page.waitForURL(/\/orders\/0x/, { timeout: minute });
  await state('order', 'granted').waitFor({ timeout: 2 * minute });

  const download = page.waitForEvent('download', { timeout: 2 * minute });
  await button('Save it as one archive (tar)').click();
  const archive = await download;
  expect(archive.suggestedFilename()).toBe('birds.tar');
  expect(await unpack(await archive.path())).toEqual(names.map((name) => [`birds/${name}`, true]));
  await page.getByText('5 files, 50.5 MB, unsealed, checked and saved').waitFor();
  await page.getByText('5 with the size and sha256 that the index names').waitFor();

  await button('Save the whole folder').click();
  await page.getByRole('status').filter({ hasText: /^birds 5 files, 50\.5 MB/ }).waitFor({ timeout: 2 * minute });
  expect(await Promise.all(names.map(saved))).toEqual(names.map((name) => files[name]!.length));
  await shots('order-folder');
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });

  // What is missing is written, what is there is left; what is another file is not replaced.
  await change('README.md', undefined);
  await button('Save the whole folder').click();
  await page.getByText('4 files of them lay there already').waitFor({ timeout: minute });
  expect(await saved('README.md')).toBe(files['README.md']!.length);
  await change('README.md', 'mine');
  await button('Save the whole folder').click();
  await page.getByText('Another README.md is there already.').waitFor({ timeout: minute });
  expect(await saved('README.md')).toBe(4);

  const table = page.waitForEvent('download');
  await button('Unseal the main table').click();
  expect(await readFile(await (await table).path(), 'utf8')).toBe(rows);
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

/** Each file of an archive, and whether its bytes are those of the folder. */
async function unpack(file: string): Promise<[path: string, same: boolean][]> {
  return (await unpackTar(file)).map(([name, bytes]) => [name, bytes.equals(files[name.slice('birds/'.length)] ?? Buffer.alloc(0))]);
}

/** The size of a file where the browser has written it. */
function saved(name: string): Promise<number> {
  return browsing.page.evaluate(async (parts) => {
    let place = await navigator.storage.getDirectory();
    for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part);
    return (await (await place.getFileHandle(parts.at(-1)!)).getFile()).size;
  }, ['birds', ...name.split('/')]);
}

/** Writes something else there, or takes it away. */
async function change(name: string, text: string | undefined): Promise<void> {
  await browsing.page.evaluate(async ([file, content]) => {
    const place = await (await navigator.storage.getDirectory()).getDirectoryHandle('birds');
    if (content === undefined) return place.removeEntry(file!);
    const target = await (await place.getFileHandle(file!)).createWritable();
    await target.write(content);
    return target.close();
  }, [name, text]);
}

test('the form speaks German, with decimal commas, on a phone', async () => {
  const { stack, page, takeErrors } = browsing;
  await page.setViewportSize({ width: 360, height: 900 });
  await page.goto(`${stack.node.url}/publish?lang=de`);
  await page.getByLabel('Nur für bestimmte Zwecke').check();
  await page.getByText('Mindestens einen Zweck wählen').waitFor();
  await page.getByLabel('Ordner: Tabellen').setInputFiles(folder);
  await page.getByText(/birds: 5 Dateien/).waitFor({ timeout: minute });
  await page.getByText('Wird öffentlich').waitFor();
  await page.getByLabel('Download, NCR').fill('12,5');
  await page.getByText('Download 12,5 NCR').waitFor();
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect(takeErrors()).toEqual([]);
}, 2 * minute);
