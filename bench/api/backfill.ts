import type { Figure } from '../api.ts';
import type { Database } from '../../apps/node/src/db/openDatabase.ts';
import { createLogger } from '../../apps/node/src/common/logger.ts';
import { openTestDatabase } from '../../apps/node/src/db/openTestDatabase.ts';
import { createIndexer } from '../../apps/node/src/indexer/createIndexer.ts';
import { generateChain } from '../../apps/node/src/indexer/testing/generateChain.ts';
import type { GeneratedChain } from '../../apps/node/src/indexer/testing/generateChain.ts';

export type Backfill = { events: number; seconds: number; eventsPerSecond: number };

/** Follows a chain from its first block until the rows stand at its head. */
export async function follow(chain: GeneratedChain, db: Database, extra: { maxBlocks?: number } = {}): Promise<{ stop(): Promise<void>; settled(): Promise<void> }> {
  const indexer = createIndexer({
    db, publicClient: chain.publicClient, deployment: chain.deployment, log: createLogger({ level: 'error' }), pollMs: 1, lagMs: 0, readDocument: () => Promise.reject(new Error('nobody has it')), onChange: () => undefined, ...extra,
  });
  await indexer.start();
  const settled = async (): Promise<void> => {
    for (const { hash } = chain.head(); ;) {
      const { rows } = await db.pool.query<{ hash: string }>('SELECT hash FROM cursor');
      if (rows[0]?.hash === hash) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return { stop: indexer.stop, settled };
}

/** How many events a second become rows, those that search reads included, when a node starts on a chain with a history. `server`: a PostgreSQL; embedded where absent. */
export async function measureBackfill(parameters: { events: number; server?: string | undefined; onGenerated?: (events: number) => void }): Promise<Backfill> {
  const { events, server, onGenerated } = parameters;
  const chain = generateChain({ seed: 11 });
  while (chain.countEvents() < events) chain.grow(50, 40);
  onGenerated?.(chain.countEvents());
  const db = await openTestDatabase(server);
  try {
    const started = performance.now();
    const following = await follow(chain, db);
    await following.settled();
    while (await isUnsearched(db)) await new Promise((resolve) => setTimeout(resolve, 10));
    const seconds = (performance.now() - started) / 1_000;
    await following.stop();
    return { events: chain.countEvents(), seconds, eventsPerSecond: Math.round(chain.countEvents() / seconds) };
  } finally {
    await db.close();
  }
}

/** Search's rows of what was far behind the head come last. */
async function isUnsearched(db: Database): Promise<boolean> {
  const { rows } = await db.pool.query<{ missing: boolean }>('SELECT EXISTS (SELECT 1 FROM assets a WHERE NOT EXISTS (SELECT 1 FROM asset_search s WHERE s.asset_id = a.asset_id)) AS missing');
  return rows[0]?.missing ?? true;
}

/** The same as a figure, on PostgreSQL where it is installed, else embedded. */
export async function backfillFigure(parameters: { events: number; server: string | undefined }): Promise<Figure> {
  const { events, seconds, eventsPerSecond } = await measureBackfill({ ...parameters, onGenerated: (made) => process.stderr.write(`a chain of ${made} events is made\n`) });
  const where = parameters.server === undefined ? 'PGlite' : 'PostgreSQL';
  return { lines: [`backfill on ${where}: ${events} events in ${seconds.toFixed(1)} s, ${eventsPerSecond} a second`], fields: { backfillEventsPerSecond: eventsPerSecond } };
}
