import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { waitForVersion } from '@neurodata/sdk';
import type { Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTable } from '../bench/data/makeTable.ts';
import { type Browsing, startBrowsing } from './browse.ts';

/** An upload from the site's form that breaks off goes on where it was, also after the page was left. */

const minute = 60_000;
const TABLE_BYTES = 12_000_000;
/** Leaves of 1 MiB that the connection lets through. */
const SENT_BLOCKS = 6;
const blocks = '**/api/v1/blocks/*';

let browsing: Browsing;
let folder: string;
let table: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-resume-'));
  table = path.join(folder, 'sensors.csv');
  await makeTable(table, TABLE_BYTES);
  browsing = await startBrowsing();
}, 6 * minute);

afterAll(async () => {
  await browsing?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Fills in the form of a page that was opened anew, and sends it. */
async function publish(): Promise<void> {
  const { page, stack, button } = browsing;
  await page.goto(`${stack.node.url}/publish`);
  await page.getByLabel('CSV with a header').setInputFiles(table);
  await page.getByText(/ rows, 8 columns/).waitFor({ timeout: minute });
  await page.getByRole('textbox', { name: 'Description' }).fill('Sent twice.');
  await page.getByLabel('Validators may').check();
  await button('Seal and publish').click();
}

test('what the node has is not sent again', async () => {
  const { page, stack, connect, takeErrors } = browsing;
  const sent: string[][] = [[], []];
  let attempt = 0;
  const count = async (route: Route): Promise<void> => {
    const large = (route.request().postDataBuffer()?.length ?? 0) > 100_000;
    if (large && attempt === 0 && sent[0]!.length >= SENT_BLOCKS) return route.abort('internetdisconnected');
    if (large) sent[attempt]!.push(route.request().url());
    return route.continue();
  };
  await page.route(blocks, count);
  await page.goto(stack.node.url);
  await connect('publisher');
  await publish();
  await page.getByRole('alert').getByText(/cannot be reached/).waitFor({ timeout: minute });
  attempt = 1;
  takeErrors();
  await publish();
  await page.waitForURL(/\/datasets\/\d+$/, { timeout: 2 * minute });
  // The first block holds the key, sealed anew each time.
  const [first = [], second = []] = sent;
  expect(first).toHaveLength(SENT_BLOCKS);
  expect(second.filter((url) => first.includes(url))).toEqual([]);
  expect(second).toHaveLength(Math.ceil(TABLE_BYTES / 2 ** 20) - SENT_BLOCKS + 1);
  const assetId = Number(page.url().split('/').at(-1));
  // Validators open it and compare every commitment.
  expect(await waitForVersion({ client: await stack.client('alice'), assetId, version: 1, timeoutMs: 2 * minute })).toBe('live');
  expect(takeErrors()).toEqual([]);
}, 6 * minute);

test('once it is published nothing of the key is left in the browser', async () => {
  const kept = await browsing.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name).filter((name) => name.startsWith('neurodata-unfinished-'));
    return Promise.all(names.map((name) => new Promise<number>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.addEventListener('error', () => reject(opening.error ?? new Error('not opened')));
      opening.addEventListener('success', () => {
        const asked = opening.result.transaction('seals').objectStore('seals').count();
        asked.addEventListener('success', () => resolve(asked.result));
      });
    })));
  });
  expect(kept).toEqual([0]);
});
