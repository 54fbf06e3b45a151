import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noChain, serveApi } from '../../node/src/api/testing.ts';
import type { ServedApi } from '../../node/src/api/testing.ts';
import { createShelf, walletOf } from '../../node/src/indexer/testing/shelf.ts';
import { runCommand } from './runCommand.ts';
import type { Ran } from './runCommand.ts';

/** Finding assets needs no chain: the real API and database, and the command as a user runs it. */

let home = '';
let served: ServedApi;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-find-'));
  served = await serveApi({ chain: noChain });
  const { publish, buy } = createShelf(served.db);
  await publish({ assetId: 1, title: 'Palmer penguins', tags: ['birds'], columns: ['bill', 'species'], rows: 344, price: 25n });
  await publish({ assetId: 2, title: 'Gentoo penguins', tags: ['birds'], columns: ['bill', 'species'], owner: 'other' });
  for (const who of ['ada', 'bob']) for (const assetId of [1, 2]) await buy(assetId, who);
  await buy(1, 'zoe');
});
afterAll(async () => {
  await served.close();
  await rm(home, { recursive: true });
});

const neurodata = (...words: string[]): Promise<Ran> => runCommand(words, { home, url: served.api.url });

test('search with a mistake, filters and facets; what is like it, and what is recommended and why', { timeout: 60_000 }, async () => {
  const found = await neurodata('assets', 'search', 'palmer', 'pengiuns', '--category', 'biology,climate', '--facets');
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(found.stdout).toContain('Nothing has "pengiuns"; these have "penguin".');
  expect(found.stdout).toMatch(/1\s+dataset\s+Palmer penguins\s+biology\s+344/);
  expect(found.stdout).toContain('1 found.');
  expect(found.stdout).toContain('tag: birds 1');
  expect(await neurodata('assets', 'search', '--category', 'nothing')).toMatchObject({ code: 1, stderr: expect.stringContaining('This search is not understood.') });
  expect((await neurodata('assets', 'similar', '1')).stdout).toContain('Gentoo penguins');
  expect((await neurodata('assets', 'recommended', walletOf('zoe'))).stdout).toContain('because you bought Palmer penguins');
});

test('favourites, a watch list and saved searches of who is signed in', { timeout: 60_000 }, async () => {
  expect(await neurodata('assets', 'favourites', 'list')).toMatchObject({ code: 1 });
  expect(await neurodata('auth', 'login')).toMatchObject({ code: 0 });
  expect(await neurodata('assets', 'favourites', 'add', '2')).toMatchObject({ code: 0 });
  expect((await neurodata('assets', 'favourites', 'list')).stdout).toContain('Gentoo penguins');
  expect(await neurodata('assets', 'watched', 'add', '1')).toMatchObject({ code: 0 });
  expect(await neurodata('assets', 'searches', 'save', 'Birds', 'tag=birds', '--alerts')).toMatchObject({ code: 0, stdout: expect.stringContaining('Saved as') });
  expect((await neurodata('assets', 'searches', 'list')).stdout).toMatch(/Birds\s+tag=birds\s+yes/);
});
