import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseUnits } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { log, serveApi, until } from '../../node/src/api/testing.ts';
import type { ServedApi } from '../../node/src/api/testing.ts';
import type { Database } from '../../node/src/db/openDatabase.ts';
import { openTestDatabase } from '../../node/src/db/openTestDatabase.ts';
import { createIndexer } from '../../node/src/indexer/createIndexer.ts';
import { createWorld } from '../../node/src/indexer/testing/world.ts';
import type { World } from '../../node/src/indexer/testing/world.ts';
import { runCommand } from './runCommand.ts';
import type { Ran } from './runCommand.ts';

/** Reputations, figures and administration as a user runs them, over a real chain, database and API. */

let home = '';
let world: World;
let db: Database;
let served: ServedApi;

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'neurodata-trust-'));
  world = await createWorld();
  const { accounts } = world;
  const { assetId, roundId } = await world.publish('Palmer penguins');
  await world.decide(roundId);
  const orderId = await world.buy(await world.list(assetId, { kind: 'download', price: parseUnits('25', 18) }), 'a');
  await world.grant(orderId);
  await world.send(accounts.buyer, 'market', 'confirm', [orderId]);
  await world.send(accounts.other, 'market', 'claim', [accounts.publisher, [orderId]]);
  db = await openTestDatabase(undefined);
  const indexer = createIndexer({ db, publicClient: world.publicClient, deployment: world.deployment, log, pollMs: 20, readDocument: async (digest) => world.manifests.get(digest)!, onChange: () => undefined });
  await indexer.start();
  await until(async () => (indexer.caughtUp() ? true : undefined));
  await indexer.stop();
  served = await serveApi({ chain: world, db });
}, 240_000);
afterAll(async () => {
  await served.close();
  await db.close();
  await world.stop();
  await rm(home, { recursive: true });
});

const neurodata = (...words: string[]): Promise<Ran> => runCommand(words, { home, url: served.api.url });

test('a reputation that is made again, figures as a table and as a sheet, and what takes a role', { timeout: 120_000 }, async () => {
  const shown = await neurodata('sellers', 'show', world.accounts.publisher, '--recompute');
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('1: 1 completed, 0 refunded');
  expect(shown.stdout).toContain('The chain says the same.');
  const series = await neurodata('stats', 'series', 'earnings', '--account', world.accounts.publisher);
  expect(series.stdout).toMatch(/24\.93\d* NCR\s+1\s/);
  const sheet = await neurodata('stats', 'series', 'earnings', '--csv');
  expect(sheet).toMatchObject({ code: 0, stderr: '' });
  expect(sheet.stdout).toMatch(/^metric,start,end,token,amount,count\r\n(earnings,[\d-]+T[\d:.]+Z,[\d-]+T[\d:.]+Z,NCR,\d+,\d+\r\n){31}$/);
  expect((await neurodata('stats', 'validators')).stdout).toMatch(/\n3\s+0x/);
  expect(await neurodata('stats', 'flows', '--csv', '--from', 'nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a date like 2026-01-31') });
  expect(await neurodata('admin', 'audit', '--csv')).toMatchObject({ code: 1, stderr: expect.stringContaining('You are not signed in.') });
  await neurodata('auth', 'login');
  expect(await neurodata('admin', 'queue')).toMatchObject({ code: 1, stderr: expect.stringContaining('curator') });
});
