import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from '../db/openDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createTestDatabase, openTestDatabase } from '../db/openTestDatabase.ts';
import { findPostgres } from '../db/testing/findPostgres.ts';
import { startPostgres } from '../db/testing/startPostgres.ts';
import type { TestPostgres } from '../db/testing/startPostgres.ts';
import { createIndexer } from './createIndexer.ts';
import type { Indexer } from './createIndexer.ts';
import { rebuildIndex } from './rebuildIndex.ts';
import { generateChain } from './testing/generateChain.ts';

const log = createLogger({ level: 'silent' });
const programs = findPostgres(process.env['PATH'] ?? '');
const chain = generateChain({ seed: 8 });
const { publicClient, deployment } = chain;
let server: TestPostgres | undefined;

beforeAll(async () => {
  // More than what counts as far behind.
  chain.grow(60, 24);
  if (programs) server = await startPostgres(programs);
});
afterAll(() => server?.stop());

async function follow(db: Database): Promise<Indexer> {
  const indexer = createIndexer({ db, publicClient, deployment, log, pollMs: 2, lagMs: 0, readDocument: () => Promise.reject(new Error('nobody has it')), onChange: () => undefined });
  await indexer.start();
  await expect.poll(() => indexer.head()?.indexed, { timeout: 30_000 }).toBe(chain.head().number);
  return indexer;
}
const priceSum = async (db: Database): Promise<unknown> => (await db.pool.query('SELECT sum(price) AS sum FROM orders')).rows[0].sum;

test('an index is built again from block 0 and is the same; what differs is named, and repaired when asked for', async () => {
  const [live, second, third, empty] = [await openTestDatabase(undefined), await openTestDatabase(undefined), await openTestDatabase(undefined), await openTestDatabase(undefined)];
  await (await follow(live)).stop();
  expect(chain.countEvents()).toBeGreaterThan(2_000);
  const searched = async (db: Database): Promise<unknown> => (await db.pool.query('SELECT asset_id, orders, ratings, owner FROM asset_search ORDER BY asset_id')).rows;
  const made = (await live.pool.query(`SELECT a.asset_id, (SELECT count(*)::int FROM orders o WHERE o.asset_id = a.asset_id) AS orders, (SELECT count(*)::int FROM reviews r WHERE r.asset_id = a.asset_id) AS ratings, a.owner FROM assets a ORDER BY 1`)).rows;
  expect(await searched(live)).toEqual(made);
  const told: string[] = [];
  const first = await rebuildIndex({ live, second, publicClient, deployment, swap: false, onProgress: (stage) => told.push(stage) });
  expect(first).toMatchObject({ block: chain.head().number, events: chain.countEvents(), differences: [], swapped: false });
  expect([first.rows > first.events, [...new Set(told)]]).toEqual([true, ['reading the chain', 'comparing']]);
  const right = await priceSum(live);
  await live.pool.query('UPDATE orders SET price = price + 7');
  await live.pool.query("DELETE FROM manifests");
  const differs = await rebuildIndex({ live, second: third, publicClient, deployment, swap: true });
  expect([differs.swapped, differs.differences.map(({ table }) => table)]).toEqual([true, ['orders']]);
  expect([await priceSum(live), (await live.pool.query('SELECT count(*)::int AS n FROM manifests')).rows[0].n]).toEqual([right, (await second.pool.query('SELECT count(*)::int AS n FROM manifests')).rows[0].n]);
  expect(await searched(live)).toEqual(made);
  await expect(rebuildIndex({ live: empty, second: empty, publicClient, deployment, swap: false })).rejects.toThrow('The live index is empty.');
  await expect(rebuildIndex({ live, second, publicClient, deployment: { ...deployment, block: 1 }, swap: false })).rejects.toThrow('another deployment');
  for (const db of [live, second, third, empty]) await db.close();
});

test.skipIf(!programs)(`on a server, in a schema beside the live one, while the node goes on${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const { url, drop } = await createTestDatabase(server!.url);
  const live = await openDatabase({ url, log });
  const indexer = await follow(live);
  const second = await openDatabase({ url, schema: 'index_rebuild', log });
  await live.pool.query("UPDATE versions SET status = 'refused' WHERE asset_id = 1");
  const growing = (async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      chain.grow(1, 3);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  expect(await rebuildIndex({ live, second, publicClient, deployment, swap: true })).toMatchObject({ differences: [{ table: 'versions', rows: 1 }], swapped: true });
  await growing;
  // The one that follows notices, and goes on from where the new rows stand.
  await expect.poll(async () => (await live.pool.query('SELECT hash FROM cursor')).rows[0].hash, { timeout: 30_000 }).toBe(chain.head().hash);
  await indexer.stop();
  await second.pool.query('DROP SCHEMA index_rebuild CASCADE');
  await second.close();
  const third = await openDatabase({ url, schema: 'index_rebuild', log });
  expect((await rebuildIndex({ live, second: third, publicClient, deployment, swap: false })).differences).toEqual([]);
  await third.close();
  await live.close();
  await drop();
});
