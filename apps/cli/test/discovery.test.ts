import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Config } from '@neurodata/protocol';
import { createPublicClient, custom } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApi } from '../../node/src/api/testing.ts';
import type { ServedApi } from '../../node/src/api/testing.ts';
import { createShelf, walletOf } from '../../node/src/indexer/testing/shelf.ts';

/** Finding assets needs no chain: the real API and database, and the command as a user runs it. */

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
const config: Config = {
  version: '0.1.0', deployment: { chainId: 31_337, block: 0, addresses: {} as Config['deployment']['addresses'] }, rpcUrl: '/rpc', demo: true, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n,
  windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};

let home = '';
let served: ServedApi;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-find-'));
  served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient: createPublicClient({ transport: custom({ request: () => Promise.reject(new Error('no chain here')) }) }), config } });
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

function neurodata(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { cwd: home, env: { ...process.env, NEURODATA_HOME: home, NEURODATA_URL: served.api.url, NEURODATA_PRIVATE_KEY: `0x${'1'.repeat(64)}` }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ran = { code: null as number | null, stdout: '', stderr: '' };
    child.stdout.on('data', (piece: Buffer) => { ran.stdout += piece.toString(); });
    child.stderr.on('data', (piece: Buffer) => { ran.stderr += piece.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, code }));
  });
}

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
