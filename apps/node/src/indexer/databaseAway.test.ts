import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { serveApi } from '../api/testing.ts';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from '../db/openDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { createTestDatabase } from '../db/openTestDatabase.ts';
import { findPostgres } from '../db/testing/findPostgres.ts';
import { startPostgres } from '../db/testing/startPostgres.ts';
import { compareDatabases } from './compareDatabases.ts';
import { createIndexer } from './createIndexer.ts';
import type { Indexer } from './createIndexer.ts';
import { generateChain } from './testing/generateChain.ts';

const programs = findPostgres(process.env['PATH'] ?? '');
const log = createLogger({ level: 'silent' });
const chain = generateChain({ seed: 77 });
const config: Config = {
  version: '0.1.0', deployment: chain.deployment, rpcUrl: '/rpc', demo: false, engineId: `0x${'00'.repeat(32)}`, feeBps: 25, roundFee: 1n, listingBond: 1n, windows: { grant: 1, confirm: 1, dispute: 1, jobOpen: 1, jobRun: 1 },
};
const follow = async (db: Database): Promise<Indexer> => {
  const indexer = createIndexer({ db, publicClient: chain.publicClient, deployment: chain.deployment, log, pollMs: 5, lagMs: 0, maxBlocks: 20, readDocument: () => Promise.reject(new Error('nobody has it')), onChange: () => undefined });
  await indexer.start();
  return indexer;
};
const standsAt = async (db: Database): Promise<string | undefined> => (await db.pool.query<{ hash: string }>('SELECT hash FROM cursor')).rows[0]?.hash;

test.skipIf(!programs)(`a database that goes while the index is written, again and again: it stays where it was, goes on by itself, and nothing is lost${programs ? '' : ' (needs PostgreSQL)'}`, async () => {
  const server = await startPostgres(programs!);
  const db = await openDatabase({ url: (await createTestDatabase(server.url)).url, log });
  const indexer = await follow(db);
  const served = await serveApi({ chain: { url: 'http://127.0.0.1:1', publicClient: chain.publicClient, config }, db });
  const ask = async (): Promise<unknown> => {
    const response = await fetch(`${served.api.url}/graphql?query=${encodeURIComponent('{ orders(first: 1) { nodes { orderId } } }')}`);
    return response.json();
  };
  try {
    for (let turn = 0; turn < 3; turn += 1) {
      // Enough that the crash comes in the middle of it.
      chain.grow(300, 6);
      await sleep(30 + turn * 60);
      await server.crash();
      expect(await ask()).toMatchObject({ errors: [{ extensions: { code: 'NOT_READY', status: 503, remedy: 'Try again in a moment.' } }] });
      chain.reorganise(5, 3);
      await expect.poll(() => indexer.caughtUp(), { timeout: 20_000, interval: 20 }).toBe(false);
      await server.restart();
    }
    await expect.poll(() => standsAt(db).catch(() => undefined), { timeout: 60_000, interval: 50 }).toBe(chain.head().hash);
    expect(await ask()).toMatchObject({ data: { orders: { nodes: [{ orderId: expect.stringMatching(/^0x01/) }] } } });
    const fresh = await openDatabase({ url: (await createTestDatabase(server.url)).url, log });
    const other = await follow(fresh);
    await expect.poll(() => standsAt(fresh), { timeout: 60_000, interval: 50 }).toBe(chain.head().hash);
    await other.stop();
    const { differences, rows } = await compareDatabases(db, fresh);
    expect([differences, rows > chain.countEvents()]).toEqual([[], true]);
    await fresh.close();
  } finally {
    await served.close();
    await indexer.stop();
    await db.close();
    await server.stop();
  }
}, 180_000);
