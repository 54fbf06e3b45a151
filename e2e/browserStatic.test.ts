import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../apps/cli/test/runCommand.ts';
import { buildSite, ensureWebBuilt } from '../apps/web/build.ts';
import { addSite, siteBlocks, writeStaticSite } from '../apps/web/staticSite.ts';
import { launchChrome } from './browse.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { startStaticHost } from './staticHost.ts';
import type { StaticHost } from './staticHost.ts';

/** The site as files on a host that is no node and knows nothing: below a path, with addresses that the host never sees. */

const minute = 60_000;
let scratch: string;
let stack: Stack;
let host: StaticHost;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'neurodata-site-'));
  const out = path.join(scratch, 'site');
  await writeStaticSite({ site: await ensureWebBuilt(), out });
  host = await startStaticHost({ folder: out, below: `/ipfs/${await addSite(siteBlocks(undefined), out)}/` });
  stack = await startStack({ settings: { seed: true, allowedOrigins: [host.origin] } });
  browser = await launchChrome();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })).newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(`${message.location().url}: ${message.text()}`); });
}, 4 * minute);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await host?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const button = (name: string | RegExp) => page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
const address = () => page.getByLabel('Address of a node');
const keptNode = (): Promise<string | null> => page.evaluate(() => localStorage.getItem('neurodata.node'));

test('the host is no node: the site asks for one, says what is wrong with an address, and takes one that answers', async () => {
  await page.goto(host.url);
  await page.getByRole('heading', { name: 'Which node?' }).waitFor();
  await page.getByText('can read what this browser keeps here').waitFor();
  await address().fill('http://market.example');
  await button('Use this node').click();
  await page.getByRole('alert').filter({ hasText: 'is not encrypted' }).waitFor();
  // A host that answers, but is no node.
  await address().fill(host.origin);
  await button('Use this node').click();
  await page.getByRole('alert').filter({ hasText: 'NeuroData node' }).waitFor();
  expect(await keptNode()).toBeNull();
  await address().fill(stack.node.url);
  await button('Use this node').click();
  await page.getByRole('list', { name: 'Assets' }).waitFor();
  expect(await keptNode()).toBe(stack.node.url);
  // What the host was asked for in vain: whether it is a node, by this page and by the user.
  expect(host.missing.splice(0)).toEqual(['/api/v1/config', '/api/v1/config']);
  errors.splice(0);
}, 2 * minute);

test('discover, an asset, its address opened anew, a purchase and the unsealed file', async () => {
  await page.getByRole('link', { name: /Palmer Penguins/ }).first().click();
  await page.waitForURL(`${host.url}#/datasets/1`);
  const title = page.getByRole('heading', { level: 1, name: 'Palmer Penguins' });
  await title.waitFor();
  await page.reload();
  await title.waitFor();
  await page.goto(`${host.url}#/datasets/1?tab=runs`);
  await page.getByRole('tab', { name: /^Runs/, selected: true }).waitFor();
  await page.goto('about:blank');
  await page.goto(`${host.url}#/datasets/1`);
  await title.waitFor();
  await page.getByText('Live', { exact: true }).first().waitFor();
  await button('Choose a wallet').click();
  await page.getByRole('dialog').getByRole('button', { name: /^alice/ }).click();
  await button('Buy').click();
  await button('Sign and buy').click();
  await page.waitForURL(/#\/orders\/0x/);
  await page.locator('[data-testid=order-state][data-state=granted]').first().waitFor();
  const download = page.waitForEvent('download');
  await button('Unseal and download').click();
  expect((await download).suggestedFilename()).toBe('palmer-penguins.csv');
  await page.getByText('Content commitment').first().waitFor();
  expect([errors, host.missing]).toEqual([[], []]);
}, 3 * minute);

test('the skip link leads to the page and is no address of its own', async () => {
  await page.goto(`${host.url}#/datasets/1`);
  await page.getByRole('heading', { level: 1, name: 'Palmer Penguins' }).waitFor();
  await page.getByRole('link', { name: 'Skip to the page' }).focus();
  await page.keyboard.press('Enter');
  expect([await page.evaluate(() => document.activeElement?.id), page.url()]).toEqual(['main', `${host.url}#/datasets/1`]);
});

test('a link that names another node is asked about, and changes nothing until the button is pressed', async () => {
  await page.goto(`${host.url}?node=${encodeURIComponent('https://market.example')}#/datasets/1`);
  await page.getByRole('heading', { name: 'A link asks for another node' }).waitFor();
  expect([await address().inputValue(), await keptNode()]).toEqual(['https://market.example', stack.node.url]);
  await button(/^Stay with /).click();
  await page.getByRole('heading', { level: 1, name: 'Palmer Penguins' }).waitFor();
  expect([page.url(), await keptNode()]).toEqual([`${host.url}#/datasets/1`, stack.node.url]);
  await button('Change node').click();
  await page.getByRole('heading', { name: 'Which node?' }).waitFor();
  // The same machine under its other name is another origin.
  const other = stack.node.url.replace('127.0.0.1', 'localhost');
  await address().fill(other);
  await button('Use this node').click();
  await page.getByRole('heading', { level: 1, name: 'Palmer Penguins' }).waitFor();
  expect([page.url(), await keptNode()]).toEqual([`${host.url}#/datasets/1`, other]);
  errors.splice(0);
});

test('the page reaches its node and no other host', async () => {
  await page.goto(host.url);
  await page.getByRole('list', { name: 'Assets' }).waitFor();
  const reach = (url: string): Promise<string> => page.evaluate((target) => fetch(`${target}/api/v1/stats`).then(({ status }) => String(status), () => 'stopped'), url);
  expect([await reach((await keptNode())!), await reach(stack.node.url)]).toEqual(['200', 'stopped']);
  expect(errors.splice(0).every((line) => line.includes('Content Security Policy'))).toBe(true);
});

test('the command line writes the same, and a node on this machine has its blocks', async () => {
  const out = path.join(scratch, 'by-command');
  const { code, stdout, stderr } = await runCommand(['--json', 'site', 'build', '--out', out, '--ipfs'], { home: stack.home, url: stack.node.url });
  expect(code, stderr).toBe(0);
  const { cid, sha256, files } = JSON.parse(stdout) as { cid: string; sha256: string; files: number };
  expect([host.url.endsWith(`/ipfs/${cid}/`), files, sha256.length]).toEqual([true, (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length, 64]);
  expect((await fetch(`${stack.node.url}/ipfs/${cid}?format=car`)).status).toBe(200);
}, 2 * minute);

test('the same source gives the same files twice, and a folder of something else is left alone', async () => {
  const sites = [];
  for (const name of ['one', 'two']) {
    await buildSite(path.join(scratch, name, 'built'));
    const out = path.join(scratch, name, 'out');
    const { folder: _, ...site } = await writeStaticSite({ site: path.join(scratch, name, 'built'), out });
    sites.push({ ...site, cid: await addSite(siteBlocks(undefined), out), names: (await readdir(out)).toSorted() });
  }
  expect(sites[1]).toEqual(sites[0]);
  expect(sites[0]!.names).toEqual(['assets', 'icon-192.png', 'icon-512.png', 'icon-maskable-512.png', 'index.html', 'manifest.webmanifest', 'mark.svg']);
  // Over its own output it goes again.
  const again = await writeStaticSite({ site: path.join(scratch, 'one', 'built'), out: path.join(scratch, 'two', 'out') });
  expect(again.sha256).toBe(sites[0]!.sha256);
  const mine = path.join(scratch, 'mine');
  await mkdir(mine);
  await writeFile(path.join(mine, 'thesis.txt'), 'years of work');
  await expect(writeStaticSite({ site: path.join(scratch, 'one', 'built'), out: mine })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await readdir(mine)).toEqual(['thesis.txt']);
}, 4 * minute);
