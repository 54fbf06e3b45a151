import { NeuroError } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import { getTableName } from 'drizzle-orm';
import type { ClientBase } from 'pg';
import type { PublicClient } from 'viem';
import type { Database } from '../db/openDatabase.ts';
import { assetSearch, manifests, runDocuments } from '../db/schema.ts';
import { createChainReader } from './chainReader.ts';
import type { Header } from './chainReader.ts';
import { compareProjections, openSnapshot } from './compareProjections.ts';
import type { Comparison } from './compareProjections.ts';
import { deploymentKey } from './contracts.ts';
import { createRangeReader, mostBlocks } from './createIndexer.ts';
import { fillMissingSearch, findCursor, writeRange } from './projection.ts';
import { projectionTables } from './projectionTables.ts';

export type RebuildParameters = {
  live: Database;
  /** An empty database beside it, where the index is built anew. */
  second: Database;
  publicClient: PublicClient;
  deployment: Deployment;
  /** Put the new rows in the place of the live ones. */
  swap: boolean;
  onProgress?: (stage: 'reading the chain' | 'comparing' | 'swapping', done: number, total: number) => void;
};

export type Rebuilt = Comparison & { block: number; events: number; swapped: boolean };

const pageRows = 1_000;

/**
 * Builds the index from the chain's first block up to where the live one stands, in another database, and compares them row by row.
 *
 * @throws NeuroError CONFLICT where the live index is empty, is another deployment's, or stands on blocks that the chain does not have.
 */
export async function rebuildIndex(parameters: RebuildParameters): Promise<Rebuilt> {
  const { live, second, publicClient, deployment, swap, onProgress } = parameters;
  const picture = await openSnapshot(live);
  try {
    const goal = await findGoal(parameters, await picture.read('cursor'));
    const reader = createChainReader({ publicClient, deployment });
    const readNext = createRangeReader({ reader, maxBlocks: mostBlocks, firstBlock: deployment.block });
    let events = 0;
    for (let cursor = await findCursor(second); cursor?.block !== goal.number; cursor = await findCursor(second)) {
      onProgress?.('reading the chain', (cursor?.block ?? deployment.block) - deployment.block, goal.number - deployment.block);
      const range = await readNext(cursor, goal);
      if (cursor && range.headers[0]?.parent !== cursor.hash) throw moved();
      await writeRange(second, deploymentKey(deployment), { range, before: cursor, search: 'later' });
      events += range.events.length;
    }
    if ((await findCursor(second))?.hash !== goal.hash) throw moved();
    const built = await openSnapshot(second);
    const comparison = await compareProjections(picture, built, (done, total) => onProgress?.('comparing', done, total)).finally(() => built.close());
    await picture.close();
    if (swap) {
      await swapIn(live, second, (done, total) => onProgress?.('swapping', done, total));
      // Of the new rows, and of the texts that only the live database has read.
      await fillMissingSearch(live);
    }
    return { ...comparison, block: goal.number, events, swapped: swap };
  } catch (error) {
    await picture.close().catch(() => undefined);
    throw error;
  }
}

const moved = (): NeuroError => new NeuroError('The chain was reorganised while it was read.', { code: 'CONFLICT', retryable: true, remedy: 'Try again.' });

/** Where the live index stands; the same block must be on the chain. */
async function findGoal({ publicClient, deployment }: RebuildParameters, rows: Set<string>): Promise<Header> {
  const [text] = rows;
  if (text === undefined) throw new NeuroError('The live index is empty.', { code: 'CONFLICT', remedy: 'Start the node: it builds its index by itself.' });
  const cursor = JSON.parse(text) as { block: number; hash: string; deployment: string };
  if (cursor.deployment !== deploymentKey(deployment)) throw new NeuroError('The live index is that of another deployment.', { code: 'CONFLICT', remedy: 'Name the deployment that this database belongs to.' });
  const header = await createChainReader({ publicClient, deployment }).findHeader(cursor.block);
  if (header?.hash === cursor.hash) return header;
  throw new NeuroError(`The chain has ${header ? 'another' : 'no'} block ${cursor.block}: the live index stands on one that is gone.`, { code: 'CONFLICT', remedy: 'Start the node, so that its index follows the chain, and try again.', retryable: true });
}

/** All in one transaction: readers see the old rows or the new ones. Whoever follows the chain goes on from where the new ones stand. */
async function swapIn(live: Database, second: Database, onTable: (done: number, total: number) => void): Promise<void> {
  const [from, to] = [await second.pool.connect(), await live.pool.connect()];
  try {
    await from.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await to.query('BEGIN');
    await to.query('LOCK TABLE cursor IN ACCESS EXCLUSIVE MODE');
    for (const [index, table] of projectionTables.entries()) {
      onTable(index, projectionTables.length);
      await to.query(`DELETE FROM ${getTableName(table)}`);
      await copyTable(from, to, getTableName(table), '');
    }
    await to.query(`DELETE FROM ${getTableName(assetSearch)}`);
    // What was wanted of documents is no part of the index, but it names them.
    for (const table of [manifests, runDocuments]) await copyTable(from, to, getTableName(table), 'ON CONFLICT DO NOTHING');
    await to.query('COMMIT');
    await from.query('COMMIT');
  } catch (error) {
    for (const client of [to, from]) await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    for (const client of [to, from]) client.release();
  }
}

async function copyTable(from: ClientBase, to: ClientBase, table: string, otherwise: string): Promise<void> {
  await from.query(`DECLARE copied NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS row FROM ${table} t`);
  for (;;) {
    const { rows } = await from.query<{ row: string }>(`FETCH ${pageRows} FROM copied`);
    if (rows.length > 0) await to.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) ${otherwise}`, [`[${rows.map(({ row }) => row).join()}]`]);
    if (rows.length < pageRows) break;
  }
  await from.query('CLOSE copied');
}
