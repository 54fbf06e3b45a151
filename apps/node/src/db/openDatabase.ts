import { mkdir } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { Pool, types } from 'pg';
import type { Log } from '../common/logger.ts';
import { createOrm } from './createOrm.ts';
import type { Orm } from './createOrm.ts';
import { migrate } from './migrate.ts';
import { openPglite } from './pglite/openPglite.ts';
import { traceQueries } from './traceQueries.ts';

export type { Orm } from './createOrm.ts';
/** What runs inside `orm.transaction`. */
export type Transaction = Parameters<Parameters<Orm['transaction']>[0]>[0];
/** What only reads: a database, or a transaction within it. */
export type Reader = { orm: Pick<Orm, 'execute'> };
/** The pool for plain SQL, drizzle over the same pool for typed rows. */
export type Database = {
  pool: Pool;
  orm: Orm;
  /** Connections that send statements without waiting for the answers to those before; see `writeInOrder`. */
  writer: Pool;
  /** Whether it is PGlite, which has one session and this process only. */
  embedded: boolean;
  close(): Promise<void>;
};

// drizzle asks pg's global table, not the pool's. Amounts and counts must never pass through a float.
types.setTypeParser(types.builtins.INT8, BigInt);
types.setTypeParser(types.builtins.NUMERIC, BigInt);

/**
 * Opens the node's database and brings its tables up to date.
 *
 * @param folder PGlite keeps its files here, in a thread of its own; in memory where absent.
 * @param image An image of PGlite's files (`dumpDataDir`) to begin with, in the place of an empty database.
 * @param url A PostgreSQL server, instead of PGlite.
 * @param schema Of the server: where the tables are, in the place of the usual ones. Made where it is missing.
 * @param migrating Which migrations run: all by default.
 * @param onDeath Called when the embedded database's thread ends by itself: nothing can go on without it.
 * @throws NeuroError UNREACHABLE where the server does not answer, INTERNAL where the folder cannot be used.
 */
export async function openDatabase(parameters: { folder?: string; image?: string; url?: string; schema?: string; migrating?: (name: string) => boolean; log: Log; onDeath?: (error: Error) => void }): Promise<Database> {
  const { folder, image, url, schema: own, migrating, log, onDeath } = parameters;
  const { pool, writer, close } = url === undefined ? await openEmbedded({ folder, image, log, onDeath }) : openServer(url, own);
  for (const connections of [pool, writer]) {
    traceQueries(connections);
    connections.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection broke'));
    // The pool listens to idle ones only; of one in use, between two statements, nobody would, and the process would end.
    connections.on('connect', (client) => client.on('error', (error) => log.debug({ error: error.message }, 'a database connection broke')));
  }
  try {
    if (own !== undefined) await pool.query(`CREATE SCHEMA IF NOT EXISTS ${own}`);
    const ran = await migrate(pool, migrating);
    if (ran.length > 0) log.info({ migrations: ran }, 'database migrated');
  } catch (cause) {
    await close();
    throw new NeuroError('The database could not be prepared.', { code: url === undefined ? 'INTERNAL' : 'UNREACHABLE', cause, details: String(cause), remedy: 'Check that the server answers and that its user may create tables.' });
  }
  return { pool, writer, orm: createOrm(pool), embedded: url === undefined, close: once(close) };
}

// pg knows `pipeline`, its types do not yet. Idle connections stay: they know their statements.
const asWriter = { max: 1, pipeline: true, idleTimeoutMillis: 0 } as const;

type Opened = { pool: Pool; writer: Pool; close: () => Promise<void> };

function openServer(url: string, own: string | undefined): Opened {
  const options = { connectionString: url, ...(own === undefined ? {} : { options: `-c search_path=${own},public` }), connectionTimeoutMillis: 10_000, application_name: 'neurodata' };
  const [pool, writer] = [new Pool({ ...options, max: 10 }), new Pool({ ...options, ...asWriter })];
  return { pool, writer, close: async () => void (await Promise.all([pool.end(), writer.end()])) };
}

async function openEmbedded(parameters: { folder: string | undefined; image: string | undefined; log: Log; onDeath: ((error: Error) => void) | undefined }): Promise<Opened> {
  const { folder, image, log, onDeath } = parameters;
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const pglite = await openPglite({
    folder: folder ?? 'memory://', image,
    onDeath: (error) => {
      log.fatal({ error: error.message }, 'the embedded database stopped');
      onDeath?.(error);
    },
  });
  const options = { user: 'postgres', database: 'postgres', stream: () => pglite.connect() };
  const [pool, writer] = [new Pool({ ...options, max: 8 }), new Pool({ ...options, ...asWriter })];
  const close = async (): Promise<void> => {
    await Promise.all([pool.end(), writer.end()]);
    await pglite.close();
  };
  return { pool, writer, close };
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => (closed ??= close());
}
