import { expect, test } from 'vitest';
import { openTestDatabase } from '../../apps/node/src/db/openTestDatabase.ts';
import { compareDatabases } from '../../apps/node/src/indexer/compareDatabases.ts';
import { generateChain } from '../../apps/node/src/indexer/testing/generateChain.ts';
import { follow } from './backfill.ts';
import { measureReorgs } from './reorgs.ts';

const server = process.env['NEURODATA_TEST_DATABASE_URL'];

test('a chain that is rewritten twenty times, up to 64 blocks at once, ends in the rows of a fresh sync', async () => {
  expect(await measureReorgs({ reorgs: 20, server })).toMatchObject({ reorgs: 20, divergences: 0, events: expect.any(Number) });
});

test('a single value that differs is found, and so are rows that are missing', async () => {
  const chain = generateChain({ seed: 3 });
  chain.grow(20, 10);
  const [one, other] = [await openTestDatabase(server), await openTestDatabase(server)];
  for (const db of [one, other]) {
    const following = await follow(chain, db);
    await following.settled();
    await following.stop();
  }
  const same = await compareDatabases(one, other);
  expect([same.differences, same.rows > chain.countEvents()]).toEqual([[], true]);
  await other.pool.query("UPDATE orders SET price = price + 1 WHERE order_id = (SELECT min(order_id) FROM orders)");
  await other.pool.query('DELETE FROM grants WHERE order_id IN (SELECT order_id FROM grants LIMIT 1)');
  expect((await compareDatabases(one, other)).differences).toEqual([
    { table: 'orders', rows: 1, onlyHere: [expect.stringContaining('"price"')], onlyThere: [expect.stringContaining('"price"')] }, { table: 'grants', rows: expect.any(Number), onlyHere: expect.any(Array), onlyThere: [] },
  ]);
  for (const db of [one, other]) await db.close();
});
